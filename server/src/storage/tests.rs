//! The ledger of storage and the quota, on both databases.

use super::measure::{holders, written};
use super::{Days, bill, days, room, usage};
use crate::data::{self, Author, Holder, NewVersion};
use crate::db::testing::{both, surroundings};
use crate::db::{Connection, schema};
use crate::error::Result;
use atelier_api::data::DataOrigin;
use atelier_api::role::Object;
use atelier_store::{Share, Shares, Stored};
use diesel::prelude::*;

const DAY: i64 = 86_400_000;
const GIB: i64 = 1 << 30;
/// 2026-11-10, of a month with 30 days.
const TENTH: i64 = 20_767;

fn set_price(connection: &mut Connection, price: i64, since: i64) -> Result<()> {
    use schema::storage_prices as p;
    diesel::insert_into(p::table)
        .values((
            (p::id.eq(format!("{since}")), p::organization_id.eq("o"), p::price_micros.eq(price)),
            (p::set_by.eq("u"), p::since.eq(since)),
        ))
        .execute(connection)?;
    Ok(())
}

/// Day, bytes and cost of each row, the oldest first.
fn billed(connection: &mut Connection) -> Result<Vec<(i64, i64, i64)>> {
    let all = Days { organization_id: "o".to_owned(), project_id: None, from: 0, to: 100_000 * DAY };
    let rows = days(connection, &all)?;
    Ok(rows.iter().rev().map(|row| (row.begins() / DAY, row.bytes, row.cost().0)).collect())
}

/// As the task does it.
fn close(connection: &mut Connection, today: i64) -> Result<()> {
    let usage = usage::load(connection, "p")?.unwrap();
    bill::close(connection, &usage, today)
}

#[actix_web::test]
async fn each_day_is_billed_once_by_what_was_there_at_its_end() {
    for test in both() {
        test.db
            .admit(|connection| {
                surroundings(connection)?;
                set_price(connection, 30_000, 0)?;
                usage::add_on(connection, "p", GIB, TENTH)?;
                usage::add_on(connection, "p", GIB, TENTH)?;
                assert_eq!(billed(connection)?, []);
                // Whoever comes first on the next day bills the day before, and only once.
                usage::add_on(connection, "p", GIB, TENTH + 1)?;
                close(connection, TENTH + 1)?;
                assert_eq!(billed(connection)?, [(TENTH, 2 * GIB, 2000)]);
                // Nobody came for three days; the price was raised in the middle of the second.
                set_price(connection, 60_000, (TENTH + 2) * DAY + 1)?;
                close(connection, TENTH + 4)?;
                close(connection, TENTH + 4)?;
                let mut expected = vec![(TENTH, 2 * GIB, 2000), (TENTH + 1, 3 * GIB, 3000)];
                expected.extend([(TENTH + 2, 3 * GIB, 6000), (TENTH + 3, 3 * GIB, 6000)]);
                assert_eq!(billed(connection)?, expected);
                // A clock that is set back brings no day again.
                for today in [TENTH - 100, TENTH, TENTH + 3, TENTH + 4] {
                    close(connection, today)?;
                    usage::add_on(connection, "p", 0, today)?;
                }
                assert_eq!(billed(connection)?, expected);
                close(connection, TENTH + 5)?;
                assert_eq!(billed(connection)?.len(), 5);
                Ok(())
            })
            .await
            .unwrap();
    }
}

#[actix_web::test]
async fn the_bill_stays_when_the_project_goes_and_ends_with_its_data() {
    use schema::projects as p;
    for test in both() {
        test.db
            .admit(|connection| {
                surroundings(connection)?;
                set_price(connection, 30_000, 0)?;
                usage::add_on(connection, "p", GIB, TENTH)?;
                diesel::update(p::table.find("p"))
                    .set((p::deleted_at.eq(5), p::slug.eq("p~p")))
                    .execute(connection)?;
                close(connection, TENTH + 1)?;
                let row = days(
                    connection,
                    &Days { organization_id: "o".into(), project_id: None, from: 0, to: 100_000 * DAY },
                )?
                .remove(0);
                assert_eq!((row.project_slug.as_str(), row.project_name.as_str()), ("p", "P"));
                // Its versions are gone for good, which is measured on the next day.
                usage::changed(connection, &["p".to_owned()])?;
                let seen = usage::load(connection, "p")?.unwrap();
                let none = holders(connection, "p")?;
                written(connection, &seen, &none, &Shares::default(), TENTH + 2)?;
                close(connection, TENTH + 9)?;
                assert_eq!(billed(connection)?, [(TENTH, GIB, 1000), (TENTH + 1, GIB, 1000)]);
                Ok(())
            })
            .await
            .unwrap();
    }
}

fn version(connection: &mut Connection, dataset: &str, stored_bytes: i64) -> Result<i64> {
    version_of(connection, Object::Dataset, dataset, stored_bytes)
}

fn version_of(connection: &mut Connection, object: Object, id: &str, stored_bytes: i64) -> Result<i64> {
    let author = Author { user_id: "u".to_owned(), workload_id: None };
    let new = NewVersion {
        parent: None,
        restored: None,
        root: &"ab".repeat(32),
        message: "",
        author: &author,
        origin: DataOrigin::Upload,
        files: 1,
        bytes: 2 * stored_bytes,
        stored_bytes,
        at: 0,
    };
    data::insert_version(connection, &Holder::in_test("p", object, id), &new)
}

