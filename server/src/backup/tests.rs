//! From either database to either.

use super::archive::{Head, Name, Writer};
use super::tables::{self, Table};
use super::{BackupOptions, Options, rows, settings};
use crate::db::testing::{TestDb, both};
use crate::db::{Connection, schema};
use clap::Parser;
use diesel::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

#[derive(Parser)]
struct Line<T: clap::Args> {
    #[command(flatten)]
    options: T,
}

/// The command's arguments, for a database.
fn options<T: clap::Args>(file: &Path, data_dir: &Path, url: &str) -> T {
    let url = format!("database_url={url}");
    let (file, data_dir) = (file.as_os_str(), data_dir.as_os_str());
    let words = ["atelier".as_ref(), file, "--data-dir".as_ref(), data_dir, "--set".as_ref(), url.as_ref()];
    Line::parse_from::<_, &std::ffi::OsStr>(words).options
}

struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    fn new() -> Place {
        Place { folder: tempfile::tempdir().unwrap() }
    }

    fn archive(&self) -> PathBuf {
        self.folder.path().join("backup.tar")
    }

    fn backup(&self, from: &TestDb) -> anyhow::Result<()> {
        let options: BackupOptions = options(&self.archive(), &self.folder.path().join("from"), &from.url);
        super::backup(&options)
    }

    fn restore(&self, to: &TestDb) -> anyhow::Result<()> {
        let options: Options = options(&self.archive(), &self.folder.path().join("to"), &to.url);
        // It waits for objects, which a thread of the test's runtime may not.
        std::thread::scope(|scope| scope.spawn(|| super::restore(&options)).join()).unwrap()
    }

    fn refusal(&self, to: &TestDb) -> String {
        format!("{:#}", self.restore(to).expect_err("it was restored"))
    }
}

/// Every row of every table, as values.
async fn content(test: &TestDb) -> BTreeMap<String, Vec<serde_json::Value>> {
    let all = |connection: &mut Connection| {
        let mut content = BTreeMap::new();
        for table in tables::load(connection)? {
            let sorted = Table { columns: sorted(&table), ..table };
            let mut found = Vec::new();
            rows::read(connection, &sorted, |line| {
                found.push(serde_json::from_str(line)?);
                Ok(())
            })?;
            found.sort_by_key(ToString::to_string);
            content.insert(sorted.name, found);
        }
        anyhow::Ok(content)
    };
    test.db.read(move |connection| Ok(all(connection).unwrap())).await.unwrap()
}

fn sorted(table: &Table) -> Vec<tables::Column> {
    table.columns.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect()
}

const TEXTS: [&str; 7] =
    ["plain", "d'Œuvre \"quoted\" \\ back", "two\nlines\r\ttab", "{\"json\":[1]}", "", "null", "😀 \u{7f}"];

/// Rows with everything that a text, a number, a boolean and a missing value can be.
async fn fill(test: &TestDb) {
    let made = test.db.write(|connection| {
        use schema::{organization_members as members, organizations, segment_ends, segments, users};
        for (n, text) in TEXTS.iter().enumerate() {
            let id = n.to_string();
            diesel::insert_into(users::table)
                .values((
                    (
                        users::id.eq(&id),
                        users::email.eq(text),
                        users::email_key.eq(&id),
                        users::name.eq(text),
                    ),
                    (users::password_hash.eq(text), users::language.eq("en"), users::theme.eq("dark")),
                    (users::operator.eq(n % 2 == 0), users::created_at.eq(i64::MAX - n as i64)),
                ))
                .execute(connection)?;
            diesel::insert_into(organizations::table)
                .values((
                    (organizations::id.eq(&id), organizations::slug.eq(&id), organizations::name.eq(text)),
                    (organizations::currency.eq("EUR"), organizations::created_at.eq(-1)),
                ))
                .execute(connection)?;
            diesel::insert_into(members::table)
                .values((
                    (members::organization_id.eq(&id), members::user_id.eq(&id), members::role.eq(text)),
                    (members::disabled_at.eq((n > 3).then_some(0)), members::joined_at.eq(i64::MIN)),
                ))
                .execute(connection)?;
        }
        // More than one statement's worth.
        for n in 0..1234_i64 {
            let id = n.to_string();
            diesel::insert_into(segments::table)
                .values((
                    (segments::id.eq(&id), segments::container.eq(&id), segments::sequence.eq(n)),
                    (
                        segments::kind.eq("running"),
                        segments::workload_id.eq(&id),
                        segments::workload_name.eq(""),
                    ),
                    (segments::organization_id.eq(&id), segments::project_id.eq(&id)),
                    (
                        segments::project_slug.eq(&id),
                        segments::project_name.eq(&id),
                        segments::user_id.eq(&id),
                    ),
                    (segments::user_name.eq(&id), segments::user_email.eq(&id), segments::tier_name.eq(&id)),
                    (segments::price_micros.eq(n), segments::opened_at.eq(n)),
                ))
                .execute(connection)?;
            diesel::insert_into(segment_ends::table)
                .values((
                    (segment_ends::segment_id.eq(&id), segment_ends::milliseconds.eq(n)),
                    (segment_ends::cost_micros.eq(n), segment_ends::closed_at.eq(n)),
                ))
                .execute(connection)?;
        }
        Ok(())
    });
    made.await.unwrap();
}

