//! A backup while others write: it shows one moment between its begin and its end.

use anyhow::Context;
use atelier_tests::{Database, NO_DOCKER, TestServer, World, on_both_databases, program};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

on_both_databases!(a_backup_at_500_writes_a_second_is_one_moment);

/// Segments of the ledger that are there before; a backup takes a while then.
const BEFORE: i64 = 30_000;
/// Segments in one transaction; each is two rows.
const AT_ONCE: i64 = 5;
/// 500 rows a second.
const EVERY: Duration = Duration::from_millis(20);

async fn a_backup_at_500_writes_a_second_is_one_moment(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let from = &world.server;
    prefill(from)?;
    let writer = Writer::start(&from.database.url);
    writer.reaches(20 * AT_ONCE).await;
    let archive = from.data_dir().join("backup.tar");
    let (file, data_dir) = (archive.display().to_string(), from.data_dir());
    let (begun, least) = (Instant::now(), writer.written());
    let backup = program::command(&["backup", &file], &data_dir, &from.database.url);
    let said = program::succeed(backup).await?;
    let (took, most) = (begun.elapsed(), writer.written());
    // What is being committed at the end may be in it before the writer has counted it.
    let most = most + AT_ONCE;
    writer.reaches(most + AT_ONCE).await;
    writer.end()?;
    let wanted = took.as_secs_f64() * 500.0 / 2.0 * 0.7;
    anyhow::ensure!((most - least) as f64 >= wanted, "{} in {took:?} is no load", most - least);
    anyhow::ensure!(said.contains("segments: "), "it did not say how far it was: {said}");

    for other in [Database::Sqlite, Database::Postgres] {
        let settings = [("DOCKER", NO_DOCKER.to_owned())];
        let restored = TestServer::prepared(other, &settings, |data_dir, url| {
            let restore = program::command(&["restore", &file], &data_dir, &url);
            async move { program::succeed(restore).await.map(drop) }
        });
        let restored = restored.await?;
        is_one_moment(&restored, least, most)?;
        // The people are there, and the server works with them.
        restored.client().sign_in(&world.acme.administrator.email).await.good();
    }
    Ok(())
}

fn is_one_moment(restored: &TestServer, least: i64, most: i64) -> anyhow::Result<()> {
    let number = |query: &str| -> anyhow::Result<i64> {
        let lines = restored.database.lines(&format!("SELECT CAST(({query}) AS TEXT) AS line"))?;
        Ok(lines.first().context("no row")?.parse()?)
    };
    let live = number("SELECT count(*) FROM segments WHERE kind = 'live'")?;
    anyhow::ensure!((least..=most).contains(&live), "{live} segments, not {least} to {most}");
    let last = number("SELECT max(sequence) FROM segments WHERE kind = 'live'")?;
    anyhow::ensure!(last == live, "segments are missing: {live} up to {last}");
    let ended = number("SELECT count(*) FROM segment_ends")?;
    anyhow::ensure!(ended == BEFORE + live, "{ended} ends of {} segments", BEFORE + live);
    let sum = number("SELECT sum(cost_micros) FROM segment_ends")?;
    let expected = (BEFORE * (BEFORE + 1) + live * (live + 1)) / 2;
    anyhow::ensure!(sum == expected, "the ledger's sum is {sum}, not {expected}");
    anyhow::ensure!(live % AT_ONCE == 0, "a transaction was cut in two");
    if restored.database.url.starts_with("sqlite:") {
        let check = restored.database.lines("SELECT integrity_check AS line FROM pragma_integrity_check")?;
        anyhow::ensure!(check == ["ok"], "{check:?}");
    }
    Ok(())
}

/// Both databases understand it.
fn rows(from: i64, to: i64, kind: &str) -> String {
    let numbers =
        format!("WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i < {to})");
    format!(
        "INSERT INTO segments (id, container, sequence, kind, workload_id, workload_name, organization_id, \
         project_id, project_slug, project_name, user_id, user_name, user_email, tier_name, price_micros, \
         opened_at) {numbers} SELECT '{kind}-' || CAST(i AS TEXT), '{kind}-' || CAST(i AS TEXT), i, \
         '{kind}', '', '', '', '', '', '', '', '', '', '', 0, i FROM n;
         INSERT INTO segment_ends (segment_id, milliseconds, cost_micros, closed_at) {numbers} \
         SELECT '{kind}-' || CAST(i AS TEXT), i, i, i FROM n;"
    )
}

fn prefill(server: &TestServer) -> anyhow::Result<()> {
    let mut connection = connect(&server.database.url)?;
    connection.batch_execute(&rows(1, BEFORE, "before"))
}

/// Writes segments with their ends, each transaction a little more, until it is told to end.
struct Writer {
    over: Arc<AtomicBool>,
    written: Arc<AtomicI64>,
    thread: JoinHandle<anyhow::Result<()>>,
}

impl Writer {
    fn start(url: &str) -> Writer {
        let (over, written) = (Arc::<AtomicBool>::default(), Arc::<AtomicI64>::default());
        let (url, (told, count)) = (url.to_owned(), (over.clone(), written.clone()));
        let thread = std::thread::spawn(move || {
            let mut connection = connect(&url)?;
            let begun = Instant::now();
            for turn in 0.. {
                if told.load(Ordering::Relaxed) {
                    break;
                }
                let first = turn * AT_ONCE + 1;
                let last = first + AT_ONCE - 1;
                connection.batch_execute(&format!("BEGIN; {} COMMIT;", rows(first, last, "live")))?;
                count.store(last, Ordering::SeqCst);
                // The rate, not a wait for something; who is late catches up.
                let next = EVERY * u32::try_from(turn + 1)?;
                std::thread::sleep(next.saturating_sub(begun.elapsed()));
            }
            Ok(())
        });
        Writer { over, written, thread }
    }

    fn written(&self) -> i64 {
        self.written.load(Ordering::SeqCst)
    }

    async fn reaches(&self, count: i64) {
        let limit = Duration::from_secs(60);
        atelier_tests::eventually("the writer writes", limit, || async { self.written() >= count }).await;
    }

    fn end(self) -> anyhow::Result<()> {
        self.over.store(true, Ordering::Relaxed);
        self.thread.join().map_err(|_| anyhow::anyhow!("the writer panicked"))?
    }
}

enum Open {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

fn connect(url: &str) -> anyhow::Result<Open> {
    Ok(match url.strip_prefix("sqlite:") {
        Some(path) => {
            let mut connection = SqliteConnection::establish(path)?;
            connection.batch_execute("PRAGMA busy_timeout = 10000")?;
            Open::Sqlite(connection)
        }
        None => Open::Postgres(PgConnection::establish(url)?),
    })
}

impl Open {
    fn batch_execute(&mut self, statements: &str) -> anyhow::Result<()> {
        match self {
            Open::Sqlite(connection) => connection.batch_execute(statements)?,
            Open::Postgres(connection) => connection.batch_execute(statements)?,
        }
        Ok(())
    }
}
