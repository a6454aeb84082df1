//! Files that are sent whole.

use atelier_api::calls;
use atelier_api::data::{DataEntryKind, DataFolder, DataOrigin};
use atelier_api::upload::PutFiles;
use atelier_tests::{Database, Depot, on_both_databases};

on_both_databases!(
    a_file_that_is_put_and_committed_is_in_the_version,
    nobody_but_its_author_sees_an_upload,
    cancelling_leaves_nothing,
    two_files_at_once_both_stay,
    f11_a_body_that_is_cut_off_changes_nothing,
    an_upload_goes_on_after_a_kill,
);

async fn a_file_that_is_put_and_committed_is_in_the_version(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let client = &depot.owner.client;
    let upload = depot.begin(client, false).await.good_with(201);
    assert_eq!((upload.base, upload.files, upload.bytes), (None, 0, 0));
    let bytes: Vec<u8> =
        (0..5_000_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let put = depot.put(client, &upload.id, "raw/2026/events.bin", &bytes).await.good();
    assert_eq!((put.files, put.bytes), (1, 20_000_000));
    depot.put(client, &upload.id, "empty", b"").await.good();
    assert_eq!(depot.upload(client, &upload.id).await.good().files, 2);
    let none = depot.list(client, "latest", &DataFolder::default()).await;
    none.refused(404, "not-found");

    let version = depot.commit(client, &upload.id, " First ").await.good_with(201);
    assert_eq!((version.number, version.parent, version.message.as_str()), (1, None, "First"));
    assert_eq!((version.files, version.bytes, version.origin), (2, 20_000_000, DataOrigin::Upload));
    assert!((20_000_000..21_000_000).contains(&version.stored_bytes), "{version:?}");
    assert_eq!(depot.content(client, "latest", "raw/2026/events.bin").await.body, bytes);
    assert_eq!(depot.content(client, "v1", "empty").await.body, b"");
    let page = depot.list(client, "1", &DataFolder::default()).await.good();
    let seen: Vec<_> =
        page.items.iter().map(|entry| (entry.name.as_str(), entry.kind, entry.files)).collect();
    assert_eq!(seen, [("empty", DataEntryKind::File, 1), ("raw", DataEntryKind::Folder, 1)]);

    // Asked again it is the same version; nothing else may be done with it.
    assert_eq!(depot.commit(client, &upload.id, "Again").await.good(), version);
    depot.upload(client, &upload.id).await.refused(409, "upload-committed");
    depot.put(client, &upload.id, "late", b"x").await.refused(409, "upload-committed");
    let (o, p, d) = depot.place();
    assert!(client.send(calls::upload_list(o, p, d)).await.good().is_empty());

    // The next begins with its files.
    let next = depot.begin(client, false).await.good();
    assert_eq!((next.base, next.files), (Some(1), 2));
    let remove = PutFiles { remove: vec!["raw".to_owned(), "absent".to_owned()], put: Vec::new() };
    depot.files(client, &next.id, &remove).await.good();
    let second = depot.commit(client, &next.id, "").await.good();
    assert_eq!((second.number, second.parent, second.files), (2, Some(1), 1));
    assert_eq!(depot.names(client, "latest").await, ["empty"]);
    assert_eq!(depot.names(client, "1").await, ["empty", "raw"]);
    let replacing = depot.begin(client, true).await.good();
    assert_eq!((replacing.base, replacing.files), (None, 0));
    depot.put(client, &replacing.id, "only", b"this").await.good();
    assert_eq!(depot.commit(client, &replacing.id, "").await.good().parent, Some(2));
    assert_eq!(depot.names(client, "latest").await, ["only"]);
    Ok(())
}

async fn nobody_but_its_author_sees_an_upload(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let upload = depot.begin(&depot.owner.client, false).await.good();
    let other = &depot.scientist.client;
    let (o, p, d) = depot.place();
    assert!(other.send(calls::upload_list(o, p, d)).await.good().is_empty());
    depot.upload(other, &upload.id).await.refused(404, "not-found");
    depot.put(other, &upload.id, "mine", b"x").await.refused(404, "not-found");
    depot.lacking(other, &upload.id, &[]).await.refused(404, "not-found");
    depot.send_chunks(other, &upload.id, Vec::new()).await.refused(404, "not-found");
    depot.files(other, &upload.id, &PutFiles::default()).await.refused(404, "not-found");
    depot.commit(other, &upload.id, "").await.refused(404, "not-found");
    depot.cancel(other, &upload.id).await.refused(404, "not-found");
    assert_eq!(depot.owner.client.send(calls::upload_list(o, p, d)).await.good(), [upload]);
    Ok(())
}

async fn cancelling_leaves_nothing(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let client = &depot.owner.client;
    let upload = depot.begin(client, false).await.good();
    depot.put(client, &upload.id, "a", b"some bytes").await.good();
    depot.cancel(client, &upload.id).await.good_with(204);
    depot.upload(client, &upload.id).await.refused(404, "not-found");
    depot.commit(client, &upload.id, "").await.refused(404, "not-found");
    let database = &depot.world.server.database;
    for table in ["uploads", "upload_packs"] {
        let rows = database.lines(&format!("SELECT CAST(count(*) AS TEXT) AS line FROM {table}"))?;
        assert_eq!(rows, ["0"], "{table}");
    }
    Ok(())
}

async fn two_files_at_once_both_stay(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let client = &depot.owner.client;
    let upload = depot.begin(client, false).await.good();
    let names: Vec<String> = (0..12).map(|n| format!("file {n:02}")).collect();
    let puts = names.iter().map(|name| depot.put(client, &upload.id, name, name.as_bytes()));
    futures::future::join_all(puts).await.iter().for_each(|answer| drop(answer.good()));
    assert_eq!(depot.commit(client, &upload.id, "").await.good().files, 12);
    assert_eq!(depot.names(client, "latest").await, names);
    Ok(())
}

async fn f11_a_body_that_is_cut_off_changes_nothing(database: Database) -> anyhow::Result<()> {
    use std::io::{Read, Write};
    let depot = Depot::new(database).await?;
    let client = &depot.owner.client;
    let upload = depot.begin(client, false).await.good();
    let megabyte = vec![7; 1 << 20];
    for sent in 0..4usize {
        let head = format!(
            "PUT {} HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\nSec-Fetch-Site: same-origin\r\nContent-Length: {}\r\n\r\n",
            depot.file_path(&upload.id, "cut"),
            client.host(),
            client.cookie().unwrap_or_default(),
            megabyte.len() * 4,
        );
        let (server, megabyte) = (client.server(), megabyte.clone());
        let sending = tokio::task::spawn_blocking(move || {
            let mut stream = std::net::TcpStream::connect(server)?;
            stream.write_all(head.as_bytes())?;
            (0..sent).try_for_each(|_| stream.write_all(&megabyte))?;
            stream.shutdown(std::net::Shutdown::Write)?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).ok();
            Ok::<_, std::io::Error>(answer)
        });
        let answer = sending.await??;
        assert!(!answer.starts_with("HTTP/1.1 2"), "{sent} MiB of 4 were taken for all: {answer}");
        assert_eq!(depot.upload(client, &upload.id).await.good().files, 0, "after {sent} MiB");
    }
    depot.put(client, &upload.id, "whole", &megabyte).await.good();
    depot.commit(client, &upload.id, "").await.good();
    assert_eq!(depot.names(client, "latest").await, ["whole"]);
    Ok(())
}

async fn an_upload_goes_on_after_a_kill(database: Database) -> anyhow::Result<()> {
    let mut depot = Depot::new(database).await?;
    let client = depot.owner.client.clone();
    let upload = depot.begin(&client, false).await.good();
    depot.put(&client, &upload.id, "before", b"one").await.good();
    depot.world.server.kill9()?;
    depot.world.server.restart().await?;
    depot.put(&client, &upload.id, "after", b"two").await.good();
    depot.commit(&client, &upload.id, "").await.good();
    assert_eq!(depot.content(&client, "latest", "before").await.body, b"one");
    assert_eq!(depot.content(&client, "latest", "after").await.body, b"two");
    Ok(())
}
