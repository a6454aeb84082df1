//! What a test needs around it: an image, a folder for the channel, and an installation of its own whose
//! containers, networks and volumes are removed at the end, even after a failure.

use crate::image;
use atelier_api::channel::{Bootstrap, Tool};
use atelier_sandbox::{ContainerSpec, Docker, Error, Identity, ImageId, Limits, LogLine, Seen, State};
use bollard::query_parameters::{
    InspectContainerOptions, ListContainersOptionsBuilder, ListImagesOptionsBuilder,
    ListNetworksOptionsBuilder, ListVolumesOptionsBuilder, RemoveContainerOptionsBuilder, RemoveImageOptions,
    RemoveVolumeOptions,
};
use std::{
    collections::HashMap, fs, future::Future, os::unix::fs::PermissionsExt, path::PathBuf, time::Duration,
};
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

pub(crate) const MIB: u64 = 1 << 20;
/// The port that tests' tools listen on.
pub(crate) const PORT: u16 = 8000;

pub(crate) struct World {
    pub(crate) docker: Docker,
    /// Docker's client itself, to look past the sandbox.
    pub(crate) raw: bollard::Docker,
    pub(crate) installation: String,
    pub(crate) image: ImageId,
    pub(crate) agent: PathBuf,
    pub(crate) channel: TempDir,
}

impl World {
    pub(crate) async fn new() -> Self {
        let docker = Docker::connect("").unwrap();
        let raw = bollard::Docker::connect_with_defaults().unwrap().negotiate_version().await;
        let raw = raw.expect("these tests need a Docker daemon");
        let image = image::ensure(&raw, &docker).await;
        let channel = tempfile::tempdir().unwrap();
        fs::set_permissions(channel.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let installation = format!("test-{}", uuid::Uuid::now_v7());
        Self { docker, raw, installation, image, agent: agent(), channel }
    }

    /// A small container of a workload with a new id.
    pub(crate) fn spec(&self) -> ContainerSpec {
        ContainerSpec {
            identity: Identity {
                installation: self.installation.clone(),
                workload: uuid::Uuid::now_v7().to_string(),
                generation: 1,
                kind: "session".into(),
            },
            image: self.image.clone(),
            limits: Limits {
                cpu_millis: 1000,
                memory_bytes: 64 * MIB,
                pids: 64,
                shm_bytes: 16 * MIB,
                tmp_bytes: 16 * MIB,
            },
            volumes: Vec::new(),
            agent: self.agent.clone(),
            channel: self.channel.path().to_owned(),
            network: None,
            runtime: None,
        }
    }

    /// Creates and starts a container that runs the script; its name.
    pub(crate) async fn start(&self, spec: &ContainerSpec, script: &str) -> String {
        let name = self.docker.create(spec).await.unwrap();
        self.docker.start_with_bootstrap(&name, &json(&bootstrap(script))).await.unwrap();
        name
    }

    /// Runs the script in a container until that has ended.
    pub(crate) async fn run(&self, spec: &ContainerSpec, script: &str) -> (Seen, Vec<LogLine>) {
        let name = self.start(spec, script).await;
        let seen = self.ended(&name).await;
        (seen, self.docker.logs_tail(&name, 200).await.unwrap())
    }

    pub(crate) async fn ended(&self, name: &str) -> Seen {
        eventually("the container ends", || async {
            let seen = self.docker.inspect(name).await.unwrap();
            matches!(seen.state, State::Exited { .. }).then_some(seen)
        })
        .await
    }

    /// The container's address in its network.
    pub(crate) async fn address(&self, name: &str) -> String {
        let answer = self.raw.inspect_container(name, None::<InspectContainerOptions>).await.unwrap();
        let networks = answer.network_settings.unwrap().networks.unwrap();
        networks.into_values().find_map(|endpoint| endpoint.ip_address).unwrap()
    }
}

/// The bootstrap of a tool that is a shell script.
pub(crate) fn bootstrap(script: &str) -> Bootstrap {
    Bootstrap {
        generation: 1,
        tool: Tool {
            argv: ["/bin/sh", "-c", script].map(str::to_owned).to_vec(),
            env: [("GREETING".to_owned(), "hello".to_owned())].into(),
            cwd: "/tmp".into(),
            port: PORT,
            ready_path: "/".into(),
            jupyter: false,
        },
        pool: 8,
        report_every_ms: 200,
        folders: Vec::new(),
        files: None,
        results: None,
    }
}

pub(crate) fn json(bootstrap: &Bootstrap) -> Vec<u8> {
    serde_json::to_vec(bootstrap).unwrap()
}

pub(crate) fn text(lines: &[LogLine]) -> String {
    lines.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n")
}

/// Asks until there is an answer, for half a minute at most.
pub(crate) async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, ask: impl Fn() -> F) -> T {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "not within 30 s: {what}");
        sleep(Duration::from_millis(50)).await;
    }
}

/// [`eventually`] for questions that change what they ask.
pub(crate) async fn eventually_mut<S, T>(
    what: &str,
    state: &mut S,
    ask: impl AsyncFn(&mut S) -> Option<T>,
) -> T {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(answer) = ask(state).await {
            return answer;
        }
        assert!(Instant::now() < deadline, "not within 30 s: {what}");
        sleep(Duration::from_millis(50)).await;
    }
}

fn agent() -> PathBuf {
    let built = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/embed/agent/atelier-agent");
    let path = std::env::var_os("ATELIER_AGENT").map_or_else(|| PathBuf::from(built), PathBuf::from);
    fs::canonicalize(&path).unwrap_or_else(|error| {
        panic!(
            "no agent at {}: {error}; build it with `cargo xtask build` or name it by ATELIER_AGENT",
            path.display()
        )
    })
}

impl Drop for World {
    fn drop(&mut self) {
        let (raw, installation) = (self.raw.clone(), self.installation.clone());
        // A test's own runtime cannot be waited for from here.
        let cleaned = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(clean(raw, &installation))
        });
        if !matches!(cleaned.join(), Ok(Ok(()))) && !std::thread::panicking() {
            panic!("what {} made could not be removed", self.installation);
        }
    }
}

type Cleaned = Result<(), Box<dyn std::error::Error + Send + Sync>>;

async fn clean(raw: bollard::Docker, installation: &str) -> Cleaned {
    let filters = HashMap::from([("label", vec![format!("atelier.installation={installation}")])]);
    let containers = ListContainersOptionsBuilder::new().all(true).filters(&filters).build();
    for container in raw.list_containers(Some(containers)).await? {
        let force = RemoveContainerOptionsBuilder::new().force(true).build();
        raw.remove_container(&container.id.unwrap_or_default(), Some(force)).await?;
    }
    let networks = ListNetworksOptionsBuilder::new().filters(&filters).build();
    for network in raw.list_networks(Some(networks)).await? {
        raw.remove_network(&network.id.unwrap_or_default()).await?;
    }
    let volumes = ListVolumesOptionsBuilder::new().filters(&filters).build();
    for volume in raw.list_volumes(Some(volumes)).await?.volumes.unwrap_or_default() {
        raw.remove_volume(&volume.name, None::<RemoveVolumeOptions>).await?;
    }
    let images = ListImagesOptionsBuilder::new().filters(&filters).build();
    for image in raw.list_images(Some(images)).await? {
        raw.remove_image(&image.id, None::<RemoveImageOptions>, None).await?;
    }
    Ok(())
}

/// What an `Err` of the sandbox must be.
pub(crate) fn is_not_found<T>(answer: &Result<T, Error>) -> bool {
    matches!(answer, Err(Error::NotFound(_)))
}
