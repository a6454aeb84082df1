//! Volumes: the tools' own, and there after the container is gone.

use crate::world::{World, text};
use atelier_sandbox::{ContainerSpec, Error, VolumeMount};

fn mounted(world: &World, volume: &str, target: &str, read_only: bool) -> ContainerSpec {
    let mount = VolumeMount { volume: volume.into(), target: target.into(), read_only };
    ContainerSpec { volumes: vec![mount], ..world.spec() }
}

#[tokio::test]
async fn a_prepared_volume_belongs_to_the_tool_and_outlives_containers() {
    let world = World::new().await;
    let (work, home) = (format!("{}-work", world.installation), format!("{}-home", world.installation));
    let prepare = async || {
        for name in [&work, &home] {
            world.docker.ensure_volume(&world.installation, name).await.unwrap();
        }
        world.docker.prepare_volumes(&world.installation, &world.agent, &[&work, &home]).await.unwrap();
    };
    let spec = mounted(&world, &work, "/work", false);
    prepare().await;
    let (_, lines) = world.run(&spec, "stat -c %u:%g /work; echo kept > /work/file && echo wrote").await;
    assert_eq!(text(&lines), "1000:1000\nwrote");

    prepare().await;
    let later = mounted(&world, &work, "/elsewhere", true);
    let (_, lines) = world.run(&later, "exec 2>&1; cat /elsewhere/file; touch /elsewhere/file").await;
    assert!(lines.iter().any(|line| line.text == "kept"), "{lines:?}");
    assert!(text(&lines).contains("Read-only file system"), "{lines:?}");

    assert!(matches!(world.docker.remove_volume(&work).await, Err(Error::Conflict(_))));
    for seen in world.docker.list(&world.installation).await.unwrap() {
        world.docker.remove(&seen.name).await.unwrap();
    }
    world.docker.remove_volume(&work).await.unwrap();
    world.docker.remove_volume(&work).await.unwrap();
}

#[tokio::test]
async fn an_unprepared_volume_is_not_filled_from_the_image() {
    let world = World::new().await;
    let volume = format!("{}-bin", world.installation);
    world.docker.ensure_volume(&world.installation, &volume).await.unwrap();
    // The image has a file of the tools' user there.
    let script = "ls -A /skel; stat -c %u /skel";
    assert_eq!(text(&world.run(&world.spec(), script).await.1), "file\n1000");
    assert_eq!(text(&world.run(&mounted(&world, &volume, "/skel", false), script).await.1), "0");
}

#[tokio::test]
async fn one_shot_containers_leave_nothing() {
    let world = World::new().await;
    let missing = format!("{}-v", world.installation);
    world.docker.ensure_volume(&world.installation, &missing).await.unwrap();
    world.docker.prepare_volumes(&world.installation, &world.agent, &[&missing]).await.unwrap();
    let filters = std::collections::HashMap::from([(
        "label",
        vec![format!("atelier.installation={}", world.installation)],
    )]);
    let all = bollard::query_parameters::ListContainersOptionsBuilder::new().all(true).filters(&filters);
    assert_eq!(world.raw.list_containers(Some(all.build())).await.unwrap().len(), 0);
}
