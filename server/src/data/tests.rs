//! Rows of versions and tags, on both databases.

use super::*;
use crate::db::testing::{both, surroundings};
use crate::db::{Connection, Db};
use crate::error::Result;
use atelier_api::data::DataOrigin;
use atelier_api::role::Object;
use std::collections::BTreeSet;

fn holder() -> Holder {
    Holder::in_test("p", Object::Dataset, "d")
}

fn uma() -> Author {
    Author { user_id: "u".to_owned(), workload_id: None }
}

fn commit(connection: &mut Connection, holder: &Holder, root: &str) -> Result<i64> {
    let parent = latest(connection, holder)?.map(|row| row.number);
    let author = uma();
    let new = NewVersion {
        parent,
        restored: None,
        root,
        message: " As of today. ",
        author: &author,
        origin: DataOrigin::Upload,
        files: 2,
        bytes: 10,
        stored_bytes: 5,
        at: 7,
    };
    insert_version(connection, holder, &new)
}

async fn with_versions(db: &Db, count: usize) {
    db.write(move |connection| {
        surroundings(connection)?;
        for n in 1..=count {
            commit(connection, &holder(), &format!("root{n}"))?;
        }
        Ok(())
    })
    .await
    .unwrap();
}

fn tag(word: &str) -> Tag {
    Tag(word.to_owned())
}

#[actix_web::test]
async fn versions_are_found_by_number_as_latest_and_by_tag() {
    for test in both() {
        with_versions(&test.db, 3).await;
        test.db
            .write(|connection| {
                set_tag(connection, &holder(), &tag("production"), 2, "u")?;
                for (word, number) in [("1", 1), ("v3", 3), ("latest", 3), ("production", 2)] {
                    let found = version(connection, &holder(), &Which::parse(word)?)?;
                    assert_eq!((found.number, found.root), (number, format!("root{number}")), "{word}");
                }
                for absent in ["0", "4", "staging", ""] {
                    let error = version(connection, &holder(), &Which::parse(absent)?).unwrap_err();
                    assert_eq!(error.problem().status, 404, "{absent}");
                }
                let other = Holder::in_test("p", Object::Dataset, "other");
                assert_eq!(latest(connection, &other)?, None);
                let shown = version(connection, &holder(), &Which::Number(2))?;
                let shown = describe(connection, Object::Dataset, vec![shown])?.pop().unwrap();
                assert_eq!((shown.parent, shown.author_name.as_str()), (Some(1), "Uma"));
                assert_eq!(
                    (shown.message.as_str(), shown.tags),
                    ("As of today.", vec!["production".to_owned()])
                );
                Ok(())
            })
            .await
            .unwrap();
    }
}

#[actix_web::test]
async fn numbers_are_given_once_when_many_commit_at_once() {
    for test in both() {
        with_versions(&test.db, 0).await;
        let commits = (0..20).map(|n| {
            let root = format!("root{n}");
            test.db.admit(move |connection| commit(connection, &holder(), &root))
        });
        let numbers: BTreeSet<i64> =
            futures::future::join_all(commits).await.into_iter().map(Result::unwrap).collect();
        assert_eq!(numbers, (1..=20).collect());
    }
}

#[actix_web::test]
async fn the_list_comes_in_parts_the_newest_first() {
    for test in both() {
        with_versions(&test.db, 203).await;
        test.db
            .read(|connection| {
                let (mut seen, mut cursor) = (Vec::new(), None);
                for size in [100, 100, 3] {
                    let (rows, next) = list(connection, &holder(), cursor.as_deref())?;
                    assert_eq!(rows.len(), size);
                    seen.extend(rows.into_iter().map(|row| row.number));
                    cursor = next;
                }
                assert_eq!((seen, cursor), ((1..=203).rev().collect(), None));
                let error = list(connection, &holder(), Some("x")).unwrap_err();
                assert_eq!(error.problem().status, 422);
                Ok(())
            })
            .await
            .unwrap();
    }
}

#[actix_web::test]
async fn what_is_in_the_trash_is_neither_latest_nor_counted_and_comes_back() {
    for test in both() {
        with_versions(&test.db, 3).await;
        test.db
            .write(|connection| {
                let gone = set_trashed(connection, &holder(), &Which::Latest, true)?;
                assert_eq!(gone.number, 3);
                assert_eq!(latest(connection, &holder())?.map(|row| row.number), Some(2));
                let summary = summaries(connection, Object::Dataset, &["d"])?.remove("d").unwrap();
                assert_eq!((summary.versions, summary.latest.map(|row| row.number)), (2, Some(2)));
                assert_eq!(version(connection, &holder(), &Which::Number(3))?.trashed_at, gone.trashed_at);
                assert_eq!(list(connection, &holder(), None)?.0.len(), 3);
                set_trashed(connection, &holder(), &Which::Number(3), false)?;
                assert_eq!(latest(connection, &holder())?.map(|row| row.number), Some(3));
                Ok(())
            })
            .await
            .unwrap();
    }
}

