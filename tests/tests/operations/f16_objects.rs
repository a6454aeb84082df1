//! Files of versions in a backup: taken while people upload, restored on the other database and in another place.

use anyhow::Context;
use atelier_api::calls;
use atelier_tests::program::{command, run, said, succeed};
use atelier_tests::{Client, Database, Depot, Moto, NO_DOCKER, TestDatabase, TestServer, on_both_databases};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

on_both_databases!(
    a_backup_with_objects_fits_its_rows_while_people_upload,
    a_restore_that_is_killed_goes_on_and_nothing_else_goes_over_it,
    no_archive_comes_of_what_is_not_whole,
);

fn other(database: Database) -> Database {
    match database {
        Database::Sqlite => Database::Postgres,
        Database::Postgres => Database::Sqlite,
    }
}

/// What nobody else has, and no other number.
fn bytes(number: u32, length: u32) -> Vec<u8> {
    let seed = number.wrapping_mul(0x9e37_79b9);
    (0..length / 4).flat_map(|n| (n ^ seed).wrapping_mul(2_654_435_761).to_le_bytes()).collect()
}

fn backup(server: &TestServer, file: &Path, words: &[&str]) -> Command {
    let file = file.display().to_string();
    command(&[&["backup", &file], words].concat(), &server.data_dir(), &server.database.url)
}

/// A server of the other kind of database, restored from the archive to a folder of its own.
async fn restored(database: Database, file: &Path) -> anyhow::Result<TestServer> {
    let file = file.display().to_string();
    TestServer::prepared(database, &[("DOCKER", NO_DOCKER.to_owned())], |data_dir, url| {
        let restore = command(&["restore", &file], &data_dir, &url);
        async move { succeed(restore).await.map(drop) }
    })
    .await
}

/// Commits until it is told to end; every version has one file more, by its number.
fn commit_on(depot: &Arc<Depot>) -> (Arc<AtomicBool>, Arc<AtomicU32>, tokio::task::JoinHandle<()>) {
    let (over, made) = (Arc::<AtomicBool>::default(), Arc::<AtomicU32>::default());
    let (told, count, depot) = (over.clone(), made.clone(), depot.clone());
    let task = tokio::spawn(async move {
        while !told.load(Ordering::SeqCst) {
            let number = count.load(Ordering::SeqCst) + 1;
            let name = format!("f{number}");
            let files: [(&str, &[u8]); 1] = [(&name, &bytes(number, 200_000))];
            depot.version(&depot.scientist.client, &files).await;
            count.store(number, Ordering::SeqCst);
        }
    });
    (over, made, task)
}

async fn reaches(made: &AtomicU32, number: u32) {
    let limit = Duration::from_secs(60);
    atelier_tests::eventually("more is committed", limit, || async { made.load(Ordering::SeqCst) >= number })
        .await;
}

