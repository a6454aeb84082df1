//! Building images: what a Dockerfile's instructions make, what is kept, what is told.

use crate::world::{MIB, World};
use atelier_sandbox::{Build, BuildError, Context, Error, Identity, ImageId, Recipe, StepLimits};
use bollard::models::ImageConfig;
use bollard::query_parameters::{ListImagesOptionsBuilder, RemoveImageOptions};
use bytes::Bytes;
use std::{collections::HashMap, path::PathBuf, time::Duration};

pub(crate) const LIMITS: StepLimits = StepLimits {
    cpu_millis: 1500,
    memory_bytes: 3000 * MIB,
    pids: 4096,
    disk_bytes: 1024 * MIB,
    duration: Duration::from_secs(120),
};

/// The first build of a thing that is named by the test.
pub(crate) fn build(
    world: &World,
    dockerfile: &str,
    files: &[(&str, &str)],
    settings: &[(&str, PathBuf)],
) -> Build {
    let files =
        files.iter().map(|(name, text)| ((*name).to_owned(), Bytes::copy_from_slice(text.as_bytes())));
    Build {
        identity: Identity {
            installation: world.installation.clone(),
            workload: format!("build-{}", uuid::Uuid::now_v7()),
            generation: 1,
            kind: "build".into(),
        },
        recipe: Recipe::parse(&dockerfile.replace("BASE", &world.image.0)).unwrap(),
        context: Context::new(files, settings).unwrap(),
        tag: format!("{}:1", world.installation),
        limits: LIMITS,
        network: None,
    }
}

/// The outcome and the log.
pub(crate) async fn run(world: &World, build: Build) -> (Result<ImageId, BuildError>, Vec<String>) {
    let mut log = Vec::new();
    let outcome = world.docker.build(build, |line| log.push(line.trim().to_owned())).await;
    (outcome, log)
}

async fn config(world: &World, image: &ImageId) -> ImageConfig {
    world.raw.inspect_image(&image.0).await.unwrap().config.unwrap()
}

async fn remove(world: &World, image: &ImageId) {
    world.raw.remove_image(&image.0, None::<RemoveImageOptions>, None).await.unwrap();
}

/// The images that steps left, and the containers.
async fn left(world: &World) -> (usize, usize) {
    let label = format!("atelier.installation={}", world.installation);
    let filters = HashMap::from([("label", vec![label])]);
    let options = ListImagesOptionsBuilder::new().all(true).filters(&filters).build();
    let images = world.raw.list_images(Some(options)).await.unwrap().len();
    (images, world.docker.list(&world.installation).await.unwrap().len())
}

#[tokio::test]
async fn every_instruction_does_what_it_says_and_steps_are_not_done_twice() {
    let world = World::new().await;
    let dockerfile = "FROM BASE AS first
COPY .atelier/ /settings/
RUN cat /settings/pip.conf > /copied; rm -r /settings; mkdir /many; echo 1 > /many/one; echo 2 > /many/two
FROM BASE
ENV GREETING=\"hello there\" WHO=world
ENV BOTH=\"$GREETING ${WHO}\" PATH=$PATH:/more
COPY greeting deep/ /new/folder/
COPY --from=first /copied /copied
COPY --from=first /many/ /new/
WORKDIR /new
WORKDIR sub
RUN echo \"$BOTH\"; echo oops >&2; pwd; id -u; cat /new/folder/greeting /new/folder/er/file /new/two /copied; \\
    # a comment between
    stat -c '%a %u' /new/folder /new/folder/greeting
USER 1000
RUN id -u; touch /cannot || true
";
    let files = [("greeting", "from the context\n"), ("deep/er/file", "deep\n")];
    let settings = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(settings.path(), "[global]\n").unwrap();
    let settings = [("pip.conf", settings.path().to_owned())];
    let build = build(&world, dockerfile, &files, &settings);

    let (image, log) = run(&world, build.clone()).await;
    let image = image.unwrap_or_else(|error| panic!("{error}\n{log:#?}"));
    for line in [
        "hello there world",
        "oops",
        "/new/sub",
        "0",
        "1000",
        "from the context",
        "deep",
        "2",
        "[global]",
        "755 0",
        "644 0",
        "touch: /cannot: Permission denied",
    ] {
        assert!(log.iter().any(|logged| logged == line), "{line:?} is not in {log:#?}");
    }
    assert!(log.contains(&"Step 9/12: WORKDIR sub".to_owned()), "{log:#?}");
    assert_eq!(world.docker.image(&build.tag).await.unwrap(), Some(image.clone()));

    let made = config(&world, &image).await;
    let variables = made.env.unwrap();
    for variable in ["GREETING=hello there", "BOTH=hello there world", "PATH=/bin:/more"] {
        assert!(variables.contains(&variable.to_owned()), "{variables:?}");
    }
    assert_eq!((made.user.as_deref(), made.working_dir.as_deref()), (Some("1000"), Some("/new/sub")));
    assert_eq!(made.labels.unwrap_or_default().len(), 0, "labels of steps are none of the image's");
    assert_eq!(left(&world).await, (7, 0));

    // All is known; a change is felt from there on.
    let (again, log) = run(&world, build.clone()).await;
    assert_eq!(log.iter().filter(|line| *line == "done before").count(), 7, "{log:#?}");
    assert!(!log.contains(&"oops".to_owned()), "{log:#?}");
    remove(&world, &again.unwrap()).await;
    let changed = [("greeting", "changed\n"), files[1]];
    let context = super::images::build(&world, dockerfile, &changed, &settings).context;
    let (changed, log) = run(&world, Build { context, ..build }).await;
    assert_eq!(log.iter().filter(|line| *line == "done before").count(), 2, "{log:#?}");
    assert!(log.contains(&"changed".to_owned()), "{log:#?}");
    // What only the build before had is gone.
    assert_eq!(left(&world).await, (7, 0));
    remove(&world, &changed.unwrap()).await;
}

