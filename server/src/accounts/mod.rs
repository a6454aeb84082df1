//! People's accounts: set-up, sign-in, profile, one-time links.

pub mod admin;
pub mod expired;
pub mod last_seen;
pub mod links;
pub mod me;
pub mod password;
mod password_reset;
pub mod set_up;
mod sign_in;
pub mod sign_ins;
#[cfg(test)]
pub mod testing;
pub mod tries;
pub mod users;

use crate::access::Routes;

pub fn routes(routes: &mut Routes) {
    set_up::routes(routes);
    sign_in::routes(routes);
    me::routes(routes);
    password_reset::routes(routes);
}
