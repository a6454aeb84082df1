//! `atelier build-environment`: the image without a server, for tests and for hosts that are prepared.

use super::definition;
use super::make::Place;
use crate::config::{Config, Flags};
use crate::workloads::Agent;
use anyhow::Context;
use atelier_sandbox::{Docker, firewall::Allowed};
use clap::Args;

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    flags: Flags,
    /// The environment's id: the name of its folder.
    id: String,
}

/// The label of what is made here, apart from every server's.
const INSTALLATION: &str = "by-hand";

/// Builds the image unless it is there, tells the log on standard error and the image's id on standard
/// output.
///
/// # Errors
/// Says why there is no image.
pub async fn run(options: Options) -> anyhow::Result<()> {
    let config = Config::load(&options.flags)?;
    let definitions = definition::all(config.environments_dir.as_deref())?;
    let definition = definitions.get(&options.id).with_context(|| {
        let known: Vec<&str> = definitions.keys().map(String::as_str).collect();
        format!("there is no environment {}; there are: {}", options.id, known.join(", "))
    })?;
    let docker = Docker::connect(config.docker.as_deref().unwrap_or_default())
        .context("setting docker (ATELIER_DOCKER) is not an address of Docker")?;
    if let Some(image) = docker.image(&definition.tag()).await? {
        println!("{image}");
        return Ok(());
    }
    let run = config.run_dir();
    std::fs::create_dir_all(&run).with_context(|| format!("cannot make {}", run.display()))?;
    let lock = std::fs::File::create(run.join("build-environment.lock"))?;
    lock.lock().context("another build is under way")?;
    // Under the lock, so they are of a build that was killed.
    for left in docker.list(INSTALLATION).await? {
        docker.remove(&left.name).await?;
    }
    let allowed = config.egress_allow.iter().map(|entry| entry.parse());
    let allowed: Vec<Allowed> = allowed.collect::<Result<_, String>>().map_err(anyhow::Error::msg)?;
    let agent = Agent::install(&run)?;
    let agent = agent.path().context(crate::workloads::AGENT_MISSING)?;
    docker.set_firewall(INSTALLATION, agent, &allowed).await.context(
        "the host is not closed to containers, so nothing is built: run this as root, or let it run \
         containers with NET_ADMIN",
    )?;
    let pool = config.network_pool.parse().map_err(|why| anyhow::anyhow!("setting network_pool: {why}"))?;
    let place = Place { docker: &docker, config: &config, installation: INSTALLATION, pool: &pool };
    let image = place.make(definition, crate::db::now(), |line| eprintln!("{line}")).await?;
    println!("{image}");
    Ok(())
}