async fn a_backup_with_objects_fits_its_rows_while_people_upload(database: Database) -> anyhow::Result<()> {
    // Collecting all the time.
    let settings = [("DOCKER", NO_DOCKER.to_owned()), ("GARBAGE_EVERY_SECONDS", "1".to_owned())];
    let depot = Arc::new(Depot::on(TestServer::start_with(database, &settings).await?).await?);
    let (from, owner) = (&depot.world.server, &depot.owner.client);
    let upload = depot.begin(owner, false).await.good_with(201).id;
    depot.put(owner, &upload, "sent", &bytes(0, 3_000_000)).await.good();
    let (over, made, task) = commit_on(&depot);
    reaches(&made, 5).await;
    let archive = from.data_dir().join("backup.tar");
    let least = made.load(Ordering::SeqCst);
    let told = succeed(backup(from, &archive, &["--with-objects"])).await?;
    anyhow::ensure!(told.contains("files of the project"), "it did not say how far it was: {told}");
    let most = made.load(Ordering::SeqCst) + 1;
    reaches(&made, most + 1).await;
    over.store(true, Ordering::SeqCst);
    task.await?;

    // To an object store.
    let moto = Moto::start().await?;
    let environment = moto.environment(None);
    let pairs: Vec<_> = environment.iter().filter_map(|pair| pair.split_once('=')).collect();
    let under: Vec<&str> = environment.iter().map(String::as_str).collect();
    let settings = [("DOCKER", NO_DOCKER.to_owned()), ("STORAGE_URL", moto.url())];
    let at_moto = |words: &[&str], data_dir: &Path, url: &str| {
        let mut command = command(words, data_dir, url);
        command.env("ATELIER_STORAGE_URL", moto.url()).envs(pairs.iter().copied());
        command
    };
    let file = archive.display().to_string();
    let restored = TestServer::prepared_under(&under, other(database), &settings, |data_dir, url| {
        let restore = at_moto(&["restore", &file], &data_dir, &url);
        async move { succeed(restore).await.map(drop) }
    });
    let restored = restored.await?;
    let whole = succeed(at_moto(&["check"], &restored.data_dir(), &restored.database.url)).await?;
    anyhow::ensure!(whole.contains("whole"), "{whole}");
    let versions = same_versions(&depot, &restored).await?;
    anyhow::ensure!((least..=most).contains(&versions), "{versions} versions, not {least} to {most}");
    // Who was uploading goes on.
    let client = restored.client();
    client.sign_in(&depot.owner.email).await.good();
    let version = depot.commit(&client, &upload, "Gone on with").await.good();
    let sent = depot.content(&client, &version.number.to_string(), "sent").await;
    assert_eq!(sent.body, bytes(0, 3_000_000));

    // And from there to a folder.
    let archive = restored.data_dir().join("again.tar");
    let again = at_moto(
        &["backup", &archive.display().to_string(), "--with-objects"],
        &restored.data_dir(),
        &restored.database.url,
    );
    succeed(again).await?;
    let back = self::restored(database, &archive).await?;
    anyhow::ensure!(back.data_dir().join("objects/projects").is_dir(), "they are in its own folder");
    assert_eq!(same_versions(&depot, &back).await?, versions + 1);
    without_objects(&depot, database).await
}

/// Every file of every version there is what was sent; how many versions there are.
async fn same_versions(depot: &Depot, there: &TestServer) -> anyhow::Result<u32> {
    let client = there.client();
    client.sign_in(&depot.owner.email).await.good();
    let (o, p, d) = depot.place();
    let newest = client.send(calls::dataset_version_list(o, p, d, None)).await.good().items;
    let newest = u32::try_from(newest.first().context("no version")?.number)?;
    for number in 1..=newest {
        let names = depot.names(&client, &number.to_string()).await;
        let files = names.iter().filter(|name| name.starts_with('f'));
        anyhow::ensure!(!names.is_empty(), "version {number} is empty");
        for name in files {
            let read = depot.content(&client, &number.to_string(), name).await;
            anyhow::ensure!(read.body == bytes(name[1..].parse()?, 200_000), "{name} of version {number}");
        }
    }
    Ok(newest)
}

/// As it always was: the rows alone, and words about the rest.
async fn without_objects(depot: &Depot, database: Database) -> anyhow::Result<()> {
    let from = &depot.world.server;
    let archive = from.data_dir().join("rows.tar");
    succeed(backup(from, &archive, &[])).await?;
    let mut seen = false;
    for name in tar_names(&archive)? {
        anyhow::ensure!(!name.starts_with("objects"), "{name} was not asked for");
        seen |= name.starts_with("tables/data_versions/");
    }
    anyhow::ensure!(seen, "no rows of versions");
    let file = archive.display().to_string();
    let place = tempfile::tempdir()?;
    let into = TestDatabase::create(database, place.path())?;
    let told = succeed(command(&["restore", &file], place.path(), &into.url)).await?;
    anyhow::ensure!(told.contains("the files of versions are not in this archive"), "{told}");
    Ok(())
}

/// Any tool lists an archive.
fn tar_names(archive: &Path) -> anyhow::Result<Vec<String>> {
    let listed = Command::new("tar").arg("-tf").arg(archive).output()?;
    anyhow::ensure!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    Ok(String::from_utf8(listed.stdout)?.lines().map(str::to_owned).collect())
}