fn set_quota(connection: &mut Connection, bytes: Option<i64>) -> Result<()> {
    use schema::projects as p;
    diesel::update(p::table.find("p")).set(p::storage_quota_bytes.eq(bytes)).execute(connection)?;
    Ok(())
}

#[actix_web::test]
async fn a_version_beyond_the_quota_is_refused_and_one_that_adds_nothing_is_not() {
    for test in both() {
        test.db
            .admit(|connection| {
                surroundings(connection)?;
                assert!(room(connection, "p")?.is_none());
                set_quota(connection, Some(100))?;
                version(connection, "d", 60)?;
                room(connection, "p")?.unwrap().check(40)?;
                assert_eq!(
                    room(connection, "p")?.unwrap().check(41).unwrap_err().problem().code,
                    "storage-quota"
                );
                let refused = version(connection, "e", 41).unwrap_err();
                assert_eq!(
                    (refused.problem().status, refused.problem().code.as_str()),
                    (409, "storage-quota")
                );
                Ok(())
            })
            .await
            .unwrap();
        // What was refused is rolled back by whoever asked; here the test is the one.
        test.db
            .admit(|connection| {
                version(connection, "e", 40)?;
                version(connection, "e", 0)?;
                assert!(room(connection, "p")?.unwrap().any().is_err());
                set_quota(connection, Some(10))?;
                version(connection, "e", 0)?;
                set_quota(connection, None)?;
                version(connection, "e", 1_000)?;
                Ok(())
            })
            .await
            .unwrap();
    }
}

#[actix_web::test]
async fn of_many_versions_at_once_no_more_become_than_there_is_room_for() {
    for test in both() {
        test.db
            .write(|connection| {
                surroundings(connection)?;
                set_quota(connection, Some(100))
            })
            .await
            .unwrap();
        let commits = (0..12).map(|n| {
            let db = test.db.clone();
            async move { db.admit(move |connection| version(connection, &format!("d{n}"), 30)).await.is_ok() }
        });
        let made = futures::future::join_all(commits).await.into_iter().filter(|made| *made).count();
        let stored = test.db.read(|c| Ok(usage::load(c, "p")?.unwrap().stored())).await.unwrap();
        assert_eq!((made, stored), (3, 90));
    }
}

fn stored(bytes: u64) -> Stored {
    Stored { chunks: 1, bytes }
}

#[actix_web::test]
async fn measuring_corrects_what_was_known_and_keeps_what_was_added_meanwhile() {
    use schema::storage_parts as p;
    for test in both() {
        test.db
            .admit(|connection| {
                surroundings(connection)?;
                version(connection, "a", 60)?;
                version(connection, "a", 30)?;
                version(connection, "b", 10)?;
                let seen = usage::load(connection, "p")?.unwrap();
                let holders = holders(connection, "p")?;
                version(connection, "b", 7)?;
                let shares = Shares {
                    groups: vec![
                        Share { all: stored(50), own: stored(40) },
                        Share { all: stored(20), own: stored(10) },
                    ],
                    together: stored(60),
                    packed: stored(75),
                };
                written(connection, &seen, &holders, &shares, TENTH)?;
                let now = usage::load(connection, "p")?.unwrap();
                assert_eq!((now.stored(), now.pack_bytes), (67, 75));
                assert_eq!((now.changes, now.measured_changes), (4, 3));
                type Part = (String, i64, i64, i64, i64, i64);
                let parts: Vec<Part> = p::table
                    .order(p::object_id)
                    .select((
                        p::object_id,
                        p::versions,
                        p::version_bytes,
                        p::newest_bytes,
                        p::stored_bytes,
                        p::own_bytes,
                    ))
                    .load(connection)?;
                assert_eq!(
                    parts,
                    [("a".to_owned(), 2, 180, 60, 50, 40), ("b".to_owned(), 1, 20, 20, 20, 10)]
                );
                // Who has measured the same, but later, changes nothing.
                written(connection, &seen, &holders, &Shares::default(), TENTH)?;
                assert_eq!(usage::load(connection, "p")?.unwrap(), now);
                Ok(())
            })
            .await
            .unwrap();
    }
}

#[actix_web::test]
async fn each_dataset_and_model_is_measured_by_itself_and_the_files_as_one() {
    for test in both() {
        test.db
            .admit(|connection| {
                surroundings(connection)?;
                for (object, id) in
                    [(Object::Dataset, "a"), (Object::Model, "m"), (Object::Model, "n"), (Object::File, "p")]
                {
                    version_of(connection, object, id, 10)?;
                }
                let holders = holders(connection, "p")?;
                let keys: Vec<(&str, &str)> =
                    holders.keys().map(|(object, id)| (object.as_str(), id.as_str())).collect();
                assert_eq!(keys, [("dataset", "a"), ("file", "p"), ("model", "m"), ("model", "n")]);
                Ok(())
            })
            .await
            .unwrap();
    }
}

#[actix_web::test]
async fn what_the_trash_forgets_is_measured_anew() {
    for test in both() {
        test.db
            .admit(|connection| {
                surroundings(connection)?;
                version(connection, "a", 60)?;
                let changes = |connection: &mut Connection| {
                    Ok::<_, crate::error::Error>(usage::load(connection, "p")?.unwrap().changes)
                };
                data::remove_trashed(connection, 1)?;
                assert_eq!(changes(connection)?, 1);
                data::remove_all(connection, Object::Dataset, "a")?;
                assert_eq!(changes(connection)?, 2);
                assert!(holders(connection, "p")?.is_empty());
                Ok(())
            })
            .await
            .unwrap();
    }
}
