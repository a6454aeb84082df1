//! Two people's uploads become versions.

use atelier_tests::{Database, Depot, eventually, on_both_databases};
use std::time::Duration;

on_both_databases!(
    changes_of_two_people_are_both_in_the_newest_version,
    what_both_changed_is_named_and_nothing_is_lost,
    of_many_commits_at_once_each_becomes_a_version,
    what_changed_is_listed,
    an_upload_that_nobody_goes_on_with_is_forgotten_in_time,
);

async fn changes_of_two_people_are_both_in_the_newest_version(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let (owner, other) = (&depot.owner.client, &depot.scientist.client);
    depot.version(owner, &[("shared", b"1"), ("a", b"1"), ("b", b"1")]).await;
    let one = depot.begin(owner, false).await.good();
    let two = depot.begin(other, false).await.good();
    depot.put(owner, &one.id, "a", b"2").await.good();
    depot.put(other, &two.id, "b", b"2").await.good();
    depot.put(other, &two.id, "new", b"2").await.good();
    assert_eq!(depot.commit(owner, &one.id, "").await.good().number, 2);
    let merged = depot.commit(other, &two.id, "").await.good();
    assert_eq!((merged.number, merged.parent, merged.files), (3, Some(2), 4));
    for (path, bytes) in [("shared", b"1"), ("a", b"2"), ("b", b"2"), ("new", b"2")] {
        assert_eq!(depot.content(owner, "3", path).await.body, bytes, "{path}");
    }
    Ok(())
}

async fn what_both_changed_is_named_and_nothing_is_lost(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let (owner, other) = (&depot.owner.client, &depot.scientist.client);
    depot.version(owner, &[("shared", b"1")]).await;
    let late = depot.begin(other, false).await.good();
    depot.put(other, &late.id, "shared", b"theirs").await.good();
    depot.put(other, &late.id, "beside", b"theirs").await.good();
    depot.version(owner, &[("shared", b"ours")]).await;
    let problem = depot.commit(other, &late.id, "").await.refused(409, "changed-meanwhile");
    let named: Vec<&str> = problem.fields.iter().map(|field| field.detail.as_str()).collect();
    assert_eq!(named, ["shared"]);
    assert_eq!(depot.content(owner, "latest", "shared").await.body, b"ours");
    assert_eq!(depot.upload(other, &late.id).await.good().files, 2, "the upload stays");
    // The person decides to take it as it is there.
    depot.put(other, &late.id, "shared", b"ours").await.good();
    assert_eq!(depot.commit(other, &late.id, "").await.good().number, 3);
    assert_eq!(depot.names(owner, "latest").await, ["beside", "shared"]);
    Ok(())
}

async fn of_many_commits_at_once_each_becomes_a_version(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let client = &depot.owner.client;
    let mut uploads = Vec::new();
    for n in 0..4 {
        let upload = depot.begin(client, false).await.good();
        depot.put(client, &upload.id, &format!("{n}"), b"x").await.good();
        uploads.push(upload.id);
    }
    let commits = uploads.iter().map(|id| depot.commit(client, id, ""));
    let made = futures::future::join_all(commits).await;
    let mut numbers: Vec<i64> = made.iter().map(|answer| answer.good().number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 4]);
    assert_eq!(depot.names(client, "latest").await, ["0", "1", "2", "3"]);
    Ok(())
}

async fn what_changed_is_listed(database: Database) -> anyhow::Result<()> {
    use atelier_api::calls;
    use atelier_api::data::DataChangeKind::{Added, Changed, Removed};
    use atelier_api::upload::PutFiles;
    let depot = Depot::new(database).await?;
    let client = &depot.owner.client;
    depot.version(client, &[("a", b"1"), ("b/c", b"1"), ("stays", b"1")]).await;
    let next = depot.begin(client, false).await.good();
    let remove = PutFiles { remove: vec!["b".to_owned()], put: Vec::new() };
    depot.files(client, &next.id, &remove).await.good();
    depot.put(client, &next.id, "a", b"22").await.good();
    depot.put(client, &next.id, "new/d", b"333").await.good();
    depot.commit(client, &next.id, "").await.good();
    let (o, p, d) = depot.place();
    let changes = client.send(calls::dataset_changes(o, p, d, "latest", "1", None)).await.good();
    let seen: Vec<_> = changes
        .items
        .iter()
        .map(|change| (change.path.as_str(), change.kind, change.bytes_before, change.bytes_after))
        .collect();
    let expected =
        [("a", Changed, Some(1), Some(2)), ("b/c", Removed, Some(1), None), ("new/d", Added, None, Some(3))];
    assert_eq!(seen, expected);
    assert!(changes.next.is_none());
    client.send(calls::dataset_changes(o, p, d, "latest", "7", None)).await.refused(404, "not-found");
    client.send(calls::dataset_changes(o, p, d, "latest", "1", Some("x"))).await.blames(&["cursor"]);
    Ok(())
}

async fn an_upload_that_nobody_goes_on_with_is_forgotten_in_time(database: Database) -> anyhow::Result<()> {
    let mut depot = Depot::new(database).await?;
    let client = depot.owner.client.clone();
    let (left, kept) =
        (depot.begin(&client, false).await.good_with(201), depot.begin(&client, false).await.good_with(201));
    for upload in [&left, &kept] {
        depot.put(&client, &upload.id, "a", b"1").await.good();
    }
    // As if seven days had passed for one of them. A server looks when it starts, and each minute.
    let past = format!("UPDATE uploads SET expires_at = 1 WHERE id = '{}'", left.id);
    anyhow::ensure!(depot.world.server.database.execute(&past)? == 1, "one has expired");
    depot.world.server.kill9()?;
    depot.world.server.restart().await?;
    let server = &depot.world.server;
    let packs = format!("SELECT upload_id AS line FROM upload_packs WHERE upload_id = '{}'", left.id);
    eventually("nothing of it is kept", Duration::from_secs(20), || async {
        server.database.lines(&packs).is_ok_and(|packs| packs.is_empty())
    })
    .await;
    depot.upload(&client, &left.id).await.refused(404, "not-found");
    depot.commit(&client, &left.id, "").await.refused(404, "not-found");
    assert_eq!(depot.commit(&client, &kept.id, "").await.good_with(201).number, 1);
    Ok(())
}
