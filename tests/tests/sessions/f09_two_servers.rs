//! F9: two servers on one database. On SQLite the second refuses; on PostgreSQL one acts at a time, and the
//! other goes on with what it began.

use atelier_api::calls;
use atelier_api::event::Event;
use atelier_api::project::UpdateProject;
use atelier_api::session::{Session, SessionState};
use atelier_tests::studio::{LIMIT, Studio, container};
use atelier_tests::{Client, Database, Events, TestServer, World, docker, eventually, ledger};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

const SOON: Duration = Duration::from_secs(1);
const STARTS: usize = 20;

#[tokio::test]
async fn f09_a_second_server_on_a_data_folder_refuses() -> anyhow::Result<()> {
    let server = TestServer::start(Database::Sqlite).await?;
    let said = server.refusal_of_another().await?;
    let sentence = format!("another server already uses the data folder {}", server.data_dir().display());
    assert!(said.contains(&sentence), "{said}");
    Ok(())
}

fn there(server: &TestServer, client: &Client) -> Client {
    let there = server.client();
    there.set_cookie(client.cookie());
    there
}

#[tokio::test]
async fn f09_a_page_of_one_server_hears_what_the_other_changed() -> anyhow::Result<()> {
    let world = World::new(Database::Postgres).await?;
    let second = world.server.second().await?;
    let acme = &world.acme;
    let here = &acme.administrator.client;
    let project = acme.project(&acme.administrator, "Churn").await;
    let changed = Event::ProjectChanged { project: project.slug.clone() };
    let heard = |events: &Events| events.all().iter().filter(|event| **event == changed).count();
    let change = async |client: &Client| {
        client.send(calls::project_update(&acme.slug, &project.slug, &UpdateProject::default())).await.good();
    };
    let pages = [Events::open(here, &acme.slug).await, Events::open(&there(&second, here), &acme.slug).await];
    // Both ways, and each change once.
    for (count, client) in [(1, here), (2, &there(&second, here))] {
        change(client).await;
        for page in &pages {
            eventually("the other's page hears of it", SOON, || async { heard(page) == count }).await;
        }
    }

    // The servers' own connections are cut: pages are told to fetch anew, then hear as before.
    let resyncs = |events: &Events| events.all().iter().filter(|event| **event == Event::Resync).count();
    let before: Vec<usize> = pages.iter().map(resyncs).collect();
    let cut = world.server.database.lines(
        "SELECT pg_terminate_backend(pid)::text AS line FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%atelier_changes%'",
    )?;
    assert!(cut.len() >= 2, "no connection of its own: {cut:?}");
    for (page, before) in pages.iter().zip(before) {
        eventually("the page is told to fetch anew", LIMIT, || async { resyncs(page) > before }).await;
    }
    change(here).await;
    eventually("it hears again", LIMIT, || async { heard(&pages[1]) == 3 }).await;
    Ok(())
}

#[tokio::test]
async fn f09_a_killed_servers_starts_are_finished_by_the_other() -> anyhow::Result<()> {
    let run = tempfile::Builder::new().prefix("atelier-run").tempdir()?;
    let settings = [("RUN_DIR", run.path().display().to_string())];
    let mut studio = Studio::with(Database::Postgres, &settings).await?;
    let first = studio.running().await;
    let second = studio.world.server.second().await?;
    let owner = there(&second, &studio.owner.client);

    // Asked for at both; only one of them acts.
    let mut ids = vec![first.id];
    for number in 1..STARTS {
        let client = if number % 2 == 0 { &studio.owner.client } else { &owner };
        ids.push(studio.create_as(client).await.good_with(201).id);
    }
    studio.world.server.kill9()?;
    let killed = Instant::now();
    let get = async |id: &str| -> Session {
        owner.send(calls::session_get(studio.organization(), &studio.project.slug, id)).await.good()
    };
    // The other acts in time: this one was asked of nobody else.
    let late = studio.create_as(&owner).await.good_with(201).id;
    eventually("the other server acts", Duration::from_secs(10), || async {
        get(&late).await.steps.len() > 1
    })
    .await;
    assert!(killed.elapsed() < Duration::from_secs(10), "{:?}", killed.elapsed());
    ids.push(late);

    let mut expected = BTreeSet::new();
    for id in &ids {
        eventually("the session runs", LIMIT, || async { get(id).await.state == SessionState::Running })
            .await;
        expected.insert(format!("/{}", container(&get(id).await)));
    }
    let found = studio.containers().await?;
    assert_eq!(found.len(), expected.len(), "{found:?}");
    assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected);
    // One that had started under the first server never stopped.
    let seen = docker::inspect(&studio.docker, &container(&get(&ids[0]).await)).await?;
    assert_eq!(seen.state.and_then(|state| state.running), Some(true));

    // The first comes back, and finds the other at work.
    studio.world.server.restart().await?;
    for id in &ids {
        studio.stop(id).await.good();
    }
    for id in &ids {
        let stopped = studio.comes_to(id, SessionState::Stopped).await;
        ledger::is_exact(&studio, &stopped).await?;
    }
    let mut containers: Vec<_> = studio.segments().await.into_iter().map(|row| row.container).collect();
    containers.sort();
    let rows = containers.len();
    containers.dedup();
    assert_eq!(rows, containers.len(), "a start was billed twice");
    Ok(())
}
