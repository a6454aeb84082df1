//! Invitations: links that let people into an organization.

mod accept;
mod join;
mod resource;
mod routes;
mod store;

pub(crate) use join::lets_in;

use crate::access::Routes;

pub(super) fn routes(routes: &mut Routes) {
    routes::routes(routes);
    accept::routes(routes);
}
