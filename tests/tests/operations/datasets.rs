//! Datasets in a backup.

use atelier_api::calls;
use atelier_api::data::SetDataTag;
use atelier_api::dataset::CreateDataset;
use atelier_tests::{Client, Database, NO_DOCKER, TestServer, World, on_both_databases, program};

on_both_databases!(datasets_with_their_versions_tags_and_trash_are_in_a_backup);

async fn datasets_with_their_versions_tags_and_trash_are_in_a_backup(
    database: Database,
) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (from, ada) = (&world.server, &world.acme.administrator);
    let project = world.acme.project(ada, "Churn").await.slug;
    for name in ["Customers", "Events"] {
        let labels = vec!["raw".to_owned(), "eu".to_owned()];
        let new = CreateDataset { name: name.to_owned(), description: "Monthly".to_owned(), labels };
        let made = ada.client.send(calls::dataset_create("acme", &project, &new)).await.good();
        for number in 1..=3 {
            from.database.version(&made.id, number)?;
        }
        let tag = SetDataTag { number: 2 };
        ada.client
            .send(calls::dataset_tag_set("acme", &project, &made.slug, "production", &tag))
            .await
            .good();
    }
    ada.client.send(calls::dataset_delete("acme", &project, "events")).await.good();
    let before = seen(&ada.client, &project).await;

    let file = from.data_dir().join("backup.tar").display().to_string();
    let backup = program::command(&["backup", &file], &from.data_dir(), &from.database.url);
    program::succeed(backup).await?;
    for other in [Database::Sqlite, Database::Postgres] {
        let settings = [("DOCKER", NO_DOCKER.to_owned())];
        let restored = TestServer::prepared(other, &settings, |data_dir, url| {
            let restore = program::command(&["restore", &file], &data_dir, &url);
            async move { program::succeed(restore).await.map(drop) }
        });
        let restored = restored.await?;
        let client = restored.client();
        client.sign_in(&ada.email).await.good();
        assert_eq!(seen(&client, &project).await, before);
        client.send(calls::dataset_recover("acme", &project, "events")).await.good();
    }
    Ok(())
}

/// All that there is to see of two datasets.
async fn seen(client: &Client, project: &str) -> Vec<String> {
    let mut seen = Vec::new();
    for dataset in ["customers", "events"] {
        let (one, all) = (
            client.send(calls::dataset_get("acme", project, dataset)).await,
            client.send(calls::dataset_version_list("acme", project, dataset, None)).await,
        );
        assert_eq!((one.status.as_u16(), all.good().items.len()), (200, 3));
        seen.extend([one.text(), all.text()]);
    }
    seen
}
