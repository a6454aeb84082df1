//! Building images with the classic builder.

use crate::world::{MIB, World};
use atelier_sandbox::{Build, Context, Error, ImageId};
use std::{collections::HashMap, fs, path::Path};

fn build(folder: &Path, settings: &[(&str, std::path::PathBuf)], tag: &str) -> Build {
    Build {
        context: Context::pack(folder, settings).unwrap(),
        dockerfile: "Dockerfile".into(),
        tag: tag.into(),
        arguments: HashMap::from([("WHO".into(), "world".into())]),
        cpu_millis: 1500,
        memory_bytes: 3000 * MIB,
        network: None,
    }
}

/// The beginning of a stage. Its label makes it new to Docker's cache, and tells that it can be removed.
fn base(world: &World) -> String {
    format!("FROM {}\nLABEL atelier.installation={}", world.image, world.installation)
}

async fn remove(world: &World, image: &ImageId) {
    let options = None::<bollard::query_parameters::RemoveImageOptions>;
    world.raw.remove_image(&image.0, options, None).await.unwrap();
}

#[tokio::test]
async fn a_build_tells_its_log_and_gives_the_image() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let base = base(&world);
    fs::write(
        folder.path().join("Dockerfile"),
        format!(
            "{base}\nCOPY .atelier/ /settings/\nRUN cat /settings/pip.conf > /copied\n\
             {base}\nARG WHO\nCOPY greeting /\nCOPY --from=0 /copied /\n\
             RUN echo $(cat /greeting) $WHO; echo oops >&2; grep processes /proc/self/limits\nRUN cat /sys/fs/cgroup/memory*/memory.limit_in_bytes /sys/fs/cgroup/memory.max; true\n"
        ),
    )
    .unwrap();
    fs::write(folder.path().join("greeting"), "hello").unwrap();
    let settings = tempfile::NamedTempFile::new().unwrap();
    fs::write(settings.path(), "[global]").unwrap();

    let tag = format!("{}:1", world.installation);
    let mut log = Vec::new();
    let settings = [("pip.conf", settings.path().to_owned())];
    let built = world.docker.build(build(folder.path(), &settings, &tag), |line| log.push(line.to_owned()));
    let image = built.await.unwrap();
    for line in [
        "hello world",
        "oops",
        "Max processes             4096                 4096                 processes",
    ] {
        assert!(log.iter().any(|logged| logged.trim() == line), "{line:?} is not in {log:?}");
    }
    assert!(log.contains(&(3000 * MIB).to_string()), "{log:?}");
    assert_eq!(world.docker.image(&tag).await.unwrap(), Some(image.clone()));
    assert_eq!(world.docker.image(&image.0).await.unwrap(), Some(image.clone()));
    remove(&world, &image).await;
    assert_eq!(world.docker.image(&tag).await.unwrap(), None);
}

#[tokio::test]
async fn the_settings_folder_is_there_even_if_empty_and_a_failure_has_its_cause() {
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let dockerfile = format!("{}\nCOPY .atelier/ /settings/\nRUN echo before && exit 3\n", base(&world));
    fs::write(folder.path().join("Dockerfile"), dockerfile).unwrap();
    let mut log = Vec::new();
    let tag = format!("{}:2", world.installation);
    let failed = world.docker.build(build(folder.path(), &[], &tag), |line| log.push(line.to_owned())).await;
    assert!(log.contains(&"before".to_owned()), "{log:?}");
    assert!(matches!(&failed, Err(Error::Refused(cause)) if cause.contains("exit 3")), "{failed:?}");
    assert_eq!(world.docker.image(&tag).await.unwrap(), None);
}

#[test]
fn a_setting_that_is_not_there_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("ca-certificates.crt");
    let error = Context::pack(folder.path(), &[("ca-certificates.crt", missing.clone())]).unwrap_err();
    assert!(error.to_string().contains(missing.to_str().unwrap()), "{error}");
}
