//! What two people may edit has a version, which is its `ETag`. A change may say which version it is a change
//! of (`If-Match`); it is refused if somebody else was faster. Asked and counted in the transaction that
//! changes the thing, so of two who change the same version exactly one succeeds.

use crate::db::{Connection, now, schema::versions};
use crate::error::{Error, Result, is_unique_violation};
use actix_web::body::BoxBody;
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::http::header::{ETAG, IF_MATCH};
use actix_web::{FromRequest, HttpRequest, HttpResponse, Responder};
use atelier_api::problem::Changed;
use atelier_api::role::Object;
use atelier_api::version::{Versioned, etag};
use diesel::prelude::*;
use serde::Serialize;
use std::collections::HashMap;
use std::future::{Ready, ready};
use utoipa::openapi::Required;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};

/// The version of what nobody has changed since it was made.
const FIRST: i64 = 1;

/// The versions that a change is a change of; without the header, of whichever there is.
#[derive(Clone, Debug, Default)]
pub struct IfMatch(Option<Vec<String>>);

impl FromRequest for IfMatch {
    type Error = Error;
    type Future = Ready<Result<IfMatch>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let given: Vec<&[u8]> = request.headers().get_all(IF_MATCH).map(|value| value.as_bytes()).collect();
        ready(IfMatch::parse(&given))
    }
}

impl IfMatch {
    fn parse(given: &[&[u8]]) -> Result<IfMatch> {
        let wrong = || {
            let detail = "If-Match must be `*` or the ETags that you read, each in quotes.";
            Error::bad_request("if-match", detail)
        };
        let mut tags = Vec::new();
        for value in given {
            let value = std::str::from_utf8(value).map_err(|_| wrong())?;
            if value.trim() == "*" {
                return Ok(IfMatch(None));
            }
            tags.extend(listed(value).ok_or_else(wrong)?);
        }
        Ok(IfMatch((!given.is_empty()).then_some(tags)))
    }

    fn matches(&self, version: i64) -> bool {
        self.0.as_ref().is_none_or(|tags| tags.contains(&etag(version)))
    }

    /// Counts a change of a thing, before it is made, in the same transaction.
    ///
    /// # Errors
    /// 412 if the thing is no longer, or not yet, of a version that the caller speaks of.
    pub fn change(&self, connection: &mut Connection, object: Object, id: &str, who: &str) -> Result<i64> {
        use crate::db::schema::users;
        let this = versions::table.find((object.as_str(), id));
        // Whoever else changes it waits here until this transaction has ended.
        let known = diesel::update(this).set(versions::version.eq(versions::version)).execute(connection)?;
        if known == 0 {
            if !self.matches(FIRST) {
                return Err(Error::changed(None));
            }
            return first_change(connection, object, id, who);
        }
        let (version, at, by): (i64, i64, String) = versions::table
            .inner_join(users::table)
            .filter(versions::object.eq(object.as_str()))
            .filter(versions::object_id.eq(id))
            .select((versions::version, versions::changed_at, users::name))
            .first(connection)?;
        if !self.matches(version) {
            return Err(Error::changed(Some(Changed { by, at })));
        }
        diesel::update(this)
            .set((
                versions::version.eq(version + 1),
                versions::changed_by.eq(who),
                versions::changed_at.eq(now()),
            ))
            .execute(connection)?;
        Ok(version + 1)
    }
}

/// The ETags of a line. There may be commas within one. Weak ones are kept too: they never equal a strong one.
fn listed(line: &str) -> Option<Vec<String>> {
    let mut tags = Vec::new();
    let mut rest = line.trim();
    loop {
        let opaque = rest.strip_prefix("W/").unwrap_or(rest).strip_prefix('"')?;
        let after = &opaque[opaque.find('"')? + 1..];
        tags.push(rest[..rest.len() - after.len()].to_owned());
        match after.trim_start().strip_prefix(',') {
            Some(others) => rest = others.trim_start(),
            None => return after.trim_start().is_empty().then_some(tags),
        }
    }
}

fn first_change(connection: &mut Connection, object: Object, id: &str, who: &str) -> Result<i64> {
    diesel::insert_into(versions::table)
        .values((
            versions::object.eq(object.as_str()),
            versions::object_id.eq(id),
            versions::version.eq(FIRST + 1),
            versions::changed_by.eq(who),
            versions::changed_at.eq(now()),
        ))
        .execute(connection)
        .map_err(|error| match is_unique_violation(&error) {
            // Somebody else made the first change at the same moment; the transaction begins anew.
            true => Error::collision(error),
            false => error.into(),
        })?;
    Ok(FIRST + 1)
}

/// The versions of some things of one kind.
pub struct Versions(HashMap<String, i64>);

