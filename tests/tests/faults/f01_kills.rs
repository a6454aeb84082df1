//! F1: the server is killed at each write of a start, of a stop and of the meter, and at random. What was
//! acknowledged is there once, what was not is absent or whole; everything comes to its end, nothing is left
//! over, and the ledger is exact.

use anyhow::Context;
use atelier_api::calls;
use atelier_api::session::{Session, SessionState};
use atelier_tests::strace::{Killer, WRITES};
use atelier_tests::studio::{LIMIT, Studio};
use atelier_tests::{
    Database, eventually, ledger, leftovers, on_both_databases, on_sqlite_and_in_the_long_form_on_postgres,
    until,
};
use std::collections::HashSet;
use std::time::Duration;

on_sqlite_and_in_the_long_form_on_postgres!(
    killed_at_writes_of_a_start,
    killed_at_writes_of_a_stop,
    killed_at_writes_of_the_meter,
);

on_both_databases!(
    long_killed_at_each_write_of_a_start,
    long_killed_at_each_write_of_a_stop,
    long_killed_at_random,
);

async fn killed_at_writes_of_a_start(database: Database) -> anyhow::Result<()> {
    at_writes_of_starts(database, &[1, 2, 4, 7, 11]).await
}

async fn long_killed_at_each_write_of_a_start(database: Database) -> anyhow::Result<()> {
    at_writes_of_starts(database, &(1..=60).collect::<Vec<_>>()).await
}

async fn killed_at_writes_of_a_stop(database: Database) -> anyhow::Result<()> {
    at_writes_of_stops(database, &[1, 3, 6]).await
}

async fn long_killed_at_each_write_of_a_stop(database: Database) -> anyhow::Result<()> {
    at_writes_of_stops(database, &(1..=40).collect::<Vec<_>>()).await
}

/// Positions beyond the last write change nothing: that they were reached is seen by the server's life.
async fn at_writes_of_starts(database: Database, positions: &[u32]) -> anyhow::Result<()> {
    let mut studio = Studio::new(database).await?;
    // The image is built before.
    let first = studio.running().await;
    studio.stopped(&first.id).await;
    let mut kills = 0;
    for &nth in positions {
        let known = ids(&studio).await;
        let killer = Killer::attach(studio.world.server.id(), WRITES, nth)?;
        let call = calls::session_create(studio.organization(), &studio.project.slug, &studio.wish());
        let answer = studio.owner.client.attempt(call).await;
        let acknowledged = answer.map(|answer| answer.good_with(201).id);
        kills +=
            u32::from(killed_or_comes_to(&mut studio, acknowledged.as_deref(), SessionState::Running).await?);
        drop(killer);

        let new: Vec<String> = ids(&studio).await.difference(&known).cloned().collect();
        match &acknowledged {
            Some(id) => assert_eq!(new, std::slice::from_ref(id), "acknowledged, so there once; write {nth}"),
            None => assert!(new.len() <= 1, "asked for once: {new:?}; write {nth}"),
        }
        for id in new {
            let session = studio.comes_to(&id, SessionState::Running).await;
            let browser = studio.browser(&session.id).await;
            until("its tool answers", LIMIT, || async {
                (browser.get("/api").await.status == 200).then_some(())
            })
            .await;
            leftovers::containers_are_those_of_the_sessions(&studio).await;
            let stopped = studio.stopped(&id).await;
            ledger::is_exact(&studio, &stopped).await?;
            let delete = calls::session_delete(studio.organization(), &studio.project.slug, &id);
            studio.owner.client.send(delete).await.good();
        }
    }
    assert!(kills > 0, "no position was ever reached");
    the_end(&studio).await
}

async fn at_writes_of_stops(database: Database, positions: &[u32]) -> anyhow::Result<()> {
    let mut studio = Studio::new(database).await?;
    let session = studio.running().await;
    let mut kills = 0;
    for &nth in positions {
        let killer = Killer::attach(studio.world.server.id(), WRITES, nth)?;
        let call = calls::session_stop(studio.organization(), &studio.project.slug, &session.id);
        let acknowledged = studio.owner.client.attempt(call).await.is_some_and(|answer| answer.status == 200);
        let of = acknowledged.then_some(session.id.as_str());
        kills += u32::from(killed_or_comes_to(&mut studio, of, SessionState::Stopped).await?);
        drop(killer);

        if !acknowledged && !is_ending(&studio.get(&session.id).await) {
            studio.comes_to(&session.id, SessionState::Running).await;
            studio.stop(&session.id).await.good();
        }
        let stopped = studio.comes_to(&session.id, SessionState::Stopped).await;
        ledger::is_exact(&studio, &stopped).await?;
        studio.start(&session.id).await.good();
        studio.comes_to(&session.id, SessionState::Running).await;
        leftovers::containers_are_those_of_the_sessions(&studio).await;
    }
    assert!(kills > 0, "no position was ever reached");
    studio.stopped(&session.id).await;
    the_end(&studio).await
}

