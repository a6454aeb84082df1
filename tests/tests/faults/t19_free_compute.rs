//! T19: who wants to compute for nothing. Each trick is billed to the one who did it, or undone.

use anyhow::Context;
use atelier_api::calls;
use atelier_api::session::{AliveReason, SessionState};
use atelier_tests::studio::{LIMIT, Studio};
use atelier_tests::{Database, docker, eventually, ledger, on_both_databases, until};
use bollard::models::ContainerCreateBody;
use bollard::query_parameters::CreateContainerOptionsBuilder;
use futures::future::join_all;
use std::collections::HashMap;
use std::time::Duration;

on_both_databases!(
    a_container_that_was_started_by_hand_goes,
    who_pretends_to_work_pays_for_it,
    the_bill_of_somebody_who_is_removed_stays,
);

/// Unknown containers are gone by then.
const UNKNOWN: Duration = Duration::from_secs(60);

async fn a_container_that_was_started_by_hand_goes(database: Database) -> anyhow::Result<()> {
    let studio = Studio::new(database).await?;
    let session = studio.running().await;
    let installation = studio.world.server.database.lines("SELECT id AS line FROM installation")?;
    let installation = installation.into_iter().next().context("no installation")?;
    let image = docker::inspect(&studio.docker, &atelier_tests::studio::container(&session)).await?.image;
    // One as if it were a session's, one that claims to be another start of a real one, one of nothing.
    let mut by_hand = Vec::new();
    let absent = "01a20000-0000-7000-8000-000000000000";
    for (workload, generation) in [(absent, "1"), (session.id.as_str(), "7"), ("", "")] {
        let mut labels = HashMap::from([("atelier.installation".to_owned(), installation.clone())]);
        if !workload.is_empty() {
            labels.insert("atelier.workload".to_owned(), workload.to_owned());
            labels.insert("atelier.generation".to_owned(), generation.to_owned());
            labels.insert("atelier.kind".to_owned(), "session".to_owned());
        }
        let name = format!("atelier-by-hand-{}-{generation}", std::process::id());
        let body = ContainerCreateBody {
            image: image.clone(),
            entrypoint: Some(vec!["sleep".to_owned(), "600".to_owned()]),
            labels: Some(labels),
            ..ContainerCreateBody::default()
        };
        let options = CreateContainerOptionsBuilder::new().name(&name).build();
        studio.docker.create_container(Some(options), body).await?;
        studio.docker.start_container(&name, None).await?;
        by_hand.push(name);
    }
    eventually("they are gone", UNKNOWN, || async {
        let looks = by_hand.iter().map(|name| docker::inspect(&studio.docker, name));
        join_all(looks).await.iter().all(Result::is_err)
    })
    .await;
    // What is real was left alone, and nobody pays for what was not.
    assert_eq!(studio.get(&session.id).await.state, SessionState::Running);
    let stopped = studio.stopped(&session.id).await;
    ledger::is_exact(&studio, &stopped).await?;
    let rows = ledger::is_sound(&studio.world.server.database)?;
    assert_eq!(rows.len(), 1, "{rows:?}");
    Ok(())
}

/// Heat keeps the idle rule away, and nothing else: every second of it is billed to who makes it.
async fn who_pretends_to_work_pays_for_it(database: Database) -> anyhow::Result<()> {
    let studio = Studio::new(database).await?;
    let session = studio.running().await;
    studio.run(&session, "(timeout 120 sh -c 'while :; do :; done' >/dev/null 2>&1 &)").await?;
    let begun = studio.get(&session.id).await.wanted_at;
    let hours_ago = format!(
        "UPDATE workload_status SET last_active_at = {} WHERE workload_id = '{}'",
        begun - 2 * 3_600_000,
        session.id
    );
    for _ in 0..2 {
        until("it is taken for work", LIMIT, || async {
            let idle = studio.get(&session.id).await.idle;
            idle.filter(|idle| idle.alive == AliveReason::Computing && idle.stops_at.is_none())
        })
        .await;
        studio.world.server.database.execute(&hours_ago)?;
    }
    let stopped = studio.stopped(&session.id).await;
    ledger::is_exact(&studio, &stopped).await?;
    let payers = format!("SELECT user_email AS line FROM segments WHERE workload_id = '{}'", session.id);
    assert_eq!(studio.world.server.database.lines(&payers)?, [studio.owner.email.as_str()]);
    Ok(())
}

async fn the_bill_of_somebody_who_is_removed_stays(database: Database) -> anyhow::Result<()> {
    let studio = Studio::new(database).await?;
    let session = studio.running().await;
    let admin = &studio.world.acme.administrator.client;
    let heir = studio.world.acme.administrator.clone();
    studio.world.acme.add(&studio.project, &heir, atelier_api::role::ProjectRole::Owner).await;
    admin.send(calls::person_remove(studio.organization(), &studio.owner.id)).await.good();
    let row = until("the bill is closed", LIMIT, || async {
        let rows = ledger::is_sound(&studio.world.server.database).ok()?;
        rows.into_iter().find(|row| row.workload == session.id && row.milliseconds.is_some())
    })
    .await;
    assert!(row.milliseconds > Some(0), "{row:?}");
    let payer = format!("SELECT user_email AS line FROM segments WHERE workload_id = '{}'", session.id);
    assert_eq!(studio.world.server.database.lines(&payer)?, [studio.owner.email.as_str()]);
    eventually("nothing of it runs", LIMIT, || async {
        let all = studio.containers().await.unwrap_or_default();
        let name = format!("/{}", atelier_tests::studio::container(&session));
        match all.contains(&name) {
            false => true,
            true => {
                let seen = docker::inspect(&studio.docker, name.trim_start_matches('/')).await;
                seen.is_ok_and(|seen| seen.state.and_then(|state| state.running) == Some(false))
            }
        }
    })
    .await;
    Ok(())
}
