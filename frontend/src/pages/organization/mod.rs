//! The pages of an organization for everybody in it.

mod create_project;
mod frame;
mod my_cost;
pub(crate) mod navigation;
mod projects;

pub(crate) use frame::{OrganizationArea, OrganizationFrame};
pub(crate) use my_cost::MyCost;
pub(crate) use projects::Projects;
