//! What the trash forgets, on both databases.

use super::removal::remove;
use super::table::Table;
use crate::data::{self, Tag};
use crate::datasets::Datasets;
use crate::db::testing::{both, surroundings};
use crate::db::{Connection, schema};
use crate::error::Result;
use atelier_api::data::DataOrigin;
use atelier_api::role::Object;
use diesel::prelude::*;

fn dataset(connection: &mut Connection, id: &str, trashed_at: Option<i64>) -> Result<data::Holder> {
    use schema::datasets as d;
    diesel::insert_into(d::table)
        .values((
            (d::id.eq(id), d::project_id.eq("p"), d::slug.eq(format!("{id}-word")), d::name.eq(id)),
            (d::description.eq(""), d::created_by.eq("u"), d::created_at.eq(0), d::trashed_at.eq(trashed_at)),
        ))
        .execute(connection)?;
    let holder = data::Holder::in_test("p", Object::Dataset, id);
    let author = data::Author { user_id: "u".to_owned(), workload_id: None };
    let new = data::NewVersion {
        parent: None,
        restored: None,
        root: "root",
        message: "",
        author: &author,
        origin: DataOrigin::Upload,
        files: 1,
        bytes: 1,
        stored_bytes: 1,
        at: 0,
    };
    data::insert_version(connection, &holder, &new)?;
    data::set_tag(connection, &holder, &Tag("production".to_owned()), 1, "u")?;
    Ok(holder)
}

fn ids(due: Vec<(String, String)>) -> Vec<String> {
    let mut ids: Vec<String> = due.into_iter().map(|(id, _)| id).collect();
    ids.sort();
    ids
}

#[actix_web::test]
async fn datasets_go_when_their_time_in_the_trash_is_over_and_their_words_become_free() {
    use schema::datasets as d;
    for test in both() {
        test.db
            .write(|connection| {
                surroundings(connection)?;
                dataset(connection, "used", None)?;
                let old = dataset(connection, "old", Some(100))?;
                dataset(connection, "young", Some(200))?;
                assert_eq!(ids(d::table::due(connection, 99)?), [""; 0]);
                assert_eq!(ids(d::table::due(connection, 100)?), ["old"]);
                remove::<Datasets>(connection, "young", 100)?;
                remove::<Datasets>(connection, "old", 100)?;
                assert_eq!(ids(d::table::due(connection, 100)?), [""; 0]);
                assert_eq!(data::latest(connection, &old)?, None);
                let rows: Vec<(String, String, bool)> = d::table
                    .order(d::id)
                    .select((d::id, d::slug, d::removed_at.is_not_null()))
                    .load(connection)?;
                let row = |id: &str, slug: &str, gone| (id.to_owned(), slug.to_owned(), gone);
                let expected = [
                    row("old", "old-word~old", true),
                    row("used", "used-word", false),
                    row("young", "young-word", false),
                ];
                assert_eq!(rows, expected);
                let tags: i64 = schema::data_tags::table.count().get_result(connection)?;
                assert_eq!(tags, 2);
                Ok(())
            })
            .await
            .unwrap();
    }
}

#[actix_web::test]
async fn datasets_of_a_deleted_project_go_as_if_they_were_in_the_trash() {
    use schema::{datasets as d, projects as p};
    for test in both() {
        test.db
            .write(|connection| {
                surroundings(connection)?;
                let holder = dataset(connection, "used", None)?;
                diesel::update(p::table.find("p")).set(p::deleted_at.eq(100)).execute(connection)?;
                assert_eq!(ids(d::table::due(connection, 99)?), [""; 0]);
                assert_eq!(ids(d::table::due(connection, 100)?), ["used"]);
                remove::<Datasets>(connection, "used", 100)?;
                assert_eq!(data::latest(connection, &holder)?, None);
                Ok(())
            })
            .await
            .unwrap();
    }
}
