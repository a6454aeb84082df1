//! What words for versions mean at this moment, of several things of one type at once.

use super::rows::{VersionRow, summaries};
use super::{Which, rows};
use crate::db::{Connection, schema};
use crate::error::Result;
use atelier_api::role::Object;
use diesel::prelude::*;
use std::collections::HashMap;

/// The versions that are meant, by the id of what they are versions of, each of which is asked for once. What is in
/// the trash is not given. The caller has asked whether the person may read them; five queries at most.
pub fn meant(
    connection: &mut Connection,
    object: Object,
    asked: &[(String, Which)],
) -> Result<HashMap<String, VersionRow>> {
    let mut numbers = Vec::new();
    let (mut newest, mut tagged) = (Vec::new(), HashMap::new());
    for (id, which) in asked {
        match which {
            Which::Number(number) => numbers.push((id.clone(), *number)),
            Which::Latest => newest.push(id.as_str()),
            Which::Tag(tag) => drop(tagged.insert(id.as_str(), tag.as_str())),
        }
    }
    numbers.extend(numbers_of_tags(connection, object, &tagged)?);
    let mut found: HashMap<String, VersionRow> = rows::alive(connection, object, &numbers)?
        .into_iter()
        .map(|row| (row.object_id.clone(), row))
        .collect();
    if !newest.is_empty() {
        let newest = summaries(connection, object, &newest)?;
        found.extend(newest.into_iter().filter_map(|(id, summary)| Some((id, summary.latest?))));
    }
    Ok(found)
}

fn numbers_of_tags(
    connection: &mut Connection,
    object: Object,
    tagged: &HashMap<&str, &str>,
) -> Result<Vec<(String, i64)>> {
    use schema::data_tags as tags;
    if tagged.is_empty() {
        return Ok(Vec::new());
    }
    let all: Vec<(String, String, i64)> = tags::table
        .filter(tags::object.eq(object.as_str()))
        .filter(tags::object_id.eq_any(tagged.keys()))
        .filter(tags::tag.eq_any(tagged.values()))
        .select((tags::object_id, tags::tag, tags::number))
        .load(connection)?;
    let meant = all.into_iter().filter(|(id, tag, _)| tagged.get(id.as_str()) == Some(&tag.as_str()));
    Ok(meant.map(|(id, _, number)| (id, number)).collect())
}
