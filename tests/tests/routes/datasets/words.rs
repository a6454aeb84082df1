//! Name, description, labels, and the word in the address.

use super::{Library, new};
use atelier_api::calls;
use atelier_api::dataset::{CreateDataset, UpdateDataset};
use atelier_api::event::Event;
use atelier_api::version::etag;
use atelier_tests::{Database, Events, eventually, on_both_databases};
use futures::future::join_all;
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;

on_both_databases!(
    a_dataset_is_made_described_and_labelled,
    of_two_who_change_the_same_the_later_is_told,
    equal_names_get_different_words_also_at_once,
    wrong_words_are_refused,
    whoever_looks_is_told,
);

async fn a_dataset_is_made_described_and_labelled(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let create = CreateDataset {
        name: " Customers 2026 ".to_owned(),
        description: "Monthly, from the shop.\nWithout names.".to_owned(),
        labels: ["raw", " eu ", "raw"].map(str::to_owned).to_vec(),
    };
    let call = calls::dataset_create("acme", &library.project.slug, &create);
    let answer = library.scientist.client.send(call).await;
    let made = answer.good_with(201);
    assert_eq!(answer.header("etag"), etag(made.version));
    assert_eq!((made.slug.as_str(), made.name.as_str()), ("customers-2026", "Customers 2026"));
    assert_eq!(made.labels, ["eu", "raw"]);
    assert_eq!((&made.created_by, made.versions, &made.latest), (&library.scientist.name, 0, &None));
    assert_eq!((made.trashed_at, made.removed_at), (None, None));

    let at = library.at(&library.scientist, &made);
    assert_eq!(at.get().await.good(), made);
    let change = UpdateDataset {
        name: Some("Clients".to_owned()),
        description: Some(String::new()),
        labels: Some(vec!["clean".to_owned()]),
    };
    let changed = at.update(&change).await.good();
    // Links and programs go on.
    assert_eq!((changed.slug.as_str(), changed.name.as_str()), ("customers-2026", "Clients"));
    assert_eq!((changed.description.as_str(), changed.labels.as_slice()), ("", &["clean".to_owned()][..]));
    assert_eq!(at.update(&UpdateDataset::default()).await.good().labels, ["clean"]);
    Ok(())
}

async fn of_two_who_change_the_same_the_later_is_told(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let made = library.dataset(&library.owner, "Customers", 0).await?;
    let (project, slug) = (library.project.slug.as_str(), made.slug.as_str());
    let rename = UpdateDataset { name: Some("Clients".to_owned()), ..UpdateDataset::default() };
    let update = || calls::dataset_update("acme", project, slug, &rename).unless_changed(made.version);
    let client = &library.owner.client;
    let first = client.send(update()).await;
    assert_eq!(first.header("etag"), etag(first.good().version));
    let late = client.send(update()).await.refused(412, "changed-meanwhile");
    assert_eq!(late.changed.map(|changed| changed.by).as_ref(), Some(&library.owner.name));
    let delete = calls::dataset_delete("acme", project, slug);
    client.send(delete.unless_changed(made.version)).await.refused(412, "changed-meanwhile");
    client.send(calls::dataset_get("acme", project, slug)).await.good();
    let delete = calls::dataset_delete("acme", project, slug);
    client.send(delete.unless_changed(first.good().version)).await.good_with(204);
    Ok(())
}

async fn equal_names_get_different_words_also_at_once(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let made = join_all((0..8).map(|_| library.owner.client.send(library.create("Customers")))).await;
    let slugs: BTreeSet<String> = made.iter().map(|answer| answer.good_with(201).slug).collect();
    assert_eq!(slugs.len(), 8, "{slugs:?}");
    assert!(slugs.contains("customers") && slugs.contains("customers-8"), "{slugs:?}");
    // The same word elsewhere is another's.
    let other = library.world.acme.project(&library.owner, "Fraud").await;
    let call = calls::dataset_create("acme", &other.slug, &new("Customers"));
    assert_eq!(library.owner.client.send(call).await.good().slug, "customers");
    Ok(())
}

async fn wrong_words_are_refused(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let made = library.dataset(&library.owner, "Customers", 0).await?;
    let before = library.world.server.database.dump()?;
    let client = &library.owner.client;
    let many: Vec<String> = (0..21).map(|n| n.to_string()).collect();
    for (body, field) in [
        (json!({ "name": " " }), "name"),
        (json!({ "name": "x".repeat(81) }), "name"),
        (json!({ "name": "a\u{0}" }), "name"),
        (json!({ "name": "A", "description": "x".repeat(2001) }), "description"),
        (json!({ "name": "A", "labels": many }), "labels"),
        (json!({ "name": "A", "labels": ["x".repeat(41)] }), "labels[0]"),
        (json!({ "name": "A", "labels": ["fine", ""] }), "labels[1]"),
        (json!({ "name": "A", "owner": "me" }), "owner"),
    ] {
        client.send_json(library.create(""), &body).await.blames(&[field]);
        let update =
            calls::dataset_update("acme", &library.project.slug, &made.slug, &UpdateDataset::default());
        client.send_json(update, &body).await.blames(&[field]);
    }
    let changes = library.world.server.database.changes_since(&before)?;
    assert!(changes.is_empty(), "something was changed: {changes:#?}");
    Ok(())
}

async fn whoever_looks_is_told(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let seen = Events::open(&library.scientist.client, "acme").await;
    let unseen = Events::open(
        &library.world.acme.person(atelier_api::role::OrganizationRole::Member).await.client,
        "acme",
    )
    .await;
    let told = Event::DatasetsChanged { project: library.project.slug.clone() };
    let count = || seen.all().iter().filter(|event| **event == told).count();
    let made = library.dataset(&library.owner, "Customers", 2).await?;
    let at = library.at(&library.owner, &made);
    // Changes of one moment are told once, so each waits for its own.
    let mut expected = 0;
    let mut wait = async || {
        expected += 1;
        eventually("it is told", Duration::from_secs(10), || async { count() >= expected }).await;
        expected = count();
    };
    wait().await;
    at.update(&UpdateDataset::default()).await.good();
    wait().await;
    at.tag("production", 1).await.good();
    wait().await;
    at.untag("production").await.good();
    wait().await;
    at.trash("2", true).await.good();
    wait().await;
    at.restore("2", "").await.good();
    wait().await;
    at.delete().await.good();
    wait().await;
    at.recover().await.good();
    wait().await;
    assert!(!unseen.all().contains(&told), "told to somebody who does not see the project");
    Ok(())
}
