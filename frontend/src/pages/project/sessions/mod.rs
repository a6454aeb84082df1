//! The sessions of a project.

mod data;
mod facts;
mod list;
mod log;
mod page;
mod saving;
mod start;
mod steps;

pub(crate) use list::Sessions;
pub(crate) use page::SessionPage;
pub(crate) use start::StartPage;
