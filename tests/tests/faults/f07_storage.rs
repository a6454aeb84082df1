//! Files on an object store. F7: it goes away and comes back, or is behind a network that fails.

use atelier_api::calls;
use atelier_tests::program::{command, succeed};
use atelier_tests::{Database, Depot, Fault, Moto, NO_DOCKER, TestServer, eventually, on_both_databases};
use std::time::{Duration, Instant};

on_both_databases!(
    versions_are_kept_on_an_object_store,
    f07_without_its_storage_the_server_explains_and_goes_on,
);

async fn on(moto: &Moto, database: Database, secret: Option<&str>) -> anyhow::Result<TestServer> {
    let environment = moto.environment(secret);
    let under: Vec<&str> = environment.iter().map(String::as_str).collect();
    let settings = [("DOCKER", NO_DOCKER.to_owned()), ("STORAGE_URL", moto.url())];
    TestServer::start_under(&under, database, &settings).await
}

async fn versions_are_kept_on_an_object_store(database: Database) -> anyhow::Result<()> {
    let moto = Moto::start().await?;
    let mut depot = Depot::on(on(&moto, database, None).await?).await?;
    let client = depot.owner.client.clone();
    let bytes: Vec<u8> =
        (0..1_000_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let version = depot.version(&client, &[("a/b", &bytes), ("c", b"1")]).await;
    assert_eq!((version.number, version.files), (1, 2));
    depot.world.server.kill9()?;
    depot.world.server.restart().await?;
    assert_eq!(depot.content(&client, "1", "a/b").await.body, bytes);
    assert!(!depot.world.server.data_dir().join("objects").exists());
    let server = &depot.world.server;
    let mut verify = command(&["storage", "verify"], &server.data_dir(), &server.database.url);
    verify.env("ATELIER_STORAGE_URL", moto.url());
    verify.envs(moto.environment(None).iter().filter_map(|pair| pair.split_once('=')));
    let said = succeed(verify).await?;
    assert!(said.contains("whole"), "{said}");
    Ok(())
}

#[tokio::test]
async fn a_wrong_secret_ends_the_start_with_the_setting_s_name() -> anyhow::Result<()> {
    let moto = Moto::start().await?;
    let Err(error) = on(&moto, Database::Sqlite, Some("wrong")).await else {
        anyhow::bail!("it started");
    };
    let told = format!("{error:#}");
    assert!(told.contains("storage_url") && told.contains(&moto.url()), "{told}");
    Ok(())
}

async fn f07_without_its_storage_the_server_explains_and_goes_on(database: Database) -> anyhow::Result<()> {
    let moto = Moto::start().await?;
    let depot = Depot::on(on(&moto, database, None).await?).await?;
    let client = &depot.owner.client;
    depot.version(client, &[("a", b"1")]).await;
    let upload = depot.begin(client, false).await.good();
    moto.set_open(false);
    let bytes = vec![7; 100_000];
    let refused = depot.put(client, &upload.id, "b", &bytes).await;
    let problem = refused.refused(503, "storage-unavailable");
    assert!(problem.detail.contains("try again"), "{}", problem.detail);
    assert!(!refused.header("retry-after").is_empty());
    assert_eq!(client.get("/readyz").await.status, 200);
    let (o, p, d) = depot.place();
    client.send(calls::dataset_get(o, p, d)).await.good();
    assert_eq!(depot.upload(client, &upload.id).await.good().files, 1, "nothing half-done");

    moto.set_open(true);
    eventually("it heals by itself", Duration::from_secs(60), || async {
        depot.put(client, &upload.id, "b", &bytes).await.status == 200
    })
    .await;
    depot.commit(client, &upload.id, "").await.good();
    assert_eq!(depot.content(client, "latest", "b").await.body, bytes);
    Ok(())
}

/// Bytes that no other file has, and that cannot be squeezed.
fn noise(seed: u32) -> Vec<u8> {
    let words =
        (0..300_000u32).map(|n| (n ^ seed.rotate_left(16)).wrapping_mul(2_654_435_761).rotate_left(n % 31));
    words.flat_map(u32::to_le_bytes).collect()
}

/// A server that has a file on the object store and nothing of it in memory, and the file's address.
async fn stored(moto: &Moto) -> anyhow::Result<(Depot, String)> {
    let mut depot = Depot::on(on(moto, Database::Sqlite, None).await?).await?;
    depot.version(&depot.owner.client, &[("file", &noise(1))]).await;
    depot.world.server.kill9()?;
    depot.world.server.restart().await?;
    let (o, p, d) = depot.place();
    let path = calls::dataset_content_path(o, p, d, "1", "file");
    Ok((depot, path))
}

#[tokio::test]
async fn f07_what_fails_now_and_then_is_tried_again() -> anyhow::Result<()> {
    let moto = Moto::start().await?;
    let mut depot = Depot::on(on(&moto, Database::Sqlite, None).await?).await?;
    let client = depot.owner.client.clone();
    let faults = [Fault::Status(500), Fault::Status(503), Fault::Lost, Fault::Reset];
    for (turn, fault) in (1..).zip(faults) {
        moto.set_fault(Some((fault, 3)));
        let version = depot.version(&client, &[("file", &noise(turn))]).await;
        assert_eq!(version.number, i64::from(turn), "{fault:?}: made once");
        moto.set_fault(None);
        // What it has in memory is gone.
        depot.world.server.kill9()?;
        depot.world.server.restart().await?;
        moto.set_fault(Some((fault, 3)));
        let content = depot.content(&client, &turn.to_string(), "file").await;
        assert!(content.status == 200 && content.body == noise(turn), "{fault:?}: {}", content.status);
        moto.set_fault(None);
    }
    Ok(())
}

#[tokio::test]
async fn f07_what_comes_short_is_served_to_nobody() -> anyhow::Result<()> {
    let moto = Moto::start().await?;
    let (depot, path) = stored(&moto).await?;
    let client = &depot.owner.client;
    for every in [1, 2, 3] {
        moto.set_fault(Some((Fault::Short, every)));
        let (came, whole) = client.read(client.request("GET", &path)).await;
        assert!(noise(1).starts_with(&came), "other bytes");
        assert_eq!(whole, came.len() == noise(1).len(), "{} bytes", came.len());
        assert!(every > 1 || !whole, "nothing came whole, and yet all of it is there");
    }
    moto.set_fault(None);
    assert!(client.read(client.request("GET", &path)).await.1, "it heals by itself");
    Ok(())
}

#[tokio::test]
async fn f07_a_store_that_is_slow_holds_up_nobody_else() -> anyhow::Result<()> {
    let moto = Moto::start().await?;
    let (depot, path) = stored(&moto).await?;
    let client = &depot.owner.client;
    let (o, p, d) = depot.place();
    moto.set_fault(Some((Fault::Slow, 1)));
    let readers = (0..20)
        .map(|_| tokio::time::timeout(Duration::from_secs(5), client.read(client.request("GET", &path))));
    let reading = futures::future::join_all(readers);
    let asking = async {
        for _ in 0..20 {
            let begun = Instant::now();
            client.send(calls::dataset_get(o, p, d)).await.good();
            assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let (came, ()) = tokio::join!(reading, asking);
    assert!(came.iter().all(Result::is_err), "1 MB in five seconds");
    moto.set_fault(None);
    eventually("it heals by itself", Duration::from_secs(60), || async {
        tokio::time::timeout(Duration::from_secs(10), client.read(client.request("GET", &path)))
            .await
            .is_ok_and(|(_, whole)| whole)
    })
    .await;
    Ok(())
}
