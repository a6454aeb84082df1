//! The Docker that the server under test uses, seen from outside.

use anyhow::Context;
use bollard::Docker;
use bollard::models::{ContainerInspectResponse, ContainerSummary};
use bollard::query_parameters::{
    InspectContainerOptions, ListContainersOptionsBuilder, ListNetworksOptionsBuilder,
    ListVolumesOptionsBuilder, RemoveContainerOptionsBuilder, RemoveVolumeOptions,
};
use std::collections::HashMap;

/// # Errors
/// If Docker is not there.
pub fn connect() -> anyhow::Result<Docker> {
    Docker::connect_with_defaults().context("the tests need a Docker daemon; `cargo xtask test` sees to it")
}

/// Another daemon than the machine's own, by its `unix://` address.
///
/// # Errors
/// If it is no address.
pub fn connect_to(address: &str) -> anyhow::Result<Docker> {
    const LIMIT_S: u64 = 60;
    Ok(Docker::connect_with_unix(address, LIMIT_S, bollard::API_DEFAULT_VERSION)?)
}

/// The containers of an installation, running or not.
///
/// # Errors
/// If Docker does not answer.
pub async fn containers(docker: &Docker, installation: &str) -> anyhow::Result<Vec<ContainerSummary>> {
    let options = ListContainersOptionsBuilder::new().all(true).filters(&of(installation)).build();
    Ok(docker.list_containers(Some(options)).await?)
}

/// What Docker knows of a container.
///
/// # Errors
/// If there is no such container.
pub async fn inspect(docker: &Docker, name: &str) -> anyhow::Result<ContainerInspectResponse> {
    Ok(docker.inspect_container(name, None::<InspectContainerOptions>).await?)
}

/// Removes a container, running or not.
///
/// # Errors
/// If there is no such container.
pub async fn remove(docker: &Docker, name: &str) -> anyhow::Result<()> {
    let options = RemoveContainerOptionsBuilder::new().force(true).v(true).build();
    Ok(docker.remove_container(name, Some(options)).await?)
}

/// Removes an installation's containers, volumes and networks. Nobody listens to errors here: it is called
/// while a test ends, maybe by a panic.
pub fn remove_everything_of(docker: &Docker, installation: &str) {
    let (docker, installation) = (docker.clone(), installation.to_owned());
    // Not on the test's own threads, which may belong to a runtime already.
    let removal = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(remove_all(&docker, &installation))
    });
    match removal.join() {
        Ok(Ok(())) => {}
        Ok(Err(error)) => eprintln!("something is left over on Docker: {error:#}"),
        Err(_) => eprintln!("something is left over on Docker"),
    }
}

async fn remove_all(docker: &Docker, installation: &str) -> anyhow::Result<()> {
    for container in containers(docker, installation).await? {
        remove(docker, &container.id.unwrap_or_default()).await.ok();
    }
    let options = ListVolumesOptionsBuilder::new().filters(&of(installation)).build();
    for volume in docker.list_volumes(Some(options)).await?.volumes.unwrap_or_default() {
        docker.remove_volume(&volume.name, None::<RemoveVolumeOptions>).await.ok();
    }
    let options = ListNetworksOptionsBuilder::new().filters(&of(installation)).build();
    for network in docker.list_networks(Some(options)).await? {
        docker.remove_network(&network.id.unwrap_or_default()).await.ok();
    }
    Ok(())
}

pub(crate) fn of(installation: &str) -> HashMap<&'static str, Vec<String>> {
    HashMap::from([("label", vec![format!("atelier.installation={installation}")])])
}
