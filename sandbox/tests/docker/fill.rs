//! Volumes that are filled with the files of a version.

use crate::world::{World, text};
use atelier_api::fill::{EXIT_CUT_OFF, EXIT_FULL, Entry};
use atelier_chunk::{ChunkId, ContentName};
use atelier_sandbox::{ContainerSpec, Fill, FillError, Identity, VolumeMount};
use bollard::models::VolumeCreateRequest;
use bytes::Bytes;
use futures::{StreamExt, stream};
use std::collections::HashMap;

fn line(entry: &Entry) -> Bytes {
    Bytes::from([serde_json::to_vec(entry).unwrap(), b"\n".to_vec()].concat())
}

/// A file as it is sent, in pieces of a megabyte.
fn file(path: &str, data: &[u8]) -> Vec<Bytes> {
    let mut name = ContentName::default();
    data.chunks(1 << 20).for_each(|piece| name.push(ChunkId::of(piece), piece.len()));
    let name = name.finish().map(|name| name.to_string());
    let head = Entry::File { path: path.into(), bytes: data.len() as u64, executable: false, name };
    let mut all = vec![line(&head)];
    for piece in data.chunks(1 << 20) {
        all.push(Bytes::copy_from_slice(&(piece.len() as u32).to_le_bytes()));
        all.push(Bytes::copy_from_slice(piece));
    }
    all
}

async fn fill(world: &World, volume: &str, pieces: Vec<Bytes>) -> Result<(), FillError<&'static str>> {
    let workload = uuid::Uuid::now_v7().to_string();
    let installation = world.installation.clone();
    let identity = Identity { installation, workload, generation: 1, kind: "data".into() };
    let pieces = stream::iter(pieces).map(Ok);
    world.docker.fill(Fill { identity: &identity, agent: &world.agent, volume }, pieces).await
}

async fn new_volume(world: &World) -> String {
    let name = format!("{}-{}", world.installation, uuid::Uuid::now_v7());
    world.docker.make_data_volume(&world.installation, &name).await.unwrap();
    name
}

#[tokio::test]
async fn a_filled_volume_is_read_by_all_and_written_by_nobody() {
    let world = World::new().await;
    let volume = new_volume(&world).await;
    let large: Vec<u8> = (0..2_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let pieces = [
        vec![line(&Entry::Folder { path: "raw".into() })],
        file("raw/large", &large),
        file("a", b"1"),
        vec![line(&Entry::End { entries: 3 })],
    ];
    fill(&world, &volume, pieces.concat()).await.unwrap();
    assert!(world.docker.list(&world.installation).await.unwrap().is_empty(), "its container is gone");
    assert_eq!(world.docker.data_volumes(&world.installation).await.unwrap(), std::slice::from_ref(&volume));
    assert!(world.docker.has_data_volume(&world.installation, &volume).await.unwrap());
    assert!(!world.docker.has_data_volume("another", &volume).await.unwrap());

    let mount = VolumeMount { volume: volume.clone(), target: "/data/x".into(), read_only: true };
    let spec = ContainerSpec { volumes: vec![mount], ..world.spec() };
    let script =
        "cd /data/x; cat a; echo; stat -c %s raw/large; stat -c '%a %u' . raw a; (rm -f a; echo > new) 2>&1";
    let (_, lines) = world.run(&spec, script).await;
    let told = text(&lines);
    assert!(told.starts_with("1\n8000000\n555 0\n555 0\n444 0"), "{told}");
    assert_eq!(told.matches("Read-only file system").count(), 2, "{told}");
    // Not even with the right to write to the mount.
    let mount = VolumeMount { volume, target: "/data/x".into(), read_only: false };
    let spec = ContainerSpec { volumes: vec![mount], ..world.spec() };
    let (_, lines) = world.run(&spec, "(echo > /data/x/a; echo > /data/x/new; rm -f /data/x/a) 2>&1").await;
    assert_eq!(text(&lines).matches("Permission denied").count(), 3, "{}", text(&lines));
}

#[tokio::test]
async fn what_ends_early_is_full_or_cannot_be_read_fails_and_says_so() {
    let world = World::new().await;
    let data = vec![7; 3 << 20];
    let cut = fill(&world, &new_volume(&world).await, file("a", &data)).await.unwrap_err();
    assert!(matches!(cut, FillError::Ended { code: EXIT_CUT_OFF, .. }), "{cut}");

    // A disk of one megabyte.
    let name = format!("{}-small", world.installation);
    let small = [("type", "tmpfs"), ("device", "tmpfs"), ("o", "size=1m")];
    let request = VolumeCreateRequest {
        name: Some(name.clone()),
        labels: Some(HashMap::from([("atelier.installation".into(), world.installation.clone())])),
        driver_opts: Some(small.map(|(key, value)| (key.to_owned(), value.to_owned())).into()),
        ..Default::default()
    };
    world.raw.create_volume(request).await.unwrap();
    let pieces = [file("a", &data), vec![line(&Entry::End { entries: 1 })]].concat();
    let full = fill(&world, &name, pieces).await.unwrap_err();
    assert!(matches!(full, FillError::Ended { code: EXIT_FULL, .. }), "{full}");

    let identity = Identity {
        installation: world.installation.clone(),
        workload: uuid::Uuid::now_v7().to_string(),
        generation: 1,
        kind: "data".into(),
    };
    let volume = new_volume(&world).await;
    let pieces = stream::iter([Ok(line(&Entry::Folder { path: "raw".into() })), Err("no bytes")]);
    let fill = Fill { identity: &identity, agent: &world.agent, volume: &volume };
    let unread = world.docker.fill(fill, pieces).await.unwrap_err();
    assert!(matches!(unread, FillError::Source("no bytes")), "{unread}");
    assert!(world.docker.list(&world.installation).await.unwrap().is_empty());
}