impl Versions {
    pub fn load<I>(connection: &mut Connection, object: Object, ids: I) -> Result<Versions>
    where
        I: IntoIterator<Item: Into<String>>,
    {
        let ids: Vec<String> = ids.into_iter().map(Into::into).collect();
        let rows: Vec<(String, i64)> = versions::table
            .filter(versions::object.eq(object.as_str()))
            .filter(versions::object_id.eq_any(ids))
            .select((versions::object_id, versions::version))
            .load(connection)?;
        Ok(Versions(rows.into_iter().collect()))
    }

    pub fn of(&self, id: &str) -> i64 {
        self.0.get(id).copied().unwrap_or(FIRST)
    }
}

/// The version of one thing.
pub fn version(connection: &mut Connection, object: Object, id: &str) -> Result<i64> {
    Ok(Versions::load(connection, object, [id])?.of(id))
}

/// An answer: a thing as JSON, with its version as `ETag`.
pub struct Tagged<T> {
    status: StatusCode,
    thing: T,
}

impl<T> Tagged<T> {
    pub fn ok(thing: T) -> Tagged<T> {
        Tagged { status: StatusCode::OK, thing }
    }

    pub fn created(thing: T) -> Tagged<T> {
        Tagged { status: StatusCode::CREATED, thing }
    }
}

impl<T: Serialize + Versioned> Responder for Tagged<T> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::build(self.status);
        response.insert_header((ETAG, etag(self.thing.version()))).json(self.thing)
    }
}

impl utoipa::IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let about = "The ETag of what is changed, as it was read. If it has changed since, nothing is done \
                     and the answer is 412. Without it, whatever is there is changed.";
        let text = ObjectBuilder::new().schema_type(Type::String);
        let header = ParameterBuilder::new()
            .name("If-Match")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(about))
            .schema(Some(text));
        vec![header.build()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::testing::person;
    use crate::db::testing::both;

    fn given(values: &[&str]) -> Result<IfMatch> {
        IfMatch::parse(&values.iter().map(|value| value.as_bytes()).collect::<Vec<_>>())
    }

    #[test]
    fn strong_tags_match_and_nothing_else_does() {
        for (values, version, expected) in [
            (&[][..], 7, true),
            (&["*"], 7, true),
            (&["\"7\""], 7, true),
            (&["\"6\", \"7\""], 7, true),
            (&["\"6\"", "\"7\""], 7, true),
            (&["\"6\""], 7, false),
            (&["\"77\""], 7, false),
            (&["W/\"7\""], 7, false),
            (&["\"of another server\""], 7, false),
            (&["\"6,7\""], 7, false),
            (&["W/\"a, b\" ,\"7\""], 7, true),
        ] {
            assert_eq!(given(values).unwrap().matches(version), expected, "{values:?}");
        }
        for wrong in ["", "7", "\"7", "'7'", "\"", "\"6\",", "W/7"] {
            assert_eq!(given(&[wrong]).unwrap_err().problem().status, 400, "{wrong}");
        }
    }

    #[actix_web::test]
    async fn of_many_who_change_the_same_version_one_succeeds() {
        for test in both() {
            let ada = test.db.write(|connection| person(connection, "ada@x.org", false)).await.unwrap().id;
            for round in FIRST..4 {
                let seen = given(&[&etag(round)]).unwrap();
                let tries = (0..8).map(|n| {
                    let (seen, ada) = (seen.clone(), ada.clone());
                    let change = move |connection: &mut Connection| {
                        seen.change(connection, Object::Project, "p", &ada)
                    };
                    let db = test.db.clone();
                    async move { if n % 2 == 0 { db.write(change).await } else { db.admit(change).await } }
                });
                let outcomes = futures::future::join_all(tries).await;
                let (won, lost): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
                assert_eq!(won.len(), 1, "round {round}: {lost:?}");
                assert_eq!(won.into_iter().map(Result::unwrap).collect::<Vec<_>>(), [round + 1]);
                for error in lost.into_iter().filter_map(Result::err) {
                    let problem = error.problem();
                    assert_eq!((problem.status, problem.code.as_str()), (412, "changed-meanwhile"));
                    let by = problem.changed.as_ref().map(|changed| changed.by.clone());
                    assert!(by.is_some_and(|by| !by.is_empty()));
                }
            }
            let any = given(&[]).unwrap();
            let next = move |connection: &mut Connection| any.change(connection, Object::Project, "p", &ada);
            assert_eq!(test.db.write(next).await.unwrap(), 5);
            let other = test.db.read(|connection| version(connection, Object::Tier, "p")).await.unwrap();
            assert_eq!(other, FIRST, "of another kind");
        }
    }
}
