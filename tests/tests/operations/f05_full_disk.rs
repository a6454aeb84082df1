//! The disk of the database or of the objects is full: writes are refused with a reason, reads go on, and it heals by itself.

use anyhow::Context;
use atelier_api::calls;
use atelier_api::project::CreateProject;
use atelier_tests::program::{command, succeed};
use atelier_tests::{Database, Depot, NO_DOCKER, TestServer, World, until};
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use tempfile::TempDir;

/// A disk of 16 MiB, gone when dropped.
struct Disk(TempDir);

impl Disk {
    fn mount() -> anyhow::Result<Disk> {
        let disk = Disk(tempfile::Builder::new().prefix("atelier-disk").tempdir()?);
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=16m", "tmpfs"]).arg(disk.path());
        let output = mount.output().context("mount is part of every system")?;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        anyhow::ensure!(output.status.success(), "a disk can be mounted by root only: {said}");
        Ok(disk)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Takes all room that is left, to the last byte.
    fn fill(&self) -> anyhow::Result<()> {
        let mut filler = File::options().create(true).append(true).open(self.path().join("filler"))?;
        for size in [1 << 16, 1 << 12, 1] {
            loop {
                match filler.write_all(&vec![0; size]) {
                    Ok(()) => {}
                    Err(error) if error.kind() == ErrorKind::StorageFull => break,
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(())
    }

    fn make_room(&self) -> anyhow::Result<()> {
        Ok(std::fs::remove_file(self.path().join("filler"))?)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg("--lazy").arg(self.path()).status();
        if !unmounted.is_ok_and(|status| status.success()) {
            eprintln!("{} stays mounted", self.path().display());
        }
    }
}

#[tokio::test]
async fn f05_a_full_disk_refuses_writes_and_heals() -> anyhow::Result<()> {
    let disk = Disk::mount()?;
    let url = format!("sqlite:{}", disk.path().join("atelier.sqlite").display());
    let settings = [("DOCKER", NO_DOCKER.to_owned()), ("DATABASE_URL", url)];
    let world = World::on(TestServer::start_with(Database::Sqlite, &settings).await?).await?;
    let client = &world.acme.administrator.client;
    let mut made = 0;
    let mut create = || {
        made += 1;
        let project =
            CreateProject { name: format!("Project {made}"), description: "much to say. ".repeat(150) };
        client.send(calls::project_create("acme", &project))
    };
    create().await.good_with(201);

    disk.fill()?;
    // What the write-ahead log has room for already still goes through.
    let refused = until("a write finds no room", Duration::from_secs(60), || {
        let answer = create();
        async move { Some(answer.await).filter(|answer| !answer.status.is_success()) }
    })
    .await;
    refused.refused(507, "disk-full");
    assert_eq!(client.get("/readyz").await.status, 200);
    client.send(calls::project_list("acme", &Default::default())).await.good();
    let database = atelier_tests::TestDatabase::file(&disk.path().join("atelier.sqlite"));
    let count = || database.lines("SELECT CAST(count(*) AS TEXT) AS line FROM projects");
    let before: i64 = count()?.concat().parse()?;

    disk.make_room()?;
    create().await.good_with(201);
    let after: i64 = count()?.concat().parse()?;
    assert_eq!(after, before + 1, "the refused one left something behind");
    let integrity = database.lines("SELECT integrity_check AS line FROM pragma_integrity_check")?;
    assert_eq!(integrity, ["ok"]);
    Ok(())
}

#[tokio::test]
async fn f05_on_a_full_disk_garbage_is_collected_and_uploads_go_on() -> anyhow::Result<()> {
    let disk = Disk::mount()?;
    let url = format!("file://{}", disk.path().join("objects").display());
    let settings = [
        ("DOCKER", NO_DOCKER.to_owned()),
        ("STORAGE_URL", url.clone()),
        ("GARBAGE_EVERY_SECONDS", "1".to_owned()),
        ("GARBAGE_GRACE_SECONDS", "4".to_owned()),
    ];
    let depot = Depot::on(TestServer::start_with(Database::Sqlite, &settings).await?).await?;
    let client = &depot.owner.client;
    let bytes: Vec<u8> = (0..800_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    depot.version(client, &[("kept", b"kept")]).await;
    let large = depot.version(client, &[("large", &bytes)]).await.number;
    until("there is a reserve", Duration::from_secs(10), || async {
        disk.path().join("objects/reserve").exists().then_some(())
    })
    .await;
    let upload = depot.begin(client, true).await.good();

    disk.fill()?;
    let more: Vec<u8> = bytes.iter().rev().copied().take(bytes.len() / 2).collect();
    depot.put(client, &upload.id, "more", &more).await.refused(507, "disk-full");
    // The trash forgets the large one. The open upload was begun from it, so that goes, too.
    depot.cancel(client, &upload.id).await.good();
    let gone = format!("UPDATE data_versions SET trashed_at = 1, removed_at = 1 WHERE number = {large}");
    depot.world.server.database.execute(&gone)?;
    until("an upload finds room", Duration::from_secs(60), || async {
        let upload = depot.begin(client, true).await.good();
        let put = depot.put(client, &upload.id, "more", &more).await;
        match put.status.as_u16() {
            200 => Some(depot.commit(client, &upload.id, "").await.good()),
            status => {
                assert_eq!(status, 507);
                depot.cancel(client, &upload.id).await.good();
                tokio::time::sleep(Duration::from_millis(500)).await;
                None
            }
        }
    })
    .await;
    assert_eq!(depot.content(client, "latest", "more").await.body, more);
    assert_eq!(depot.content(client, "1", "kept").await.body, b"kept");
    Ok(())
}

#[tokio::test]
async fn f05_a_full_disk_of_objects_refuses_uploads_and_heals() -> anyhow::Result<()> {
    let disk = Disk::mount()?;
    let url = format!("file://{}", disk.path().join("objects").display());
    let settings = [("DOCKER", NO_DOCKER.to_owned()), ("STORAGE_URL", url.clone())];
    let depot = Depot::on(TestServer::start_with(Database::Sqlite, &settings).await?).await?;
    let client = &depot.owner.client;
    let bytes: Vec<u8> = (0..500_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    depot.version(client, &[("kept", &bytes)]).await;
    let upload = depot.begin(client, false).await.good();

    disk.fill()?;
    let more: Vec<u8> = bytes.iter().rev().copied().collect();
    depot.put(client, &upload.id, "more", &more).await.refused(507, "disk-full");
    assert_eq!(depot.upload(client, &upload.id).await.good().files, 1, "nothing half-done");
    assert_eq!(depot.content(client, "latest", "kept").await.body, bytes);
    assert_eq!(client.get("/readyz").await.status, 200);

    disk.make_room()?;
    depot.put(client, &upload.id, "more", &more).await.good();
    depot.commit(client, &upload.id, "").await.good();
    assert_eq!(depot.content(client, "2", "more").await.body, more);
    let server = &depot.world.server;
    let mut verify = command(&["storage", "verify"], &server.data_dir(), &server.database.url);
    verify.env("ATELIER_STORAGE_URL", url);
    assert!(succeed(verify).await?.contains("whole"));
    Ok(())
}