#[actix_web::test]
async fn every_table_of_the_migrations_is_in_the_archive() {
    let made: BTreeSet<&str> = include_str!("../../../migrations/0001_foundation.sql")
        .lines()
        .filter_map(|line| line.strip_prefix("CREATE TABLE ")?.split([' ', '(']).next())
        .collect();
    assert!(made.len() > 20);
    for test in both() {
        let found = test.db.read(|connection| Ok(tables::load(connection).unwrap())).await.unwrap();
        assert_eq!(found.iter().map(|table| table.name.as_str()).collect::<BTreeSet<_>>(), made);
    }
}

#[actix_web::test]
async fn rows_go_from_either_database_to_either() {
    for from in both() {
        fill(&from).await;
        let place = Place::new();
        place.backup(&from).unwrap();
        let expected = content(&from).await;
        for to in both() {
            let data_dir = place.folder.path().join("to");
            place.restore(&to).unwrap();
            assert_eq!(content(&to).await, expected);
            let settings = std::fs::read_to_string(data_dir.join("atelier.toml")).unwrap();
            assert!(settings.contains("idle_minutes = 60"), "{settings}");
            assert!(!settings.contains("database_url"), "{settings}");
            std::fs::remove_dir_all(data_dir).unwrap();
        }
    }
}

#[actix_web::test]
async fn only_an_empty_database_is_restored_into() {
    for test in both() {
        fill(&test).await;
        let place = Place::new();
        place.backup(&test).unwrap();
        let before = content(&test).await;
        let refusal = place.refusal(&test);
        assert!(refusal.contains("not empty"), "{refusal}");
        assert_eq!(content(&test).await, before);
        assert!(!place.folder.path().join("to/atelier.toml").exists());
    }
}

#[actix_web::test]
async fn a_restore_that_fails_leaves_nothing() {
    let [from, _] = both();
    fill(&from).await;
    // PostgreSQL keeps no NUL in a text; it comes late, in the last table but one.
    let nul = from.db.write(|connection| {
        use schema::segments;
        diesel::update(segments::table.find("1233")).set(segments::tier_name.eq("\0")).execute(connection)?;
        Ok(())
    });
    nul.await.unwrap();
    let place = Place::new();
    place.backup(&from).unwrap();
    let [_, to] = both();
    let refusal = place.refusal(&to);
    assert!(refusal.contains("rows of segments do not fit this database"), "{refusal}");
    assert!(content(&to).await.values().all(Vec::is_empty));
}

#[actix_web::test]
async fn f10_a_damaged_archive_is_refused() {
    let [from, _] = both();
    fill(&from).await;
    let place = Place::new();
    place.backup(&from).unwrap();
    let mut bytes = std::fs::read(place.archive()).unwrap();
    let at = bytes.windows(9).position(|window| window == b"d'\xc5\x92uvre ").unwrap();
    bytes[at] ^= 1;
    std::fs::write(place.archive(), bytes).unwrap();
    for to in both() {
        let refusal = place.refusal(&to);
        assert!(refusal.contains("is damaged: its checksum is another"), "{refusal}");
        assert!(content(&to).await.values().all(Vec::is_empty));
    }
}

