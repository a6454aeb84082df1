//! F13: a newer server takes over while sessions run: their tools live on, connections are back within five
//! seconds, the ledger has no gap. A migration that fails leaves the schema that was there.

use atelier_api::session::SessionState;
use atelier_tests::studio::{Studio, container};
use atelier_tests::{Database, Socket, TestServer, docker, ledger, on_both_databases, until};
use futures::future::try_join_all;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// From the new server's first answer to the last socket.
const BACK: Duration = Duration::from_secs(5);

on_both_databases!(
    under_running_sessions,
    long_under_twenty_running_sessions,
    a_failed_migration_leaves_the_schema,
);

async fn under_running_sessions(database: Database) -> anyhow::Result<()> {
    replaced_under(database, 4).await
}

async fn long_under_twenty_running_sessions(database: Database) -> anyhow::Result<()> {
    replaced_under(database, 20).await
}

async fn replaced_under(database: Database, count: usize) -> anyhow::Result<()> {
    let mut studio = Studio::new(database).await?;
    let mut sessions = Vec::new();
    for _ in 0..count {
        sessions.push(studio.create().await.id);
    }
    let mut running = Vec::new();
    for id in &sessions {
        let session = studio.comes_to(id, SessionState::Running).await;
        let began = docker::inspect(&studio.docker, &container(&session)).await?.state;
        let browser = studio.browser(id).await;
        // Gone with the container.
        let mark =
            studio.run(&session, "cat /proc/sys/kernel/random/uuid > /tmp/mark; cat /tmp/mark").await?;
        running.push((session, began.and_then(|state| state.started_at), browser, mark));
    }

    studio.world.server.terminate().await?;
    studio.world.server.restart().await?;
    let ready = Instant::now();
    let back = running.iter().map(|(_, _, browser, _)| async move {
        let origin = format!("http://{}", browser.host());
        until("a socket is back", BACK, || async {
            let headers = [("Origin", origin.as_str())];
            let (status, mut socket) = Socket::open(browser, "/echo", &headers).await.ok()?;
            (status == 101).then_some(())?;
            socket.send(b"again.").await.ok()?;
            (socket.read_until(b".").await.ok()? == "again.").then_some(())
        })
        .await;
        anyhow::Ok(())
    });
    try_join_all(back).await?;
    assert!(ready.elapsed() <= BACK, "the last socket was back after {:?}", ready.elapsed());

    for (session, began, _, mark) in running {
        let now = docker::inspect(&studio.docker, &container(&session)).await?.state;
        assert_eq!(now.and_then(|state| state.started_at), began, "it was started anew");
        assert_eq!(studio.run(&session, "cat /tmp/mark").await?, mark);
        let stopped = studio.stopped(&session.id).await;
        assert_eq!(stopped.generation, session.generation);
        ledger::is_exact(&studio, &stopped).await?;
    }
    ledger::is_sound(&studio.world.server.database)?;
    Ok(())
}

/// Something that a migration wants to make late is there already.
async fn a_failed_migration_leaves_the_schema(database: Database) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let database = Arc::new(atelier_tests::TestDatabase::create(database, folder.path())?);
    database.execute("CREATE TABLE segment_ends (precious TEXT)")?;
    database.execute("INSERT INTO segment_ends VALUES ('kept')")?;
    let before = database.tables()?;
    let settings = [("DOCKER", atelier_tests::NO_DOCKER.to_owned())];
    let Err(error) = TestServer::start_on(database.clone(), &settings).await else {
        anyhow::bail!("the server serves with half a schema");
    };
    let told = format!("{error:#}");
    assert!(told.contains("is left as it was"), "{told}");
    let after: Vec<String> =
        database.tables()?.into_iter().filter(|table| !table.starts_with("__diesel")).collect();
    assert_eq!(after, before);
    assert_eq!(database.lines("SELECT precious AS line FROM segment_ends")?, ["kept"]);
    Ok(())
}
