//! `atelier storage` and `atelier check`, as whoever runs an installation types them.

use anyhow::Context;
use atelier_api::calls;
use atelier_tests::program::{command, run, said, succeed};
use atelier_tests::{Database, Depot, on_both_databases};
use std::path::{Path, PathBuf};

on_both_databases!(
    an_index_that_is_lost_is_made_anew_and_only_while_no_server_runs,
    damage_is_named_and_told_by_the_exit_code,
    a_dry_run_says_what_would_be_freed_and_what_needs_the_rest,
);

fn bytes(seed: u32) -> Vec<u8> {
    (0..100_000u32).flat_map(|n| (n ^ seed).wrapping_mul(2_654_435_761).to_le_bytes()).collect()
}

/// All files below a folder whose path has this part in it.
fn files(folder: &Path, part: &str) -> anyhow::Result<Vec<PathBuf>> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.components().any(|name| name.as_os_str() == part) {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// How many bytes a dry run calls garbage.
fn garbage(said: &str) -> anyhow::Result<u64> {
    let words: Vec<&str> = said.split_whitespace().collect();
    let at = words.windows(4).find(|words| words[1..] == ["bytes", "are", "garbage,"]);
    Ok(at.and_then(|words| words.first()).with_context(|| said.to_owned())?.parse()?)
}

async fn an_index_that_is_lost_is_made_anew_and_only_while_no_server_runs(
    database: Database,
) -> anyhow::Result<()> {
    let mut depot = Depot::new(database).await?;
    let client = depot.owner.client.clone();
    depot.version(&client, &[("a", &bytes(1))]).await;
    depot.version(&client, &[("b", &bytes(2))]).await;
    let (data, url) = (depot.world.server.data_dir(), depot.world.server.database.url.clone());
    let rebuild = || command(&["check", "--rebuild-index"], &data, &url);
    let refused = run(rebuild()).await?;
    anyhow::ensure!(!refused.status.success(), "a server uses it: {}", said(&refused));

    depot.world.server.kill9()?;
    let segments = files(&data.join("objects"), "index")?;
    anyhow::ensure!(!segments.is_empty(), "there is an index");
    for segment in segments {
        std::fs::remove_file(segment)?;
    }
    let broken = run(command(&["check"], &data, &url)).await?;
    assert_eq!(broken.status.code(), Some(1), "{}", said(&broken));
    let rebuilt = succeed(rebuild()).await?;
    anyhow::ensure!(rebuilt.contains("an index of") && rebuilt.contains("whole"), "{rebuilt}");
    depot.world.server.restart().await?;
    assert_eq!(depot.content(&client, "1", "a").await.body, bytes(1));
    assert_eq!(depot.content(&client, "2", "b").await.body, bytes(2));
    Ok(())
}

async fn damage_is_named_and_told_by_the_exit_code(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let client = &depot.owner.client;
    depot.version(client, &[("a", &bytes(1))]).await;
    let (data, url) = (depot.world.server.data_dir(), depot.world.server.database.url.clone());
    let verify = || command(&["storage", "verify"], &data, &url);
    anyhow::ensure!(succeed(verify()).await?.contains("whole"));

    let packs = files(&data.join("objects"), "packs")?;
    let largest = packs.iter().max_by_key(|pack| std::fs::metadata(pack).map_or(0, |found| found.len()));
    let pack = largest.ok_or_else(|| anyhow::anyhow!("no pack"))?;
    let mut content = std::fs::read(pack)?;
    let middle = content.len() / 2;
    content[middle] ^= 1;
    std::fs::write(pack, content)?;
    let found = run(verify()).await?;
    assert_eq!(found.status.code(), Some(1), "{}", said(&found));
    let told = said(&found);
    anyhow::ensure!(told.contains("DAMAGED"), "{told}");
    // Nobody is given what is not what was stored.
    let (o, p, d) = depot.place();
    let path = calls::dataset_content_path(o, p, d, "1", "a");
    let (_, answer) = client.begin(client.request("GET", &path)).await;
    let whole =
        answer.status().is_success() && answer.bytes().await.is_ok_and(|body| body.len() == bytes(1).len());
    anyhow::ensure!(!whole, "damaged bytes were given as if they were whole");
    Ok(())
}

async fn a_dry_run_says_what_would_be_freed_and_what_needs_the_rest(
    database: Database,
) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let client = &depot.owner.client;
    depot.version(client, &[("a", &bytes(1))]).await;
    let upload = depot.begin(client, false).await.good_with(201);
    depot.put(client, &upload.id, "b", &bytes(2)).await.good();
    let (data, url) = (depot.world.server.data_dir(), depot.world.server.database.url.clone());
    let dry_run = || command(&["storage", "collect", "--dry-run"], &data, &url);
    let before = succeed(dry_run()).await?;
    anyhow::ensure!(before.contains("1 versions need"), "{before}");
    anyhow::ensure!(before.contains("uploads that have not ended"), "{before}");
    // Trees that the upload has been through.
    anyhow::ensure!(garbage(&before)? < 10_000, "{before}");

    depot.cancel(client, &upload.id).await.good();
    let packs = files(&data.join("objects"), "packs")?.len();
    let after = succeed(dry_run()).await?;
    anyhow::ensure!(!after.contains("uploads that have not ended"), "{after}");
    anyhow::ensure!(garbage(&after)? > 400_000, "what was sent and given up is garbage: {after}");
    assert_eq!(files(&data.join("objects"), "packs")?.len(), packs, "it changes nothing");
    // Without the word that says so it does nothing at all.
    let bare = run(command(&["storage", "collect"], &data, &url)).await?;
    anyhow::ensure!(!bare.status.success(), "{}", said(&bare));
    Ok(())
}
