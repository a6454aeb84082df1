//! Rows of tags: names that point to versions and can be moved.

use super::{Holder, VersionRow, Which, version};
use crate::db::{Connection, now, schema::data_tags as tags};
use crate::error::{Error, Result, is_unique_violation};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use atelier_api::validate;
use diesel::prelude::*;
use std::future::{Ready, ready};

/// As many as one thing can have.
const MOST: i64 = 100;

/// The path's `{tag}`, fit to be one.
pub struct Tag(pub String);

impl FromRequest for Tag {
    type Error = Error;
    type Future = Ready<Result<Tag>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let word = request.match_info().get("tag").unwrap_or_default();
        let valid = validate::tag(word, &()).map_err(|why| Error::invalid_field("tag", why.to_string()));
        ready(valid.map(|()| Tag(word.to_owned())))
    }
}

/// Points a tag to a version, from wherever it points. Call it in `Db::admit`, so that the version does not go
/// into the trash at the same moment.
///
/// # Errors
/// If there is no such version, it is in the trash, or there are too many tags.
pub fn set(
    connection: &mut Connection,
    holder: &Holder,
    tag: &Tag,
    number: i64,
    who: &str,
) -> Result<VersionRow> {
    let row = version(connection, holder, &Which::Number(number)).map_err(|error| match error.problem() {
        problem if problem.status == 404 => {
            Error::invalid_field("number", "is not of a version that is here")
        }
        _ => error,
    })?;
    if row.trashed_at.is_some() {
        let detail = format!("Version {number} is in the trash. Take it out first, then tag it.");
        return Err(Error::conflict("version-in-trash", detail));
    }
    let this = tags::table.find((holder.object().as_str(), holder.id(), &tag.0));
    let change = (tags::number.eq(number), tags::set_by.eq(who), tags::set_at.eq(now()));
    if diesel::update(this).set(change).execute(connection)? > 0 {
        return Ok(row);
    }
    let all = tags::table
        .filter(tags::object.eq(holder.object().as_str()))
        .filter(tags::object_id.eq(holder.id()))
        .count();
    if all.get_result::<i64>(connection)? >= MOST {
        let detail = format!("There are {MOST} tags already. Remove one that nobody needs.");
        return Err(Error::conflict("too-many-tags", detail));
    }
    diesel::insert_into(tags::table)
        .values((
            tags::object.eq(holder.object().as_str()),
            tags::object_id.eq(holder.id()),
            tags::tag.eq(&tag.0),
            change,
        ))
        .execute(connection)
        .map_err(|error| match is_unique_violation(&error) {
            true => Error::collision(error),
            false => error.into(),
        })?;
    Ok(row)
}

/// Takes a tag away; the version that it points to stays.
///
/// # Errors
/// If there is none of this name.
pub fn delete(connection: &mut Connection, holder: &Holder, tag: &Tag) -> Result<()> {
    let this = tags::table.find((holder.object().as_str(), holder.id(), &tag.0));
    match diesel::delete(this).execute(connection)? {
        0 => Err(Error::not_found()),
        _ => Ok(()),
    }
}
