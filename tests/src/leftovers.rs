//! What is on Docker that no row stands for.

use crate::docker;
use crate::studio::{Studio, container};
use crate::until;
use atelier_api::calls;
use atelier_api::session::SessionState;
use bollard::query_parameters::{ListNetworksOptionsBuilder, ListVolumesOptionsBuilder};
use std::time::Duration;

/// By then whatever belongs to nothing is gone.
const GONE: Duration = Duration::from_secs(60);

/// The containers on Docker are those of these sessions' current starts, within 60 seconds: none twice, none
/// beside them.
pub async fn containers_are_those_of_the_sessions(studio: &Studio) {
    until("every container is a session's", GONE, || async {
        let call = calls::session_list(studio.organization(), &studio.project.slug);
        let sessions = studio.owner.client.send(call).await.good();
        let known: Vec<String> = sessions.iter().map(|session| format!("/{}", container(session))).collect();
        let mut live: Vec<String> = sessions
            .iter()
            .filter(|session| session.state == SessionState::Running)
            .map(|session| format!("/{}", container(session)))
            .collect();
        let there = studio.containers().await.ok()?;
        live.retain(|name| !there.contains(name));
        (live.is_empty() && there.iter().all(|name| known.contains(name))).then_some(())
    })
    .await;
}

/// After the end of the project nothing of it is left on Docker, within 60 seconds.
pub async fn none_after_the_project(studio: &Studio) -> anyhow::Result<()> {
    let delete = calls::project_delete(studio.organization(), &studio.project.slug, &studio.project.name);
    studio.owner.client.send(delete).await.good_with(204);
    let mut last = Vec::new();
    let begun = std::time::Instant::now();
    while begun.elapsed() < GONE {
        last = everything(studio).await?;
        if last.is_empty() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    anyhow::bail!("left over on Docker: {last:?}")
}

/// The volumes on Docker that hold data.
///
/// # Errors
/// If Docker or the database does not answer.
pub async fn data_volumes(studio: &Studio) -> anyhow::Result<Vec<String>> {
    let all = everything(studio).await?;
    Ok(all.into_iter().filter(|name| name.starts_with("atelier-data-")).collect())
}

/// Containers, volumes and networks of the installation, but for the network of builds, which stays.
async fn everything(studio: &Studio) -> anyhow::Result<Vec<String>> {
    let mut found = studio.containers().await?;
    for id in studio.world.server.database.lines("SELECT id AS line FROM installation")? {
        let filters = docker::of(&id);
        let volumes = ListVolumesOptionsBuilder::new().filters(&filters).build();
        let volumes = studio.docker.list_volumes(Some(volumes)).await?.volumes.unwrap_or_default();
        found.extend(volumes.into_iter().map(|volume| volume.name));
        let networks = ListNetworksOptionsBuilder::new().filters(&filters).build();
        let networks = studio.docker.list_networks(Some(networks)).await?;
        let names = networks.into_iter().filter_map(|network| network.name);
        found.extend(names.filter(|name| !name.contains("build")));
    }
    Ok(found)
}