fn packs(data_dir: &Path) -> Vec<PathBuf> {
    let projects = std::fs::read_dir(data_dir.join("objects/projects")).into_iter().flatten().flatten();
    let packs = projects.filter_map(|project| std::fs::read_dir(project.path().join("packs")).ok());
    packs.flatten().flatten().map(|pack| pack.path()).collect()
}

async fn a_restore_that_is_killed_goes_on_and_nothing_else_goes_over_it(
    database: Database,
) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let (from, client) = (&depot.world.server, &depot.owner.client);
    for number in 1..=8 {
        let name = format!("f{number}");
        let files: [(&str, &[u8]); 1] = [(&name, &bytes(number, 200_000))];
        depot.version(client, &files).await;
    }
    let archives = ["one.tar", "two.tar"].map(|name| from.data_dir().join(name));
    for archive in &archives {
        succeed(backup(from, archive, &["--with-objects"])).await?;
    }
    let [one, two] = archives.map(|archive| archive.display().to_string());
    let all = packs(&from.data_dir()).len();
    let settings = [("DOCKER", NO_DOCKER.to_owned())];
    let restored = TestServer::prepared(other(database), &settings, |data_dir, url| async move {
        for most in [1, 3, 6] {
            let mut restore = command(&["restore", &one], &data_dir, &url);
            let mut restore = restore.stderr(Stdio::null()).spawn()?;
            while restore.try_wait()?.is_none() && packs(&data_dir).len() < most {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            restore.kill()?;
            restore.wait()?;
        }
        let there = packs(&data_dir).len();
        anyhow::ensure!((1..=all).contains(&there), "{there} packs of {all}");
        let refused = run(command(&["restore", &two], &data_dir, &url)).await?;
        anyhow::ensure!(!refused.status.success(), "over another: {}", said(&refused));
        anyhow::ensure!(said(&refused).contains("nothing was changed"), "{}", said(&refused));
        anyhow::ensure!(packs(&data_dir).len() == there, "something was changed");
        succeed(command(&["restore", &one], &data_dir, &url)).await?;
        let whole = succeed(command(&["check"], &data_dir, &url)).await?;
        anyhow::ensure!(whole.contains("whole"), "{whole}");
        Ok(())
    });
    let restored = restored.await?;
    assert_eq!(same_versions(&depot, &restored).await?, 8);
    assert!(!restored.data_dir().join("objects/importing").exists());
    Ok(())
}

async fn no_archive_comes_of_what_is_not_whole(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let (from, client): (_, &Client) = (&depot.world.server, &depot.owner.client);
    depot.version(client, &[("a", &bytes(1, 400_000))]).await;
    let archive = from.data_dir().join("backup.tar");
    let refusal = async || -> anyhow::Result<String> {
        let refused = run(backup(from, &archive, &["--with-objects"])).await?;
        anyhow::ensure!(!refused.status.success() && !archive.exists(), "there is one: {}", said(&refused));
        Ok(said(&refused))
    };
    let packs = packs(&from.data_dir());
    let size = |pack: &&PathBuf| std::fs::metadata(pack).map_or(0, |about| about.len());
    let pack = packs.iter().max_by_key(size).context("no pack")?;
    let whole = std::fs::read(pack)?;
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 1;
    std::fs::write(pack, damaged)?;
    let told = refusal().await?;
    anyhow::ensure!(told.contains("is damaged") && told.contains("atelier storage verify"), "{told}");
    std::fs::remove_file(pack)?;
    let told = refusal().await?;
    anyhow::ensure!(told.contains("take it again") && told.contains("garbage_grace_seconds"), "{told}");
    // What is not asked for is in nobody's way.
    succeed(backup(from, &from.data_dir().join("rows.tar"), &[])).await?;
    std::fs::write(pack, whole)?;
    succeed(backup(from, &archive, &["--with-objects"])).await?;
    Ok(())
}
