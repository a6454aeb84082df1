//! People for tests.

use super::users::{self, NewUser};
use crate::access::User;
use crate::db::Connection;
use crate::error::Result;
use atelier_api::account::Language;

/// An account that nobody can sign in to.
pub fn person(connection: &mut Connection, email: &str, operator: bool) -> Result<User> {
    let name = email.split('@').next().unwrap_or_default().to_owned();
    let language = Language::English;
    users::insert(
        connection,
        &NewUser { email: email.to_owned(), name, password_hash: String::new(), language, operator },
    )
}