#[actix_web::test]
async fn tags_move_and_keep_versions_out_of_the_trash() {
    for test in both() {
        with_versions(&test.db, 2).await;
        test.db
            .write(|connection| {
                let holder = holder();
                set_tag(connection, &holder, &tag("production"), 1, "u")?;
                set_tag(connection, &holder, &tag("champion"), 1, "u")?;
                let refused = set_trashed(connection, &holder, &Which::Number(1), true).unwrap_err();
                let problem = refused.problem();
                assert_eq!((problem.status, problem.code.as_str()), (409, "version-tagged"));
                assert!(problem.detail.contains("champion, production"), "{}", problem.detail);
                set_tag(connection, &holder, &tag("production"), 2, "u")?;
                delete_tag(connection, &holder, &tag("champion"))?;
                set_trashed(connection, &holder, &Which::Number(1), true)?;
                let refused = set_tag(connection, &holder, &tag("production"), 1, "u").unwrap_err();
                assert_eq!(refused.problem().code, "version-in-trash");
                let absent = set_tag(connection, &holder, &tag("production"), 9, "u").unwrap_err();
                assert_eq!(absent.problem().fields[0].field, "number");
                assert_eq!(version(connection, &holder, &Which::parse("production")?)?.number, 2);
                let absent = delete_tag(connection, &holder, &tag("champion")).unwrap_err();
                assert_eq!(absent.problem().status, 404);
                Ok(())
            })
            .await
            .unwrap();
    }
}

#[actix_web::test]
async fn there_is_an_end_to_tags() {
    for test in both() {
        with_versions(&test.db, 1).await;
        test.db
            .write(|connection| {
                for n in 0..100 {
                    set_tag(connection, &holder(), &tag(&format!("t{n}")), 1, "u")?;
                }
                let refused = set_tag(connection, &holder(), &tag("more"), 1, "u").unwrap_err();
                assert_eq!(refused.problem().code, "too-many-tags");
                set_tag(connection, &holder(), &tag("t7"), 1, "u").map(drop)
            })
            .await
            .unwrap();
    }
}

#[actix_web::test]
async fn of_tagging_a_version_and_trashing_it_at_once_one_is_refused() {
    for test in both() {
        with_versions(&test.db, 1).await;
        for round in 0..4 {
            let word = tag(&format!("t{round}"));
            let tagging = test.db.admit(move |connection| set_tag(connection, &holder(), &word, 1, "u"));
            let trashing =
                test.db.admit(|connection| set_trashed(connection, &holder(), &Which::Number(1), true));
            let (tagged, trashed) = futures::future::join(tagging, trashing).await;
            assert!(tagged.is_ok() != trashed.is_ok(), "round {round}: {tagged:?} {trashed:?}");
            let word = tag(&format!("t{round}"));
            test.db
                .write(move |connection| {
                    if tagged.is_ok() {
                        return delete_tag(connection, &holder(), &word);
                    }
                    set_trashed(connection, &holder(), &Which::Number(1), false).map(drop)
                })
                .await
                .unwrap();
        }
    }
}

#[actix_web::test]
async fn an_older_version_becomes_the_newest() {
    for test in both() {
        with_versions(&test.db, 3).await;
        test.db
            .write(|connection| {
                let back = restore(connection, &holder(), &Which::Number(1), "As it was", &uma())?;
                assert_eq!((back.number, back.parent_number, back.restored_number), (4, Some(3), Some(1)));
                assert_eq!(
                    (back.root.as_str(), back.files, back.bytes, back.stored_bytes),
                    ("root1", 2, 10, 0)
                );
                assert_eq!(back.origin, DataOrigin::Restore.as_str());
                let again = restore(connection, &holder(), &Which::Number(1), "", &uma()).unwrap_err();
                assert_eq!(again.problem().code, "nothing-changed");
                Ok(())
            })
            .await
            .unwrap();
    }
}

#[actix_web::test]
async fn what_the_trash_forgets_is_gone_and_its_number_is_not_given_again() {
    for test in both() {
        with_versions(&test.db, 2).await;
        test.db
            .write(|connection| {
                let row = set_trashed(connection, &holder(), &Which::Number(2), true)?;
                let at = row.trashed_at.unwrap();
                assert!(!any_to_remove(connection, at - 1)?);
                remove_trashed(connection, at - 1)?;
                assert_eq!(version(connection, &holder(), &Which::Number(2))?.number, 2);
                assert!(any_to_remove(connection, at)?);
                remove_trashed(connection, at)?;
                assert!(!any_to_remove(connection, at)?);
                let gone = version(connection, &holder(), &Which::Number(2)).unwrap_err();
                assert_eq!(gone.problem().status, 404);
                assert_eq!(list(connection, &holder(), None)?.0.len(), 1);
                assert_eq!(commit(connection, &holder(), "root3")?, 3);
                Ok(())
            })
            .await
            .unwrap();
    }
}