#[actix_web::test]
async fn an_archive_is_for_its_owner_alone_and_replaces_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let [from, _] = both();
    let place = Place::new();
    place.backup(&from).unwrap();
    let mode = std::fs::metadata(place.archive()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let again = place.backup(&from).unwrap_err().to_string();
    assert!(again.contains("exists already"), "{again}");
    let left: Vec<_> = std::fs::read_dir(place.folder.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "something is left over: {left:?}");
}

#[actix_web::test]
async fn an_archive_of_a_newer_schema_is_named() {
    let [from, _] = both();
    let step = "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999_future')";
    from.db.write(move |connection| Ok(diesel::sql_query(step).execute(connection)?)).await.unwrap();
    let place = Place::new();
    place.backup(&from).unwrap();
    let [to, _] = both();
    let refusal = place.refusal(&to);
    assert!(refusal.contains("9999_future"), "{refusal}");
}

/// An archive with the tables of this version, no row, and this as a pack of the project `p`.
async fn with_a_pack(test: &TestDb, file: &Path, bytes: &'static [u8]) {
    let known = |connection: &mut Connection| {
        anyhow::Ok((tables::load(connection)?, crate::db::applied_steps(connection)?))
    };
    let known = test.db.read(move |connection| Ok(known(connection).unwrap()));
    let (tables, schema) = known.await.unwrap();
    let head = Head {
        format: Head::format(true),
        atelier: "1.0.0".to_owned(),
        made_at: 0,
        schema,
        tables,
        settings_left_out: Vec::new(),
    };
    let mut archive = Writer::begin(std::fs::File::create_new(file).unwrap(), &head).unwrap();
    archive.add(Name::Settings, b"").unwrap();
    archive.add_pack("p", "ab".repeat(16).parse().unwrap(), bytes).unwrap();
    archive.end(BTreeMap::new()).unwrap();
}

#[actix_web::test]
async fn t09_a_pack_that_is_none_is_put_nowhere_and_no_row_is_filled() {
    for to in both() {
        let place = Place::new();
        with_a_pack(&to, &place.archive(), b"ATPACK\n\x01 and nothing else").await;
        let refusal = place.refusal(&to);
        assert!(refusal.contains(&format!("packs/{} is damaged", "ab".repeat(16))), "{refusal}");
        assert!(content(&to).await.values().all(Vec::is_empty));
        assert!(!place.folder.path().join("to/objects/projects/p/packs").exists());
        assert!(!place.folder.path().join("to/atelier.toml").exists());
    }
}

#[actix_web::test]
async fn objects_go_where_there_are_none_and_only_before_rows() {
    for to in both() {
        let place = Place::new();
        with_a_pack(&to, &place.archive(), b"").await;
        let objects = place.folder.path().join("to/objects");
        let there = objects.join("projects/q/packs/x");
        std::fs::create_dir_all(there.parent().unwrap()).unwrap();
        std::fs::write(&there, "somebody's").unwrap();
        let refusal = place.refusal(&to);
        assert!(refusal.contains("nothing was changed"), "{refusal}");
        assert!(refusal.contains("projects/q/packs/x is there already"), "{refusal}");
        std::fs::remove_file(&there).unwrap();
        fill(&to).await;
        let refusal = place.refusal(&to);
        assert!(refusal.contains("the database is not empty"), "{refusal}");
        assert!(!objects.join("importing").exists());
    }
}

#[test]
fn where_objects_are_is_carried_only_if_they_are_not() {
    let words = ["atelier", "x", "--data-dir", "/nowhere", "--set", "storage_url=s3://bucket/place"];
    let flags = Line::<Options>::parse_from(words).options.flags;
    assert!(settings::portable(&flags, false).unwrap().contains("s3://bucket/place"));
    assert!(!settings::portable(&flags, true).unwrap().contains("storage_url"));
    assert!(settings::left_out(true).iter().any(|name| name == "storage_url"));
}
