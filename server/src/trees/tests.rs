//! Rows of projects' trees, on both databases.

use super::removal::due;
use crate::data;
use crate::db::schema::projects;
use crate::db::testing::{both, surroundings};
use atelier_api::data::DataOrigin;
use atelier_api::role::Object;
use diesel::prelude::*;

#[actix_web::test]
async fn the_trees_of_a_deleted_project_go_when_the_trash_would_forget_them() {
    for test in both() {
        test.db
            .write(|connection| {
                surroundings(connection)?;
                let holder = data::Holder::in_test("p", Object::File, "p");
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
                assert_eq!(due(connection, Object::File, i64::MAX)?, [""; 0]);
                diesel::update(projects::table.find("p"))
                    .set(projects::deleted_at.eq(100))
                    .execute(connection)?;
                assert_eq!(due(connection, Object::File, 99)?, [""; 0]);
                assert_eq!(due(connection, Object::File, 100)?, ["p"]);
                data::remove_all(connection, Object::File, "p")?;
                assert_eq!(due(connection, Object::File, 100)?, [""; 0]);
                assert_eq!(data::latest(connection, &holder)?, None);
                Ok(())
            })
            .await
            .unwrap();
    }
}