/// The image must not even hide what a step has removed: it has one layer, of what is there at the end.
#[tokio::test]
async fn nothing_of_the_hosts_settings_is_left() {
    let world = World::new().await;
    let secret = format!("secret-{}", uuid::Uuid::now_v7());
    let settings = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(settings.path(), &secret).unwrap();
    let dockerfile = "FROM BASE\nCOPY .atelier/ /settings/\nRUN cat /settings/pip.conf && rm -r /settings\n";
    let build = build(&world, dockerfile, &[], &[("pip.conf", settings.path().to_owned())]);
    let (image, log) = run(&world, build).await;
    let image = image.unwrap();
    assert!(log.contains(&secret), "the step saw it: {log:?}");
    assert_eq!(world.raw.inspect_image(&image.0).await.unwrap().root_fs.unwrap().layers.unwrap().len(), 1);
    let history = format!("{:?}", world.raw.image_history(&image.0).await.unwrap());
    assert!(!history.contains("settings"), "{history}");
    let archive: Vec<Bytes> =
        futures::TryStreamExt::try_collect(world.raw.export_image(&image.0)).await.unwrap();
    let archive = archive.concat();
    assert!(!archive.windows(secret.len()).any(|window| window == secret.as_bytes()));
    remove(&world, &image).await;
}

#[tokio::test]
async fn a_stage_from_nothing_and_a_whole_copy() {
    let world = World::new().await;
    let dockerfile = "FROM BASE AS build\nRUN echo hello > /made; chmod 600 /made\nFROM scratch\nCOPY --from=build / /\n\
                      ENV PATH=/bin\nRUN cat /made; stat -c '%a %F' /made /bin/cat\n";
    let (image, log) = run(&world, build(&world, dockerfile, &[], &[])).await;
    let image = image.unwrap_or_else(|error| panic!("{error}\n{log:#?}"));
    for line in ["hello", "600 regular file", "777 symbolic link"] {
        assert!(log.iter().any(|logged| logged == line), "{line:?} is not in {log:#?}");
    }
    remove(&world, &image).await;
}

#[tokio::test]
async fn a_failure_names_its_step_and_cause() {
    let world = World::new().await;
    for (step, cause) in [
        (
            "RUN echo before && exit 3",
            "line 2, RUN echo before && exit 3: it ended with code 3; its last words were: before",
        ),
        ("RUN [\"/nonexistent\"]", "/nonexistent"),
        ("COPY nothing /", "line 2, COPY nothing /: nothing is not beside the Dockerfile"),
        ("COPY --from=none:1 /x /", "the image none:1 is not on this host"),
        ("COPY --from=BASE /none /", "/none is not there"),
        ("ENV A=${B:-1}", "only $NAME and ${NAME} are supported"),
    ] {
        let (outcome, log) = run(&world, build(&world, &format!("FROM BASE\n{step}\n"), &[], &[])).await;
        let error = outcome.unwrap_err();
        assert!(
            matches!(error, BuildError::Step { .. }) && error.to_string().contains(cause),
            "{error}\n{log:?}"
        );
        assert_eq!(world.docker.image(&format!("{}:1", world.installation)).await.unwrap(), None);
    }
    let (outcome, _) = run(&world, build(&world, "FROM none:1\n", &[], &[])).await;
    assert!(matches!(outcome, Err(BuildError::Docker(Error::NotFound(cause))) if cause.contains("none:1")));
    crate::world::eventually("nothing is left", || async { (left(&world).await == (0, 0)).then_some(()) })
        .await;
}

#[tokio::test]
async fn a_build_that_is_broken_off_leaves_nothing_running() {
    let world = World::new().await;
    let build = build(&world, "FROM BASE\nRUN echo begun; exec sleep 60\n", &[], &[]);
    let (begun, mut heard) = tokio::sync::mpsc::channel(8);
    let docker = world.docker.clone();
    let task =
        tokio::spawn(async move { docker.build(build, |line| drop(begun.try_send(line.to_owned()))).await });
    while heard.recv().await.unwrap() != "begun" {}
    assert_eq!(left(&world).await.1, 1);
    task.abort();
    crate::world::eventually("the step's container is gone", || async {
        (left(&world).await.1 == 0).then_some(())
    })
    .await;
}
