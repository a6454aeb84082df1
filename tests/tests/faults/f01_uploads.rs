//! F1 and F12: the server is killed at each write of uploads and commits, and at random moments of them. What was acknowledged is there, whole;
//! nothing is half there.

use atelier_api::calls;
use atelier_api::upload::{CommitUpload, CreateUpload};
use atelier_tests::program::{command, succeed};
use atelier_tests::strace::{Killer, OBJECT_WRITES};
use atelier_tests::{
    Client, Database, Depot, on_both_databases, on_sqlite_and_in_the_long_form_on_postgres, signal, until,
};
use std::collections::BTreeMap;
use std::time::Duration;

on_sqlite_and_in_the_long_form_on_postgres!(killed_at_writes_of_an_upload);
on_both_databases!(long_killed_at_each_write_of_an_upload, long_killed_at_random_during_uploads);

async fn killed_at_writes_of_an_upload(database: Database) -> anyhow::Result<()> {
    at_writes(database, &[5, 23, 37, 52, 66]).await
}

async fn long_killed_at_each_write_of_an_upload(database: Database) -> anyhow::Result<()> {
    at_writes(database, &(1..=150).collect::<Vec<_>>()).await
}

#[tokio::test]
async fn killed_at_random_during_uploads() -> anyhow::Result<()> {
    at_random(Database::Sqlite, 10).await
}

async fn long_killed_at_random_during_uploads(database: Database) -> anyhow::Result<()> {
    at_random(database, 200).await
}

/// Bytes of a file, which no other has and which cannot be squeezed.
fn bytes(number: u64) -> Vec<u8> {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut word = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..40_000).flat_map(|_| word()).collect()
}

/// One upload with one file, made and committed while the server is watched. Positions beyond its last write are
/// reached by nobody.
async fn at_writes(database: Database, positions: &[u32]) -> anyhow::Result<()> {
    let mut depot = Depot::new(database).await?;
    let client = depot.owner.client.clone();
    let mut files = BTreeMap::new();
    let mut kills = 0;
    for &nth in positions {
        let file = u64::from(nth);
        let killer = Killer::attach(depot.world.server.id(), OBJECT_WRITES, nth)?;
        let acknowledged = version(&depot, &client, file).await;
        drop(killer);
        if acknowledged.is_none() {
            kills += 1;
            until("it is gone", Duration::from_secs(10), || async {
                depot.world.server.has_ended().then_some(())
            })
            .await;
            depot.world.server.restart().await?;
        }
        let number = match acknowledged {
            Some(number) => number,
            None => after_a_kill(&depot, &client, file, &files).await,
        };
        assert_eq!(files.insert(number, file), None, "each number is given once; write {nth}");
    }
    assert!(kills > 0, "no position was ever reached");
    are_whole(&depot, &client, &files).await
}

/// The version is there although nobody was told, or the upload goes on, or there is neither and it begins anew.
async fn after_a_kill(depot: &Depot, client: &Client, file: u64, before: &BTreeMap<i64, u64>) -> i64 {
    let (o, p, d) = depot.place();
    let versions = client.send(calls::dataset_version_list(o, p, d, None)).await.good().items;
    let new: Vec<i64> =
        versions.iter().map(|version| version.number).filter(|number| !before.contains_key(number)).collect();
    let open = client.send(calls::upload_list(o, p, d)).await.good();
    match (new.as_slice(), open.as_slice()) {
        ([number], []) => *number,
        ([], [upload]) => {
            depot.put(client, &upload.id, &file.to_string(), &bytes(file)).await.good();
            depot.commit(client, &upload.id, "Gone on with").await.good_with(201).number
        }
        ([], []) => depot.version(client, &[(&file.to_string(), &bytes(file))]).await.number,
        _ => panic!("new versions {new:?} beside open uploads {open:?}"),
    }
}

async fn at_random(database: Database, kills: u64) -> anyhow::Result<()> {
    let mut depot = Depot::new(database).await?;
    let client = depot.owner.client.clone();
    // The files of each version that was acknowledged.
    let mut acknowledged = BTreeMap::new();
    let mut made = 0;
    for kill in 0..kills {
        let pid = depot.world.server.id();
        let killed = async {
            // The moment of the fault, not a wait for something.
            tokio::time::sleep(Duration::from_millis(kill.wrapping_mul(7919) % 900)).await;
            signal(pid, "KILL")
        };
        let working = async {
            while let Some(number) = version(&depot, &client, made).await {
                acknowledged.insert(number, made);
                made += 1;
            }
            made += 1;
        };
        let (killed, ()) = tokio::join!(killed, working);
        killed?;
        until("it is gone", Duration::from_secs(10), || async {
            depot.world.server.has_ended().then_some(())
        })
        .await;
        depot.world.server.restart().await?;
        abandon(&depot, &client).await;
    }
    are_whole(&depot, &client, &acknowledged).await?;
    let last = depot.version(&client, &[("last", b"x")]).await;
    assert_eq!(last.files as usize, depot_files(&depot, &client, last.number).await, "{last:?}");
    assert!(last.number > acknowledged.len() as i64, "each number is given once");
    Ok(())
}

/// Each version has the file that was sent for it, and nothing of all that is stored is damaged or lacking.
async fn are_whole(depot: &Depot, client: &Client, files: &BTreeMap<i64, u64>) -> anyhow::Result<()> {
    let server = &depot.world.server;
    let verify = command(&["storage", "verify"], &server.data_dir(), &server.database.url);
    let said = succeed(verify).await?;
    assert!(said.contains("whole"), "{said}");
    for (number, file) in files {
        let content = depot.content(client, &number.to_string(), &file.to_string()).await;
        assert_eq!(content.body, bytes(*file), "version {number}");
    }
    Ok(())
}

/// Cancels what a kill has left open: nobody may have very many open.
async fn abandon(depot: &Depot, client: &Client) {
    let (o, p, d) = depot.place();
    for upload in client.send(calls::upload_list(o, p, d)).await.good() {
        client.send(calls::upload_cancel(o, p, d, &upload.id)).await.good();
    }
}

/// A version with one more file; `None` when the server is gone.
async fn version(depot: &Depot, client: &Client, file: u64) -> Option<i64> {
    let (o, p, d) = depot.place();
    let begun = client.attempt(calls::upload_create(o, p, d, &CreateUpload::default())).await?;
    let upload = begun.good().id;
    let path = depot.file_path(&upload, &file.to_string());
    let put = client.request("PUT", &path).body(bytes(file)).send().await.ok()?;
    assert!(put.status().is_success(), "{}", put.status());
    let commit = calls::upload_commit(o, p, d, &upload, &CommitUpload::default());
    Some(client.attempt(commit).await?.good().number)
}

/// How many files there are to be listed.
async fn depot_files(depot: &Depot, client: &Client, version: i64) -> usize {
    use atelier_api::data::DataFolder;
    let (mut of, mut count) = (DataFolder::default(), 0);
    loop {
        let page = depot.list(client, &version.to_string(), &of).await.good();
        count += page.items.len();
        of.cursor = page.next;
        if of.cursor.is_none() {
            return count;
        }
    }
}
