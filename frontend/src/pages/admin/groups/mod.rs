//! Groups of people, who are given roles and sizes together.

mod edit;
mod list;
mod page;
mod people;

pub(crate) use list::Groups;
pub(crate) use page::GroupPage;
