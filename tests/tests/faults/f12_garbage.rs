//! F12: garbage is collected all the time while versions are made and go, and the server is killed meanwhile. What is
//! in a version stays; what is in none does not.

use atelier_api::calls;
use atelier_tests::program::{command, succeed};
use atelier_tests::{Client, Database, Depot, NO_DOCKER, TestServer, on_both_databases, signal, until};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

on_both_databases!(long_f12_collections_beside_commits_and_kills_lose_nothing);

/// Versions that are kept; older ones go for good.
const KEPT: usize = 5;
/// Files with so many different contents: what has just become garbage is soon needed again.
const CONTENTS: u64 = 25;
/// Between two kills.
const LIVES: Duration = Duration::from_secs(7);

#[tokio::test]
async fn f12_collections_beside_commits_and_kills_lose_nothing() -> anyhow::Result<()> {
    beside(Database::Sqlite, Duration::from_secs(25)).await
}

async fn long_f12_collections_beside_commits_and_kills_lose_nothing(
    database: Database,
) -> anyhow::Result<()> {
    beside(database, Duration::from_secs(600)).await
}

fn content(number: u64) -> Vec<u8> {
    (0..4_000u64)
        .flat_map(|n| (n ^ number.rotate_left(7)).wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes())
        .collect()
}

async fn beside(database: Database, lasts: Duration) -> anyhow::Result<()> {
    let settings = [
        ("DOCKER", NO_DOCKER.to_owned()),
        ("GARBAGE_EVERY_SECONDS", "1".to_owned()),
        ("GARBAGE_GRACE_SECONDS", "4".to_owned()),
    ];
    let mut depot = Depot::on(TestServer::start_under(&[], database, &settings).await?).await?;
    let client = depot.owner.client.clone();
    let mut versions = BTreeMap::new();
    let (mut made, mut kills, begun) = (0_u64, 0, Instant::now());
    while begun.elapsed() < lasts {
        let pid = depot.world.server.id();
        let killed = async {
            // The moment of the fault, not a wait for something.
            tokio::time::sleep(LIVES).await;
            signal(pid, "KILL")
        };
        let working = async {
            while let Some(number) = version(&depot, &client, made).await {
                versions.insert(number, made);
                made += 1;
                forget_old(&depot, &mut versions)?;
            }
            made += 1;
            anyhow::Ok(())
        };
        let (killed, worked) = tokio::join!(killed, working);
        killed?;
        worked?;
        kills += 1;
        until("it is gone", Duration::from_secs(10), || async {
            depot.world.server.has_ended().then_some(())
        })
        .await;
        depot.world.server.restart().await?;
        // One that nobody was told of is a version all the same.
        let (o, p, d) = depot.place();
        let listed = client.send(calls::dataset_version_list(o, p, d, None)).await.good().items;
        let last = versions.keys().next_back().copied().unwrap_or_default();
        let new = listed.iter().map(|one| one.number).filter(|number| *number > last);
        versions.extend(new.map(|number| (number, made - 1)));
    }
    assert!(kills > 2 && made > 50, "{made} versions, {kills} kills");
    for (number, file) in &versions {
        let body = depot.content(&client, &number.to_string(), "file").await.body;
        assert!(body == content(file % CONTENTS), "version {number}");
    }
    let server = &depot.world.server;
    // Each version has made one at least.
    let packs = server.data_dir().join("objects/projects").join(&depot.project.id).join("packs");
    let packs = std::fs::read_dir(packs)?.count() as u64;
    assert!(packs < made / 2, "{packs} packs are left of {made} versions");
    let verify = command(&["storage", "verify"], &server.data_dir(), &server.database.url);
    let said = succeed(verify).await?;
    assert!(said.contains("whole"), "{said}");
    Ok(())
}

/// A version with one file of contents that come again and again; `None` when the server is gone.
async fn version(depot: &Depot, client: &Client, number: u64) -> Option<i64> {
    use atelier_api::upload::{CommitUpload, CreateUpload};
    let (o, p, d) = depot.place();
    let begun = client.attempt(calls::upload_create(o, p, d, &CreateUpload { replace: true })).await?;
    let upload = begun.good().id;
    let path = depot.file_path(&upload, "file");
    let put = client.request("PUT", &path).body(content(number % CONTENTS)).send().await.ok()?;
    assert!(put.status().is_success(), "{}: {}", put.status(), put.text().await.unwrap_or_default());
    let commit = calls::upload_commit(o, p, d, &upload, &CommitUpload::default());
    Some(client.attempt(commit).await?.good().number)
}

/// As the trash does after thirty days.
fn forget_old(depot: &Depot, versions: &mut BTreeMap<i64, u64>) -> anyhow::Result<()> {
    while versions.len() > KEPT {
        let Some((number, _)) = versions.pop_first() else { break };
        let gone =
            format!("UPDATE data_versions SET trashed_at = 1, removed_at = 1 WHERE number <= {number}");
        depot.world.server.database.execute(&gone)?;
    }
    Ok(())
}
