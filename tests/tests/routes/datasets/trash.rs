//! Trash, recovery and restoring.

use super::Library;
use atelier_api::calls;
use atelier_api::data::DataOrigin;
use atelier_api::dataset::{DatasetFilter, UpdateDataset};
use atelier_tests::{Database, on_both_databases};

on_both_databases!(
    a_deleted_dataset_comes_back_whole,
    what_is_in_the_trash_is_not_written_to,
    a_version_goes_into_the_trash_and_comes_back,
    an_older_version_becomes_the_newest_and_nothing_is_lost,
    with_the_project_its_datasets_are_out_of_reach,
);

const DAY: i64 = 86_400_000;

async fn a_deleted_dataset_comes_back_whole(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let made = library.dataset(&library.scientist, "Customers", 2).await?;
    let at = library.at(&library.scientist, &made);
    at.tag("production", 1).await.good();
    let before = at.get().await.good();
    at.delete().await.good_with(204);

    let client = &library.scientist.client;
    assert_eq!(library.names(client, &DatasetFilter::default()).await, [""; 0]);
    let trash = DatasetFilter { trashed: Some(true), ..DatasetFilter::default() };
    let listed = library.list(client, &trash).await.items.remove(0);
    assert_eq!(listed, at.get().await.good());
    let (trashed_at, removed_at) = (listed.trashed_at.unwrap_or_default(), listed.removed_at);
    assert!(trashed_at >= made.created_at, "{listed:?}");
    assert_eq!(removed_at, Some(trashed_at + 30 * DAY));
    // Its word stays its own.
    assert_eq!(library.dataset(&library.owner, "Customers", 0).await?.slug, "customers-2");
    // Who could not put it there does not know of it.
    let reader = library.world.acme.member(&library.project, atelier_api::role::ProjectRole::Annotator).await;
    for answer in [
        library.at(&reader, &made).get().await.untyped(),
        library.at(&reader, &made).recover().await.untyped(),
        library.at(&reader, &made).versions(None).await.untyped(),
    ] {
        answer.refused(404, "not-found");
    }

    let back = at.recover().await.good();
    assert_eq!((back.trashed_at, back.removed_at), (None, None));
    assert_eq!((back.versions, &back.latest, back.name), (2, &before.latest, before.name));
    assert_eq!(at.version("production").await.good().number, 1);
    library.at(&reader, &made).get().await.good();
    // Twice does no harm.
    assert_eq!(at.recover().await.good().slug, made.slug);
    Ok(())
}

async fn what_is_in_the_trash_is_not_written_to(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let made = library.dataset(&library.owner, "Customers", 2).await?;
    let at = library.at(&library.owner, &made);
    at.tag("production", 2).await.good();
    at.delete().await.good();
    let before = library.world.server.database.dump()?;
    for answer in [
        at.update(&UpdateDataset::default()).await.untyped(),
        at.delete().await.untyped(),
        at.trash("1", true).await.untyped(),
        at.restore("1", "").await.untyped(),
        at.tag("production", 1).await.untyped(),
        at.untag("production").await.untyped(),
    ] {
        answer.refused(409, "dataset-in-trash");
    }
    let changes = library.world.server.database.changes_since(&before)?;
    assert!(changes.is_empty(), "something was changed: {changes:#?}");
    // Looking is no harm.
    assert_eq!(at.versions(None).await.good().items.len(), 2);
    Ok(())
}

async fn a_version_goes_into_the_trash_and_comes_back(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let made = library.dataset(&library.owner, "Customers", 3).await?;
    let at = library.at(&library.owner, &made);
    at.tag("production", 3).await.good();
    let refused = at.trash("3", true).await.refused(409, "version-tagged");
    assert!(refused.detail.contains("production"), "{}", refused.detail);
    at.untag("production").await.good();
    let gone = at.trash("latest", true).await.good();
    assert_eq!(gone.number, 3);
    assert_eq!(gone.removed_at, gone.trashed_at.map(|at| at + 30 * DAY));
    assert_eq!(at.trash("3", true).await.good(), gone, "once more changes nothing");
    let dataset = at.get().await.good();
    assert_eq!((dataset.versions, dataset.latest.map(|version| version.number)), (2, Some(2)));
    assert_eq!(at.version("latest").await.good().number, 2);
    assert_eq!(at.versions(None).await.good().items[0], gone, "the list shows it");
    // Whose dataset it is not may not.
    library.at(&library.scientist, &made).trash("2", true).await.refused(403, "forbidden");

    let back = at.trash("3", false).await.good();
    assert_eq!((back.trashed_at, back.removed_at), (None, None));
    assert_eq!(at.version("latest").await.good(), back);
    // All may go: then there is no latest.
    for number in ["1", "2", "3"] {
        at.trash(number, true).await.good();
    }
    at.version("latest").await.refused(404, "not-found");
    at.trash("latest", true).await.refused(404, "not-found");
    at.trash("4", true).await.refused(404, "not-found");
    Ok(())
}

async fn an_older_version_becomes_the_newest_and_nothing_is_lost(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let made = library.dataset(&library.owner, "Customers", 3).await?;
    let at = library.at(&library.scientist, &made);
    let old = at.version("1").await.good();
    let back = at.restore("1", " As it was ").await.good_with(201);
    assert_eq!((back.number, back.parent, back.restored), (4, Some(3), Some(1)));
    assert_eq!((back.origin, back.message.as_str()), (DataOrigin::Restore, "As it was"));
    assert_eq!((&back.root, back.files, back.bytes, back.stored_bytes), (&old.root, old.files, old.bytes, 0));
    assert_eq!((&back.author, back.session), (&library.scientist.id, None));
    let numbers: Vec<i64> = at.versions(None).await.good().items.iter().map(|v| v.number).collect();
    assert_eq!(numbers, [4, 3, 2, 1]);
    at.restore("1", "").await.refused(409, "nothing-changed");
    at.restore("9", "").await.refused(404, "not-found");
    let long = calls::dataset_version_restore("acme", at.project, at.dataset, "2", &Default::default());
    at.client.send_json(long, &serde_json::json!({ "message": "x".repeat(2001) })).await.blames(&["message"]);
    // Out of the trash, too, as long as it is there.
    library.at(&library.owner, &made).trash("2", true).await.good();
    assert_eq!(at.restore("2", "").await.good().number, 5);
    Ok(())
}

async fn with_the_project_its_datasets_are_out_of_reach(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let made = library.dataset(&library.owner, "Customers", 1).await?;
    let at = library.at(&library.owner, &made);
    let delete = calls::project_delete("acme", &library.project.slug, "Churn");
    library.owner.client.send(delete).await.good();
    at.get().await.refused(404, "not-found");
    at.version("1").await.refused(404, "not-found");
    // Another project of the name has none of them.
    let again = library.world.acme.project(&library.owner, "Churn").await;
    assert_eq!(again.slug, library.project.slug);
    at.get().await.refused(404, "not-found");
    assert_eq!(library.names(&library.owner.client, &DatasetFilter::default()).await, [""; 0]);
    Ok(())
}
