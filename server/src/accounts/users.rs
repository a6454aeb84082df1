//! Rows of people's accounts.

use crate::access::User;
use crate::db::{Connection, new_id, now, schema};
use crate::error::{Error, Result, is_unique_violation};
use crate::organizations;
use atelier_api::account::{Language, Theme};
use diesel::prelude::*;

/// An account to be made.
#[derive(Clone)]
pub struct NewUser {
    pub email: String,
    pub name: String,
    pub password_hash: String,
    pub language: Language,
    /// Runs the installation.
    pub operator: bool,
}

/// What addresses are compared by.
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// # Errors
/// If the address has an account.
pub fn insert(connection: &mut Connection, new: &NewUser) -> Result<User> {
    use schema::users;
    let id = new_id();
    diesel::insert_into(users::table)
        .values((
            users::id.eq(&id),
            users::email.eq(new.email.trim()),
            users::email_key.eq(email_key(&new.email)),
            users::name.eq(new.name.trim()),
            users::password_hash.eq(&new.password_hash),
            users::language.eq(new.language.as_str()),
            users::theme.eq(Theme::System.as_str()),
            users::operator.eq(new.operator),
            users::created_at.eq(now()),
        ))
        .execute(connection)
        .map_err(|error| match is_unique_violation(&error) {
            true => account_exists(),
            false => error.into(),
        })?;
    Ok(users::table.find(&id).select(User::as_select()).first(connection)?)
}

/// # Errors
/// If the address has an account.
pub fn has_none(connection: &mut Connection, email: &str) -> Result<()> {
    id_of(connection, &email_key(email))?.map_or(Ok(()), |_| Err(account_exists()))
}

/// Whose address it is.
pub fn id_of(connection: &mut Connection, email_key: &str) -> Result<Option<String>> {
    use schema::users;
    Ok(users::table.filter(users::email_key.eq(email_key)).select(users::id).first(connection).optional()?)
}

fn account_exists() -> Error {
    Error::conflict(
        "account-exists",
        "This address has an account already. Sign in first, then open the link again.",
    )
}

/// The account of an address and its password's hash, if its person may sign in: for who is shut out, only an
/// invitation's token opens.
pub fn for_sign_in(
    connection: &mut Connection,
    email_key: &str,
    invitation: Option<&str>,
) -> Result<Option<(User, String)>> {
    use schema::users;
    let found: Option<(User, String)> = users::table
        .filter(users::email_key.eq(email_key))
        .select((User::as_select(), users::password_hash))
        .first(connection)
        .optional()?;
    let Some((user, hash)) = found else { return Ok(None) };
    let open = match invitation {
        Some(token) if is_shut(connection, &user)? => organizations::lets_in(connection, token, &user)?,
        Some(_) => true,
        None => !is_shut(connection, &user)?,
    };
    Ok(open.then_some((user, hash)))
}

/// Whether every organization of a person has disabled him or her. Who belongs to none may still sign in,
/// to accept an invitation; and no organization shuts out who runs the installation.
pub fn is_shut(connection: &mut Connection, user: &User) -> Result<bool> {
    use schema::organization_members as members;
    let disabled: Vec<Option<i64>> =
        members::table.filter(members::user_id.eq(&user.id)).select(members::disabled_at).load(connection)?;
    Ok(!user.operator && !disabled.is_empty() && disabled.iter().all(Option::is_some))
}

pub fn by_id(connection: &mut Connection, id: &str) -> Result<User> {
    Ok(schema::users::table.find(id).select(User::as_select()).first(connection)?)
}

pub fn password_hash(connection: &mut Connection, id: &str) -> Result<String> {
    use schema::users;
    Ok(users::table.find(id).select(users::password_hash).first(connection)?)
}

pub fn set_password_hash(connection: &mut Connection, id: &str, hash: &str) -> Result<()> {
    use schema::users;
    diesel::update(users::table.find(id)).set(users::password_hash.eq(hash)).execute(connection)?;
    Ok(())
}

/// Whether nobody has an account yet.
pub fn none(connection: &mut Connection) -> Result<bool> {
    use schema::users;
    Ok(users::table.select(users::id).first::<String>(connection).optional()?.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::testing::person;
    use crate::db::testing::both;

    #[actix_web::test]
    async fn who_is_disabled_everywhere_is_shut_out_and_nobody_else() {
        for database in both() {
            let change = database.db.write(|connection| {
                use schema::organization_members as members;
                let ada = person(connection, "ada@example.org", false)?;
                let root = person(connection, "root@example.org", true)?;
                assert!(!is_shut(connection, &ada)?, "belongs nowhere yet");
                let acme = organizations::insert(connection, "Acme", &ada.id)?;
                organizations::insert(connection, "Beta", &ada.id)?;
                organizations::insert(connection, "Root", &root.id)?;
                let disabled = members::disabled_at.eq(now());
                diesel::update(members::table.find((&acme.id, &ada.id))).set(disabled).execute(connection)?;
                assert!(!is_shut(connection, &ada)?, "another organization is open");
                diesel::update(members::table).set(disabled).execute(connection)?;
                assert!(is_shut(connection, &ada)?);
                assert!(for_sign_in(connection, "ada@example.org", Some("no invitation"))?.is_none());
                assert!(!is_shut(connection, &root)?, "runs the installation");
                Ok(())
            });
            change.await.unwrap();
        }
    }

    #[actix_web::test]
    async fn an_address_has_one_account_however_it_is_written() {
        for database in both() {
            let change = database.db.write(|connection| {
                person(connection, "Ada@Example.org", false)?;
                let error = has_none(connection, " ada@example.ORG ").unwrap_err();
                assert_eq!(error.problem().code, "account-exists");
                has_none(connection, "bob@example.org")
            });
            change.await.unwrap();
            let again =
                database.db.write(|connection| person(connection, "ADA@example.org", false).map(drop)).await;
            assert_eq!(again.unwrap_err().problem().code, "account-exists");
        }
    }
}