/// Nothing happens but heartbeats, and the server is killed at the first writes of one.
async fn killed_at_writes_of_the_meter(database: Database) -> anyhow::Result<()> {
    let mut studio = Studio::new(database).await?;
    let session = studio.running().await;
    for nth in [1, 2] {
        let killer = Killer::attach(studio.world.server.id(), WRITES, nth)?;
        let server = &studio.world.server;
        eventually("the server is killed at a heartbeat", Duration::from_secs(15), || async {
            server.has_ended()
        })
        .await;
        drop(killer);
        studio.world.server.restart().await?;
        ledger::is_sound(&studio.world.server.database)?;
    }
    let session = studio.stopped(&session.id).await;
    ledger::is_exact(&studio, &session).await?;
    the_end(&studio).await
}

#[tokio::test]
async fn killed_at_random() -> anyhow::Result<()> {
    at_random(Database::Sqlite, 20).await
}

async fn long_killed_at_random(database: Database) -> anyhow::Result<()> {
    at_random(database, 200).await
}

/// Three sessions are started and stopped all the time while the server is killed again and again.
async fn at_random(database: Database, kills: u32) -> anyhow::Result<()> {
    let mut studio = Studio::new(database).await?;
    let mut sessions = Vec::new();
    for _ in 0..3 {
        sessions.push(studio.running().await.id);
    }
    // Any sequence will do, as long as a failure can be repeated.
    let mut state: u64 = 0x2545_f491_4f6c_dd1d;
    let mut random = move |below: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % below
    };
    for _ in 0..kills {
        for id in &sessions {
            if random(3) > 0 {
                let (organization, project) = (studio.organization(), studio.project.slug.as_str());
                let client = &studio.owner.client;
                let state = studio.get(id).await.state;
                // A start may be cut off once too often: then it has failed, and says so.
                if matches!(state, SessionState::Stopped | SessionState::Failed) {
                    let start = calls::session_start(organization, project, id, &Default::default());
                    client.send(start).await.good();
                } else if state == SessionState::Running {
                    client.send(calls::session_stop(organization, project, id)).await.good();
                }
            }
        }
        // The moment of the fault, not a wait for something.
        tokio::time::sleep(Duration::from_millis(random(700))).await;
        studio.world.server.kill9()?;
        studio.world.server.restart().await?;
        ledger::is_sound(&studio.world.server.database)?;
    }
    for id in &sessions {
        let session = until("a session comes to rest", LIMIT, || async {
            let session = studio.get(id).await;
            let rests = [SessionState::Running, SessionState::Stopped, SessionState::Failed];
            rests.contains(&session.state).then_some(session)
        })
        .await;
        let failure = session.failure.map(|failure| failure.code);
        assert!(failure.as_deref().is_none_or(|code| code == "start-cut-off"), "{failure:?}");
    }
    leftovers::containers_are_those_of_the_sessions(&studio).await;
    for id in &sessions {
        if studio.get(id).await.state == SessionState::Running {
            studio.stop(id).await.good();
            studio.comes_to(id, SessionState::Stopped).await;
        }
        ledger::is_exact(&studio, &studio.get(id).await).await?;
    }
    the_end(&studio).await
}

/// Every bill is closed, and nothing is left on Docker once the project is gone.
async fn the_end(studio: &Studio) -> anyhow::Result<()> {
    let rows = until("every bill is closed", LIMIT, || async {
        let rows = ledger::is_sound(&studio.world.server.database).ok()?;
        rows.iter().all(|row| row.milliseconds.is_some()).then_some(rows)
    })
    .await;
    anyhow::ensure!(!rows.is_empty(), "nothing was billed");
    leftovers::none_after_the_project(studio).await.context("after the end of the project")
}

/// Waits until the server is killed, and starts it again then; or until the session has come that far without.
/// Says whether it was killed.
async fn killed_or_comes_to(
    studio: &mut Studio,
    id: Option<&str>,
    state: SessionState,
) -> anyhow::Result<bool> {
    let killed = until("the server is killed or the session has come to its state", LIMIT, || async {
        if studio.world.server.has_ended() {
            return Some(true);
        }
        let call = calls::session_get(studio.organization(), &studio.project.slug, id?);
        let session = studio.owner.client.attempt(call).await?;
        (session.status == 200 && session.good().state == state).then_some(false)
    })
    .await;
    if killed {
        studio.world.server.restart().await?;
    }
    Ok(killed)
}

fn is_ending(session: &Session) -> bool {
    matches!(session.state, SessionState::Stopping | SessionState::Stopped)
}

async fn ids(studio: &Studio) -> HashSet<String> {
    let list = calls::session_list(studio.organization(), &studio.project.slug);
    studio.owner.client.send(list).await.good().into_iter().map(|session| session.id).collect()
}
