//! What the daemon says of itself.

use crate::world::World;
use std::time::{SystemTime, UNIX_EPOCH};

#[tokio::test]
async fn the_daemon_and_its_host() {
    let world = World::new().await;
    let daemon = world.docker.daemon().await.unwrap();
    let cpus = std::thread::available_parallelism().unwrap().get();
    assert_eq!(daemon.cpus as usize, cpus);
    assert!(daemon.memory_bytes > 1 << 30);
    assert!(daemon.runtimes.contains(&"runc".to_owned()), "{daemon:?}");
    assert!(daemon.root.starts_with('/'), "{daemon:?}");
    assert!(!daemon.id.is_empty() && !daemon.name.is_empty() && !daemon.version.is_empty());
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    assert!((1..=now).contains(&u128::try_from(daemon.started_at_ms.unwrap()).unwrap()));
    assert_eq!(world.docker.daemon().await.unwrap(), daemon);
}
