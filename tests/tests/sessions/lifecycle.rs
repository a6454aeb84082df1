//! Start, work, stop, start again, delete.

use atelier_api::calls;
use atelier_api::event::Event;
use atelier_api::project::UpdateProject;
use atelier_api::session::{EndCause, SessionState, StepName};
use atelier_tests::ledger;
use atelier_tests::studio::{LIMIT, Studio, container};
use atelier_tests::{Database, Events, docker, eventually, on_both_databases, until};

on_both_databases!(from_the_first_start_to_deletion, the_end_of_a_project);

async fn from_the_first_start_to_deletion(database: Database) -> anyhow::Result<()> {
    let studio = Studio::new(database).await?;
    let (organization, project) = (studio.organization(), studio.project.slug.as_str());
    let client = &studio.owner.client;
    let events = Events::open(client, organization).await;

    let created = studio.create().await;
    assert_eq!((created.state, created.generation, created.mine), (SessionState::Starting, 1, true));
    let session = studio.comes_to(&created.id, SessionState::Running).await;
    let steps: Vec<StepName> = session.steps.iter().map(|step| step.name).collect();
    assert_eq!(steps, StepName::ALL);
    for step in &session.steps {
        let ended = step.ended_at.unwrap_or_default();
        assert!(ended >= step.started_at && step.started_at >= session.wanted_at, "{step:?}");
    }
    let last = until("the page hears that it runs", LIMIT, || async {
        events.all().into_iter().rev().find_map(|event| match event {
            Event::Session { session } if session.state == SessionState::Running => Some(session),
            _ => None,
        })
    })
    .await;
    assert_eq!((last.id, last.mine), (session.id.clone(), true));

    // The tool is reached on the session's own host, by the browser that was let in.
    let browser = studio.browser(&session.id).await;
    assert_eq!(browser.get("/api").await.text(), r#"{"version":"test"}"#);
    let echo = browser.request("POST", "/echo").body("a notebook");
    assert_eq!(browser.run::<()>(echo).await.text(), "a notebook");
    assert_eq!(browser.get("/bytes/3000000").await.body.len(), 3_000_000);
    let log = client.send(calls::session_log(organization, project, &session.id)).await.good();
    assert!(log.lines.iter().any(|line| line.contains("test-tool listens")), "{log:?}");

    // What is measured appears by itself.
    until("CPU and memory are shown", LIMIT, || async { studio.get(&session.id).await.usage }).await;
    let spend = until("it is billed", LIMIT, || async {
        Some(client.send(calls::spend_mine(organization)).await.good()).filter(|spend| spend.running > 0)
    })
    .await;
    assert_eq!((spend.running, spend.per_hour), (1, session.price_per_hour));

    // Files stay, in the work folder and at home; nothing else does.
    let write = "echo kept > /work/file && echo kept > /home/atelier/file && echo gone > /tmp/file";
    studio.run(&session, write).await?;
    let stopped = studio.stopped(&session.id).await;
    assert_eq!(stopped.end_cause, Some(EndCause::User));
    ledger::is_exact(&studio, &stopped).await?;
    assert_eq!(browser.get("/api").await.status, 503, "a stopped session's host");
    assert_eq!(client.send(calls::spend_mine(organization)).await.good().running, 0);

    studio.start(&session.id).await.good();
    let again = studio.comes_to(&session.id, SessionState::Running).await;
    assert_eq!(again.generation, 2);
    let read =
        studio.run(&again, "cat /work/file /home/atelier/file; test -e /tmp/file || echo absent").await?;
    assert_eq!(read, "kept\nkept\nabsent\n");
    studio.start(&session.id).await.refused(409, "not-stopped");

    // Deleted: off the list at once, the container soon, the bill stays.
    client.send(calls::session_delete(organization, project, &session.id)).await.good_with(204);
    client.send(calls::session_get(organization, project, &session.id)).await.refused(404, "not-found");
    eventually("its container is gone", LIMIT, || async {
        studio.containers().await.is_ok_and(|containers| containers.is_empty())
    })
    .await;
    eventually("its bill is closed", LIMIT, || async {
        let rows = studio.segments().await;
        rows.len() == 2 && rows.iter().all(|row| row.ended_at.is_some())
    })
    .await;
    Ok(())
}

/// An archived project starts nothing; a deleted one stops what runs, and the bill stays.
async fn the_end_of_a_project(database: Database) -> anyhow::Result<()> {
    let studio = Studio::new(database).await?;
    let (organization, project) = (studio.organization(), studio.project.slug.as_str());
    let client = &studio.owner.client;
    let session = studio.running().await;

    let archive = UpdateProject { archived: Some(true), ..UpdateProject::default() };
    client.send(calls::project_update(organization, project, &archive)).await.good();
    studio.create_as(client).await.refused(409, "project-archived");

    let wrong = calls::project_delete(organization, project, "Chur");
    client.send(wrong).await.blames(&["confirm"]);
    client.send(calls::project_delete(organization, project, &studio.project.name)).await.good_with(204);
    client.send(calls::project_get(organization, project)).await.refused(404, "not-found");
    eventually("its containers are gone", LIMIT, || async {
        studio.containers().await.is_ok_and(|containers| containers.is_empty())
    })
    .await;
    let bill = until("its bill is closed", LIMIT, || async {
        studio.segments().await.into_iter().find(|row| row.ended_at.is_some())
    })
    .await;
    assert_eq!(bill.container, format!("{}-1", session.id));
    assert_eq!(bill.project_name, studio.project.name);
    let docker = docker::connect()?;
    assert!(docker::inspect(&docker, &container(&session)).await.is_err(), "the container is left over");
    Ok(())
}
