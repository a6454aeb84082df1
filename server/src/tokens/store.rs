//! Rows of access tokens. Only hashes of their texts are kept.
//!
//! One that nobody revoked before it expired has `revoked_at = expires_at` once that was noticed
//! (`accounts::expired`), and stays listed, so that its person sees why a program is refused.

use crate::access::{SignedIn, hash_token, new_access_token};
use crate::db::{Connection, new_id, now, schema};
use crate::error::{Error, Result};
use atelier_api::token::{AccessToken, CreateToken, CreatedToken};
use diesel::prelude::*;

/// Tokens of one person that are valid at once.
const LIVE_MAX: i64 = 50;
const DAY_MS: i64 = 86_400_000;

#[derive(Queryable, Selectable)]
#[diesel(table_name = schema::access_tokens)]
struct Row {
    id: String,
    name: String,
    scope: String,
    created_at: i64,
    expires_at: i64,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

pub(super) fn list(connection: &mut Connection, signed_in: &SignedIn) -> Result<Vec<AccessToken>> {
    list_of(connection, &signed_in.caller().user.id)
}

/// Call it in `Db::admit`.
///
/// # Errors
/// If the person has as many as one may have.
pub(super) fn create(
    connection: &mut Connection,
    signed_in: &SignedIn,
    new: &CreateToken,
) -> Result<CreatedToken> {
    create_for(connection, &signed_in.caller().user.id, new)
}

/// Tells whether there was one to revoke.
pub(super) fn revoke(connection: &mut Connection, signed_in: &SignedIn, id: &str) -> Result<bool> {
    revoke_of(connection, &signed_in.caller().user.id, id)
}

/// Revokes all of a person's tokens, for whoever takes away what could open the account.
pub(crate) fn revoke_all(connection: &mut Connection, user_id: &str) -> Result<()> {
    use schema::access_tokens as tokens;
    let open = tokens::table.filter(tokens::user_id.eq(user_id)).filter(tokens::revoked_at.is_null());
    diesel::update(open).set(tokens::revoked_at.eq(now())).execute(connection)?;
    Ok(())
}

fn list_of(connection: &mut Connection, user_id: &str) -> Result<Vec<AccessToken>> {
    use schema::access_tokens as tokens;
    let unrevoked = tokens::revoked_at.is_null().or(tokens::revoked_at.eq(tokens::expires_at.nullable()));
    let rows: Vec<Row> = tokens::table
        .filter(tokens::user_id.eq(user_id))
        .filter(unrevoked)
        .order((tokens::created_at.desc(), tokens::id.desc()))
        .select(Row::as_select())
        .load(connection)?;
    let now = now();
    Ok(rows.into_iter().filter_map(|row| row.into_api(now)).collect())
}

fn create_for(connection: &mut Connection, user_id: &str, new: &CreateToken) -> Result<CreatedToken> {
    use schema::access_tokens as tokens;
    let now = now();
    let theirs = tokens::table.filter(tokens::user_id.eq(user_id));
    let live = theirs.filter(tokens::revoked_at.is_null()).filter(tokens::expires_at.gt(now));
    if live.count().get_result::<i64>(connection)? >= LIVE_MAX {
        let detail = format!("You have {LIVE_MAX} access tokens. Revoke one that is not needed any more.");
        return Err(Error::conflict("too-many-tokens", detail));
    }
    // Of what is over and revoked nobody asks any more.
    let over = theirs
        .filter(tokens::expires_at.le(now))
        .filter(tokens::revoked_at.is_not_null())
        .filter(tokens::revoked_at.ne(tokens::expires_at.nullable()));
    diesel::delete(over).execute(connection)?;
    let text = new_access_token();
    let token = AccessToken {
        id: new_id(),
        name: new.name.trim().to_owned(),
        scope: new.scope,
        created_at: now,
        expires_at: now + new.days * DAY_MS,
        expired: false,
        last_used_at: None,
    };
    diesel::insert_into(tokens::table)
        .values((
            tokens::id.eq(&token.id),
            tokens::user_id.eq(user_id),
            tokens::name.eq(&token.name),
            tokens::token_hash.eq(hash_token(&text)),
            tokens::scope.eq(token.scope.as_str()),
            tokens::created_at.eq(token.created_at),
            tokens::expires_at.eq(token.expires_at),
        ))
        .execute(connection)?;
    Ok(CreatedToken { token, text })
}

fn revoke_of(connection: &mut Connection, user_id: &str, id: &str) -> Result<bool> {
    use schema::access_tokens as tokens;
    let one = tokens::table.find(id).filter(tokens::user_id.eq(user_id));
    let listed = tokens::revoked_at.is_null().or(tokens::revoked_at.eq(tokens::expires_at.nullable()));
    Ok(diesel::update(one.filter(listed)).set(tokens::revoked_at.eq(now())).execute(connection)? > 0)
}

impl Row {
    /// `None` if its scope is a word that we did not write.
    fn into_api(self, now: i64) -> Option<AccessToken> {
        Some(AccessToken {
            scope: self.scope.parse().ok()?,
            id: self.id,
            name: self.name,
            created_at: self.created_at,
            expires_at: self.expires_at,
            expired: self.revoked_at.is_some() || self.expires_at <= now,
            last_used_at: self.last_used_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::testing::person;
    use crate::db::testing::both;
    use atelier_api::token::TokenScope;

    fn new() -> CreateToken {
        CreateToken { name: " Nightly export ".to_owned(), scope: TokenScope::Read, days: 30 }
    }

    #[actix_web::test]
    async fn a_person_has_no_more_than_fifty_and_sees_only_his_or_her_own() {
        for database in both() {
            let change = database.db.write(|connection| {
                use schema::access_tokens as tokens;
                let ada = person(connection, "ada@example.org", false)?.id;
                let bob = person(connection, "bob@example.org", false)?.id;
                let first = create_for(connection, &ada, &new())?;
                assert_eq!(first.token.name, "Nightly export");
                assert_eq!(first.token.expires_at, first.token.created_at + 30 * DAY_MS);
                for _ in 1..LIVE_MAX {
                    create_for(connection, &ada, &new())?;
                }
                let error = create_for(connection, &ada, &new()).unwrap_err();
                assert_eq!(error.problem().code, "too-many-tokens");
                create_for(connection, &bob, &new())?;
                assert!(!revoke_of(connection, &bob, &first.token.id)?, "another's");
                assert!(revoke_of(connection, &ada, &first.token.id)?);
                assert!(!revoke_of(connection, &ada, &first.token.id)?, "revoked already");
                create_for(connection, &ada, &new())?;
                assert_eq!(list_of(connection, &ada)?.len(), 50);
                // What has expired makes room too, and can be taken off the list.
                let all = tokens::table.filter(tokens::user_id.eq(&ada));
                diesel::update(all).set(tokens::expires_at.eq(now() - DAY_MS)).execute(connection)?;
                let last = create_for(connection, &ada, &new())?;
                let listed = list_of(connection, &ada)?;
                assert_eq!((listed.len(), listed.iter().filter(|token| token.expired).count()), (51, 50));
                for token in listed.iter().filter(|token| token.expired) {
                    assert!(revoke_of(connection, &ada, &token.id)?);
                }
                assert_eq!(list_of(connection, &ada)?, [last.token]);
                revoke_all(connection, &ada)?;
                assert_eq!(list_of(connection, &ada)?, []);
                assert_eq!(list_of(connection, &bob)?.len(), 1);
                Ok(())
            });
            change.await.unwrap();
        }
    }
}
