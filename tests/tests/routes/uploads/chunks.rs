//! Files that are sent in chunks.

use atelier_api::upload::{MAX_CHUNK_BODY, PutFile, PutFiles};
use atelier_tests::{Database, Depot, chunk, eventually, frames, on_both_databases};
use std::time::Duration;

on_both_databases!(
    only_what_is_lacking_has_to_be_sent,
    f11_wrong_hashes_and_broken_frames_are_refused,
    lacking_chunks_are_named_and_the_upload_goes_on,
    a_known_hash_opens_nothing,
    what_was_sent_counts_after_a_kill,
);

async fn only_what_is_lacking_has_to_be_sent(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let client = &depot.owner.client;
    let parts: Vec<Vec<u8>> = (0..5u8).map(|n| vec![n; 200_000]).collect();
    let ids: Vec<String> = parts.iter().map(|part| chunk(part)).collect();
    let upload = depot.begin(client, false).await.good();
    assert_eq!(depot.lacking(client, &upload.id, &ids).await.good().chunks, ids);
    let body = frames(&[&parts[0], &parts[1], &parts[2]]);
    depot.send_chunks(client, &upload.id, body).await.good_with(204);
    assert_eq!(depot.lacking(client, &upload.id, &ids).await.good().chunks, ids[3..]);
    depot.send_chunks(client, &upload.id, frames(&[&parts[3], &parts[4]])).await.good_with(204);
    let put = depot.made_of(client, &upload.id, "joined", &ids).await.good();
    assert_eq!((put.files, put.bytes), (1, 1_000_000));
    depot.commit(client, &upload.id, "").await.good();
    assert_eq!(depot.content(client, "latest", "joined").await.body, parts.concat());

    // What the newest version holds need not be sent again.
    let next = depot.begin(client, false).await.good();
    assert!(depot.lacking(client, &next.id, &ids).await.good().chunks.is_empty());
    let backwards: Vec<String> = ids.iter().rev().cloned().collect();
    depot.made_of(client, &next.id, "backwards", &backwards).await.good();
    let second = depot.commit(client, &next.id, "").await.good();
    assert!(second.stored_bytes < 100_000, "{second:?}");
    let reversed: Vec<u8> = parts.iter().rev().flatten().copied().collect();
    assert_eq!(depot.content(client, "2", "backwards").await.body, reversed);
    Ok(())
}

async fn f11_wrong_hashes_and_broken_frames_are_refused(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let client = &depot.owner.client;
    let upload = depot.begin(client, false).await.good();
    let mut wrong = frames(&[b"some bytes"]);
    wrong[0] ^= 1;
    depot.send_chunks(client, &upload.id, wrong).await.refused(422, "wrong-hash");
    let whole = frames(&[b"some bytes"]);
    depot.send_chunks(client, &upload.id, whole[..40].to_vec()).await.refused(400, "cut-off");
    let huge = [[0; 32].as_slice(), &(5u32 << 20).to_le_bytes()].concat();
    depot.send_chunks(client, &upload.id, huge).await.refused(413, "too-large");
    let nothing = [0; 36].to_vec();
    depot.send_chunks(client, &upload.id, nothing).await.blames(&["body"]);
    let many = frames(&[&vec![1; 4 << 20]]).repeat(MAX_CHUNK_BODY / (4 << 20));
    depot.send_chunks(client, &upload.id, many).await.refused(413, "too-large");
    let id = chunk(b"some bytes");
    let asked = std::slice::from_ref(&id);
    assert_eq!(depot.lacking(client, &upload.id, asked).await.good().chunks, asked);
    for hash in ["", "abc", &id.to_uppercase(), &format!("{id}0")] {
        depot.lacking(client, &upload.id, &[hash.to_owned()]).await.refused(422, "invalid");
    }
    depot.send_chunks(client, &upload.id, whole).await.good();
    depot.made_of(client, &upload.id, "fine", &[id]).await.good();
    Ok(())
}

async fn lacking_chunks_are_named_and_the_upload_goes_on(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let client = &depot.owner.client;
    let upload = depot.begin(client, false).await.good();
    let parts: Vec<Vec<u8>> = (0..150u32).map(|n| n.to_le_bytes().to_vec()).collect();
    let ids: Vec<String> = parts.iter().map(|part| chunk(part)).collect();
    let file = |n: usize| PutFile { path: format!("{n}"), chunks: vec![ids[n].clone()], executable: n == 7 };
    let files = PutFiles { remove: Vec::new(), put: (0..150).map(file).collect() };
    let problem = depot.files(client, &upload.id, &files).await.refused(409, "chunks-lacking");
    let named: Vec<String> = problem.fields.into_iter().map(|field| field.detail).collect();
    assert_eq!(named, ids[..100], "a hundred at once");
    assert_eq!(depot.upload(client, &upload.id).await.good().files, 0);
    let all: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
    depot.send_chunks(client, &upload.id, frames(&all)).await.good();
    assert_eq!(depot.files(client, &upload.id, &files).await.good().files, 150);
    Ok(())
}

/// Design §3.10: a commit may reference only chunks that were sent in it or are in versions that may be read.
async fn a_known_hash_opens_nothing(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let secret = b"what only the owner has sent so far".as_slice();
    let (owner, other) = (&depot.owner.client, &depot.scientist.client);
    let sent = depot.begin(owner, false).await.good();
    depot.send_chunks(owner, &sent.id, frames(&[secret])).await.good();
    depot.made_of(owner, &sent.id, "secret", &[chunk(secret)]).await.good();
    let guessed = depot.begin(other, false).await.good();
    let ids = [chunk(secret)];
    assert_eq!(depot.lacking(other, &guessed.id, &ids).await.good().chunks, ids);
    depot.made_of(other, &guessed.id, "mine", &ids).await.refused(409, "chunks-lacking");
    // Who has the bytes may send them.
    depot.send_chunks(other, &guessed.id, frames(&[secret])).await.good();
    depot.made_of(other, &guessed.id, "mine", &ids).await.good();
    Ok(())
}

async fn what_was_sent_counts_after_a_kill(database: Database) -> anyhow::Result<()> {
    let mut depot = Depot::new(database).await?;
    let client = depot.owner.client.clone();
    let upload = depot.begin(&client, false).await.good();
    let part = vec![3; 100_000];
    depot.send_chunks(&client, &upload.id, frames(&[&part])).await.good();
    let rows = "SELECT CAST(count(*) AS TEXT) AS line FROM upload_packs";
    eventually("it is written within seconds", Duration::from_secs(30), || async {
        depot.world.server.database.lines(rows).is_ok_and(|rows| rows == ["1"])
    })
    .await;
    depot.world.server.kill9()?;
    depot.world.server.restart().await?;
    let ids = [chunk(&part)];
    assert!(depot.lacking(&client, &upload.id, &ids).await.good().chunks.is_empty());
    depot.made_of(&client, &upload.id, "kept", &ids).await.good();
    depot.commit(&client, &upload.id, "").await.good();
    assert_eq!(depot.content(&client, "latest", "kept").await.body, part);
    Ok(())
}
