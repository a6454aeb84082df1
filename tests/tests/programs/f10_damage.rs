//! F10: a bit that flipped on disk is told, and its chunk is served to nobody: whole, in parts, zipped or pulled.

use crate::data::{CUSTOMERS, noise, write};
use crate::laptop::Laptop;
use atelier_api::calls;
use atelier_api::token::TokenScope;
use atelier_tests::{Client, damage, program};
use reqwest::header::RANGE;

/// What was asked for at once.
const PART: usize = 100_000;

#[tokio::test]
async fn f10_damaged_data_is_never_served() -> anyhow::Result<()> {
    let mut laptop = Laptop::new().await?;
    let token = laptop.token(TokenScope::Write).await;
    let all = noise(3_000_000);
    write(laptop.path("tree/all.bin"), &all)?;
    write(laptop.path("tree/sound.csv"), "id\n1\n")?;
    laptop.done(&token, &["push", "tree", CUSTOMERS, "--create"]).await?;
    laptop.world.server.kill9()?;
    damage(&laptop.server().data_dir())?;
    laptop.world.server.restart().await?;
    let client = &laptop.person().client;
    let content = |name| calls::dataset_content_path("acme", "churn", "customers", "latest", name);

    let (came, whole) = read(client, &content("all.bin"), None).await;
    assert!(!whole && came.len() < all.len() && all.starts_with(&came), "{} bytes", came.len());
    let mut broken = 0;
    for at in (0..all.len()).step_by(PART) {
        let wanted = &all[at..(at + PART).min(all.len())];
        let (came, whole) = read(client, &content("all.bin"), Some((at, wanted.len()))).await;
        assert!(wanted.starts_with(&came), "other bytes at {at}");
        assert_eq!(whole, came.len() == wanted.len(), "{} bytes at {at}", came.len());
        broken += usize::from(!whole);
    }
    assert!((1..all.len() / PART).contains(&broken), "{broken} parts are broken");
    let (came, whole) = read(client, &content("sound.csv"), None).await;
    assert!(whole && came == b"id\n1\n", "what is sound is not served");

    let archive = calls::dataset_archive_path("acme", "churn", "customers", "latest", None);
    let (_, whole) = read(client, &archive, None).await;
    assert!(!whole, "the archive ends as if it were whole");
    let pulled = laptop.data(&token, &["pull", CUSTOMERS, "there"]).await?;
    let said = program::said(&pulled);
    assert!(!pulled.status.success() && said.contains("damaged"), "{}: {said}", pulled.status);
    assert!(!laptop.path("there/all.bin").exists(), "{said}");
    Ok(())
}

async fn read(client: &Client, path: &str, part: Option<(usize, usize)>) -> (Vec<u8>, bool) {
    let mut request = client.request("GET", path);
    if let Some((at, length)) = part {
        request = request.header(RANGE, format!("bytes={at}-{}", at + length - 1));
    }
    client.read(request).await
}
