//! From the click to the first answer of JupyterLab.

use crate::child::free_port;
use crate::jupyterhub::{self, JupyterHub};
use crate::ours::Ours;
use crate::row::{Goal, Row};
use crate::stats::Samples;
use crate::target::Target;
use anyhow::{Context, ensure};
use atelier_api::calls;
use std::time::{Duration, Instant};
use tokio::process::Command;

const TURNS: usize = 5;
const LOOK: Duration = Duration::from_millis(20);
/// The first start builds the image.
const LIMIT: Duration = Duration::from_secs(900);
const MIB: i64 = 2048;
const ENVIRONMENT: &str = "python-data-science";
const DOCKER: &str = "docker run";

/// # Errors
/// If one of them does not start a JupyterLab.
pub async fn run() -> anyhow::Result<Vec<Row>> {
    let ours = Ours::start(MIB).await?;
    // Builds the image and prepares the person's folders, once for ever.
    click(&ours).await?;
    let image = image(&ours).await?;
    let hub = JupyterHub::start().await?;
    let [mut clicks, mut runs, mut servers] = [(); 3].map(|()| Samples::default());
    for _ in 0..TURNS {
        clicks.push(click(&ours).await?.as_secs_f64());
        runs.push(docker_run(&image).await?.as_secs_f64());
        servers.push(hub.start_server().await?.as_secs_f64());
        hub.stop_server().await?;
    }
    Ok(vec![Row {
        what: "Click to the first answer of JupyterLab".to_owned(),
        unit: "s",
        ours: clicks,
        peers: vec![(DOCKER, runs), (jupyterhub::NAME, servers)],
        goal: Goal::TimesOrLess(1.25, DOCKER),
    }])
}

/// A new session, opened by a browser that waits for its JupyterLab; deleted afterwards.
async fn click(ours: &Ours) -> anyhow::Result<Duration> {
    let (organization, project, client) = (ours.organization(), &ours.project.slug, &ours.owner.client);
    let begun = Instant::now();
    let wish = ours.wish(ENVIRONMENT, "jupyterlab");
    let session = client.send(calls::session_create(organization, project, &wish)).await.good_with(201);
    let target = ours.target(&session.id).await?;
    answers(&target).await?;
    let time = begun.elapsed();
    client.send(calls::session_delete(organization, project, &session.id)).await;
    ours.gone(&session.id).await?;
    Ok(time)
}

async fn image(ours: &Ours) -> anyhow::Result<String> {
    let list = ours.owner.client.send(calls::environment_list(ours.organization())).await.good();
    let found = list.into_iter().find(|environment| environment.id == ENVIRONMENT);
    found.and_then(|environment| environment.image).context("the environment has no image")
}

/// The same image with the same limits and no platform.
async fn docker_run(image: &str) -> anyhow::Result<Duration> {
    let port = free_port()?;
    let name = format!("atelier-bench-{}-{port}", std::process::id());
    let begun = Instant::now();
    let memory = format!("{MIB}m");
    let half = format!("{}m", MIB / 2);
    let mut command = Command::new("docker");
    command.args(["run", "--detach", "--name", &name, "--publish", &format!("127.0.0.1:{port}:8888")]);
    command.args(["--cpus=2", "--memory", &memory, "--memory-swap", &memory, "--pids-limit=4096"]);
    command.args(["--shm-size", &half, "--tmpfs", &format!("/tmp:size={half}"), "--read-only"]);
    command.args(["--cap-drop=ALL", "--security-opt=no-new-privileges", "--user=1000:1000"]);
    command.args(["--volume", "/work", "--volume", "/home/atelier", image, "jupyter-lab", "--ip=0.0.0.0"]);
    let output = command.output().await?;
    ensure!(output.status.success(), "docker run: {}", String::from_utf8_lossy(&output.stderr));
    let answered = answers(&Target::plain(DOCKER, port)).await;
    let time = begun.elapsed();
    let removed = Command::new("docker").args(["rm", "--force", "--volumes", &name]).output().await?;
    answered?;
    ensure!(removed.status.success(), "docker rm: {}", String::from_utf8_lossy(&removed.stderr));
    Ok(time)
}

/// Waits until JupyterLab itself answers.
async fn answers(target: &Target) -> anyhow::Result<()> {
    let begun = Instant::now();
    while !matches!(target.get("/api").await, Ok((200, ..))) {
        ensure!(begun.elapsed() < LIMIT, "{}: JupyterLab does not answer", target.name);
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}
