//! After a restore elsewhere: the server starts, finds what is no longer there, and goes on.

use atelier_api::calls;
use atelier_api::session::SessionState;
use atelier_tests::studio::{LIMIT, Studio, container};
use atelier_tests::{Client, Database, TestServer, docker, on_both_databases, program, until};
use std::path::Path;

on_both_databases!(a_session_of_the_backup_is_reconciled);

async fn a_session_of_the_backup_is_reconciled(database: Database) -> anyhow::Result<()> {
    let mut studio = Studio::new(database).await?;
    let session = studio.running().await;
    let from = &studio.world.server;
    let file = from.data_dir().join("backup.tar").display().to_string();
    let backup = program::command(&["backup", &file], &from.data_dir(), &from.database.url);
    program::succeed(backup).await?;

    // A server that runs holds its data folder.
    let onto_itself = program::command(&["restore", &file], &from.data_dir(), &from.database.url);
    let refused = program::run(onto_itself).await?;
    anyhow::ensure!(!refused.status.success());
    let said = program::said(&refused);
    anyhow::ensure!(said.contains("another server already uses the data folder"), "{said}");

    // The machine is lost, and the container with it.
    studio.world.server.kill9()?;
    docker::remove(&studio.docker, &container(&session)).await?;
    let other = match database {
        Database::Sqlite => Database::Postgres,
        Database::Postgres => Database::Sqlite,
    };
    let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sandbox/images").canonicalize()?;
    let settings = [("ENVIRONMENTS_DIR", images.display().to_string())];
    let restored = TestServer::prepared(other, &settings, |data_dir, url| {
        let restore = program::command(&["restore", &file], &data_dir, &url);
        async move { program::succeed(restore).await.map(drop) }
    });
    let restored = restored.await?;
    let client = restored.client();
    client.sign_in(&studio.owner.email).await.good();
    let (organization, project) = (studio.organization(), studio.project.slug.as_str());
    let get = calls::session_get(organization, project, &session.id);
    until("the lost session is known to be over", LIMIT, || async {
        let now = client.send(get.clone()).await.good();
        matches!(now.state, SessionState::Failed | SessionState::Stopped).then_some(())
    })
    .await;
    bill_is_closed(&client, organization).await;

    let start = calls::session_start(organization, project, &session.id, &Default::default());
    client.send(start).await.good();
    until("it runs again", LIMIT, || async {
        let now = client.send(get.clone()).await.good();
        (now.state == SessionState::Running).then_some(())
    })
    .await;
    Ok(())
}

async fn bill_is_closed(client: &Client, organization: &str) {
    let call = calls::segment_list_mine(organization, &Default::default());
    let segments = client.send(call).await.good().items;
    assert_eq!(segments.len(), 1, "{segments:?}");
    assert!(segments.iter().all(|segment| segment.ended_at.is_some()), "{segments:?}");
}
