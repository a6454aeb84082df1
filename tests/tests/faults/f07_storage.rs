//! Files on an object store. F7: it goes away and comes back.

use atelier_api::calls;
use atelier_tests::program::{command, succeed};
use atelier_tests::{Database, Depot, Moto, NO_DOCKER, TestServer, eventually, on_both_databases};
use std::time::Duration;

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
