//! Versions that are committed, with their files in the store.

use super::{At, Library};
use atelier_api::calls;
use atelier_api::data::DataOrigin;
use atelier_api::dataset::Dataset;
use atelier_api::role::Object;
use atelier_tests::{ArtifactPlace, Database, on_both_databases};
use futures::future::join_all;
use std::collections::BTreeSet;

on_both_databases!(
    of_twenty_who_commit_at_once_none_is_lost_and_no_number_given_twice,
    a_number_of_the_trash_is_not_given_again,
    a_restored_version_has_its_files,
    what_is_in_the_trash_or_gone_takes_no_commit,
);

/// As often as a commit is tried again because others were faster.
const TRIES: usize = 40;

fn place(library: &Library, dataset: &Dataset) -> ArtifactPlace {
    ArtifactPlace {
        object: Object::Dataset,
        organization: library.world.acme.slug.clone(),
        project: library.project.slug.clone(),
        slug: dataset.slug.clone(),
    }
}

async fn of_twenty_who_commit_at_once_none_is_lost_and_no_number_given_twice(
    database: Database,
) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let dataset = library.dataset(&library.owner, "Customers", 0).await?;
    let (place, client) = (place(&library, &dataset), &library.owner.client);
    place.version(client, "first", "1").await;
    let mut uploads = Vec::new();
    for n in 0..20 {
        let upload = place.begin(client).await.good_with(201).id;
        place.put(client, &upload, &format!("file {n}"), &n.to_string()).await.good();
        uploads.push(upload);
    }
    let commits = uploads.iter().map(|upload| {
        let place = &place;
        async move {
            for _ in 0..TRIES {
                let answer = place.commit(client, upload).await;
                if answer.status != 409 {
                    return answer.good_with(201).number;
                }
                answer.refused(409, "upload-busy");
            }
            panic!("others were faster {TRIES} times")
        }
    });
    let numbers: BTreeSet<i64> = join_all(commits).await.into_iter().collect();
    assert_eq!(numbers, (2..=21).collect());
    let at: At = library.at(&library.owner, &dataset);
    assert_eq!(at.version("latest").await.good().files, 21);
    for n in 0..20 {
        assert_eq!(place.read(client, "latest", &format!("file {n}")).await.text(), n.to_string());
    }
    // Once more, each answers with its own.
    let again = place.commit(client, &uploads[0]).await.good();
    assert!(numbers.contains(&again.number));
    assert_eq!(at.get().await.good().versions, 21);
    Ok(())
}

async fn a_number_of_the_trash_is_not_given_again(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let dataset = library.dataset(&library.owner, "Customers", 0).await?;
    let (place, client) = (place(&library, &dataset), &library.owner.client);
    let at = library.at(&library.owner, &dataset);
    for number in 1..=3 {
        let made = place.version(client, "a.csv", &format!("{number}")).await;
        assert_eq!((made.number, made.origin), (number, DataOrigin::Upload));
    }
    at.trash("3", true).await.good();
    let made = place.version(client, "a.csv", "4").await;
    assert_eq!((made.number, made.parent), (4, Some(2)), "it is a change of the newest that was there");
    // Nor when the trash has forgotten it.
    let forgotten =
        format!("UPDATE data_versions SET removed_at = 1 WHERE number = 3 AND object_id = '{}'", dataset.id);
    assert_eq!(library.world.server.database.execute(&forgotten)?, 1);
    at.version("3").await.refused(404, "not-found");
    place.read(client, "3", "a.csv").await.refused(404, "not-found");
    at.trash("3", false).await.refused(404, "not-found");
    at.restore("3", "").await.refused(404, "not-found");
    at.tag("production", 3).await.blames(&["number"]);
    assert_eq!(place.version(client, "a.csv", "5").await.number, 5);
    let numbers: Vec<i64> = at.versions(None).await.good().items.iter().map(|v| v.number).collect();
    assert_eq!(numbers, [5, 4, 2, 1]);
    Ok(())
}

async fn a_restored_version_has_its_files(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let dataset = library.dataset(&library.owner, "Customers", 0).await?;
    let (place, client) = (place(&library, &dataset), &library.owner.client);
    let at = library.at(&library.owner, &dataset);
    place.version(client, "a.csv", "old").await;
    place.version(client, "a.csv", "new").await;
    assert_eq!(place.read(client, "latest", "a.csv").await.text(), "new");
    at.restore("1", "").await.good_with(201);
    assert_eq!(place.read(client, "latest", "a.csv").await.text(), "old");
    assert_eq!(place.read(client, "2", "a.csv").await.text(), "new");
    Ok(())
}

async fn what_is_in_the_trash_or_gone_takes_no_commit(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let dataset = library.dataset(&library.owner, "Customers", 0).await?;
    let (place, client) = (place(&library, &dataset), &library.owner.client);
    let upload = place.begin(client).await.good().id;
    place.put(client, &upload, "a.csv", "1").await.good();
    let at = library.at(&library.owner, &dataset);
    at.delete().await.good();
    place.commit(client, &upload).await.refused(409, "dataset-in-trash");
    place.begin(client).await.refused(409, "dataset-in-trash");
    at.recover().await.good();
    assert_eq!(place.commit(client, &upload).await.good_with(201).number, 1);

    let other = place.begin(client).await.good().id;
    place.put(client, &other, "a.csv", "2").await.good();
    client.send(calls::project_delete("acme", &library.project.slug, "Churn")).await.good();
    place.commit(client, &other).await.refused(404, "not-found");
    let rows = library.world.server.database.lines("SELECT root AS line FROM data_versions")?;
    assert_eq!(rows.len(), 1);
    Ok(())
}
