//! People's accounts: set-up, sign-in, profile, one-time links.

pub mod last_seen;
mod links;
mod me;
pub mod password;
pub mod set_up;
mod sign_in;
mod sign_ins;
pub mod tries;
mod users;

use crate::access::Routes;

pub fn routes(routes: &mut Routes) {
    set_up::routes(routes);
    sign_in::routes(routes);
    me::routes(routes);
}
