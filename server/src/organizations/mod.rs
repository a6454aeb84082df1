//! Organizations, the tenants, their people and the invitations to them.

mod invitations;
mod part;
mod people;
mod resource;
mod routes;
mod store;

pub(crate) use invitations::lets_in;
pub use part::{Kind, Part};
pub use resource::Organization;
pub(crate) use resource::{administrators, membership};
pub(crate) use store::insert;

use crate::access::Routes;

pub fn routes(routes: &mut Routes) {
    routes::routes(routes);
    people::routes(routes);
    invitations::routes(routes);
}
