//! Rows of one-time links: each works once, for a day. Only hashes of their tokens are kept.

use crate::access::{hash_token, new_token};
use crate::db::{Connection, new_id, now, schema};
use crate::error::Result;
use diesel::prelude::*;

/// What a link is for.
pub const SET_UP: &str = "set-up";
pub const PASSWORD_RESET: &str = "password-reset";

const LASTS_MS: i64 = 24 * 3_600_000;

/// A link that still works.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = schema::one_time_links)]
pub struct Link {
    id: String,
    /// Whom it is about.
    pub user_id: Option<String>,
    pub expires_at: i64,
}

/// Makes a link and ends older ones for the same. Returns its token and when it expires.
pub fn create(connection: &mut Connection, purpose: &str, user_id: Option<&str>) -> Result<(String, i64)> {
    use schema::one_time_links as links;
    void(connection, purpose, user_id)?;
    let (token, now) = (new_token(), now());
    diesel::insert_into(links::table)
        .values((
            links::id.eq(new_id()),
            links::purpose.eq(purpose),
            links::token_hash.eq(hash_token(&token)),
            links::user_id.eq(user_id),
            links::created_at.eq(now),
            links::expires_at.eq(now + LASTS_MS),
        ))
        .execute(connection)?;
    Ok((token, now + LASTS_MS))
}

/// Ends the links for a purpose, and a person if it is about one.
pub fn void(connection: &mut Connection, purpose: &str, user_id: Option<&str>) -> Result<()> {
    use schema::one_time_links as links;
    let open = links::table.filter(links::purpose.eq(purpose)).filter(links::used_at.is_null());
    let used = links::used_at.eq(now());
    match user_id {
        Some(user_id) => {
            diesel::update(open.filter(links::user_id.eq(user_id))).set(used).execute(connection)
        }
        None => diesel::update(open).set(used).execute(connection),
    }?;
    Ok(())
}

/// The link of this token, if it still works.
pub fn find(connection: &mut Connection, purpose: &str, token: &str) -> Result<Option<Link>> {
    use schema::one_time_links as links;
    Ok(links::table
        .filter(links::purpose.eq(purpose))
        .filter(links::token_hash.eq(hash_token(token)))
        .filter(links::used_at.is_null())
        .filter(links::expires_at.gt(now()))
        .select(Link::as_select())
        .first(connection)
        .optional()?)
}

/// As [`find`], and it never works again. Call it in `Db::admit`.
pub fn consume(connection: &mut Connection, purpose: &str, token: &str) -> Result<Option<Link>> {
    use schema::one_time_links as links;
    let Some(link) = find(connection, purpose, token)? else { return Ok(None) };
    let unused = links::table.find(&link.id).filter(links::used_at.is_null());
    let used = diesel::update(unused).set(links::used_at.eq(now())).execute(connection)?;
    Ok((used == 1).then_some(link))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::testing::both;

    #[actix_web::test]
    async fn a_link_works_once_however_many_try() {
        for database in both() {
            let db = &database.db;
            let (token, _) = db.write(|connection| create(connection, SET_UP, None)).await.unwrap();
            let tries = (0..8).map(|_| {
                let token = token.clone();
                db.admit(move |connection| consume(connection, SET_UP, &token))
            });
            let outcomes = futures::future::join_all(tries).await;
            let won = outcomes.into_iter().filter(|outcome| matches!(outcome, Ok(Some(_)))).count();
            assert_eq!(won, 1);
        }
    }

    #[actix_web::test]
    async fn old_foreign_and_expired_links_do_not_work() {
        for database in both() {
            let change = database.db.write(|connection| {
                use schema::one_time_links as links;
                let (first, _) = create(connection, SET_UP, None)?;
                let (second, _) = create(connection, SET_UP, None)?;
                assert!(find(connection, SET_UP, &first)?.is_none(), "a newer one was made");
                assert!(find(connection, PASSWORD_RESET, &second)?.is_none(), "for something else");
                assert!(find(connection, SET_UP, "another")?.is_none());
                assert!(find(connection, SET_UP, &second)?.is_some());
                diesel::update(links::table).set(links::expires_at.eq(now())).execute(connection)?;
                assert!(find(connection, SET_UP, &second)?.is_none(), "expired");
                Ok(())
            });
            change.await.unwrap();
        }
    }
}
