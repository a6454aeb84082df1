//! `kill -9` of the server at every point of a start and of a stop: the world is reconciled, what ran goes
//! on, and the ledger is exact.

use atelier_api::session::SessionState;
use atelier_tests::ledger;
use atelier_tests::studio::{LIMIT, Studio, container};
use atelier_tests::{Database, docker, eventually, on_sqlite_and_in_the_long_form_on_postgres};
use std::time::Duration;

on_sqlite_and_in_the_long_form_on_postgres!(
    a_server_killed_during_a_start_brings_the_session_up,
    a_server_killed_during_a_stop_ends_the_session,
);

/// Between what was asked for and the kill. A whole start takes about a second.
const SWEEP_MS: [u64; 8] = [0, 40, 100, 200, 350, 550, 800, 1200];

async fn a_server_killed_during_a_start_brings_the_session_up(database: Database) -> anyhow::Result<()> {
    let mut studio = Studio::new(database).await?;
    // The image is built before, so that the sweep meets the other steps.
    let first = studio.running().await;
    studio.stopped(&first.id).await;
    for delay in SWEEP_MS {
        studio.start(&first.id).await.good();
        kill_and_restart(&mut studio, delay).await?;
        let session = studio.comes_to(&first.id, SessionState::Running).await;
        assert_eq!(studio.containers().await?, [format!("/{}", container(&session))], "after {delay} ms");
        let browser = studio.browser(&session.id).await;
        // The row may have said so before the kill: the agent then still comes back to the new server.
        eventually("the tool answers", LIMIT, || async { browser.get("/api").await.status == 200 }).await;

        // Killed while it runs: the container does not notice, and connections come back.
        let before = docker::inspect(&studio.docker, &container(&session)).await?;
        kill_and_restart(&mut studio, 0).await?;
        eventually("the tool answers again", LIMIT, || async { browser.get("/api").await.status == 200 })
            .await;
        let after = docker::inspect(&studio.docker, &container(&session)).await?;
        assert_eq!(started(before), started(after), "the container was started anew");

        let stopped = studio.stopped(&session.id).await;
        ledger::is_exact(&studio, &stopped).await?;
    }
    assert!(studio.segments().await.iter().all(|row| row.ended_at.is_some() || row.milliseconds == 0));
    Ok(())
}

async fn a_server_killed_during_a_stop_ends_the_session(database: Database) -> anyhow::Result<()> {
    let mut studio = Studio::new(database).await?;
    let session = studio.running().await;
    for delay in [0, 30, 100, 250, 500, 900] {
        studio.stop(&session.id).await.good();
        kill_and_restart(&mut studio, delay).await?;
        let stopped = studio.comes_to(&session.id, SessionState::Stopped).await;
        ledger::is_exact(&studio, &stopped).await?;
        studio.start(&session.id).await.good();
        studio.comes_to(&session.id, SessionState::Running).await;
    }
    Ok(())
}

async fn kill_and_restart(studio: &mut Studio, delay_ms: u64) -> anyhow::Result<()> {
    // The moment of the fault, not a wait for something.
    tokio::time::sleep(Duration::from_millis(delay_ms)).await;
    studio.world.server.kill9()?;
    studio.world.server.restart().await
}

fn started(container: bollard::models::ContainerInspectResponse) -> Option<String> {
    container.state.and_then(|state| state.started_at)
}
