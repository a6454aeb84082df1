//! Memory of the agent while results of its session come to the server.

use super::flat::{LARGE, MIB, SMALL, pair};
use crate::data;
use crate::ours::Ours;
use crate::processes::{forget_peak, peak_mb};
use crate::row::Row;
use crate::stats::Samples;
use anyhow::{Context, ensure};
use atelier_api::calls;
use atelier_api::draft::SaveDraft;
use atelier_tests::docker;
use atelier_tests::studio::container;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Gigabytes take so long at the most.
const PATIENCE: Duration = Duration::from_secs(600);
const LOOK: Duration = Duration::from_millis(200);

/// # Errors
/// If no version comes of the results, or the disk has no room for about 20 GB.
pub async fn run() -> anyhow::Result<Vec<Row>> {
    let ours = Ours::start(MIB).await?;
    let session = ours.session().await?;
    let about = docker::inspect(&docker::connect()?, &container(&session)).await?;
    // It is the first process of the container.
    let agent = about.state.and_then(|state| state.pid).context("the session has no process")?;
    let agent = u32::try_from(agent)?;
    let mounts = about.mounts.unwrap_or_default().into_iter();
    let mut results = mounts.filter(|mount| mount.destination.as_deref() == Some("/results"));
    let results = results.next().and_then(|mount| mount.source).context("no folder of results")?;
    let results = PathBuf::from(results);
    let mut peaks = <[Samples; 2]>::default();
    for (turn, length) in [SMALL, LARGE].into_iter().enumerate() {
        let file = results.join(format!("{turn}.bin"));
        data::random_file(&file, turn as u64, length)?;
        forget_peak(agent)?;
        let (organization, project) = (ours.organization(), &ours.project.slug);
        let save = calls::session_save(organization, project, &session.id, &SaveDraft::default());
        ours.owner.client.send(save).await.good();
        let begun = Instant::now();
        loop {
            let list = calls::results_version_list(organization, project, None);
            let versions = ours.owner.client.send(list).await.good().items;
            if versions.len() > turn {
                break;
            }
            ensure!(begun.elapsed() < PATIENCE, "the results are in no version");
            tokio::time::sleep(LOOK).await;
        }
        peaks[turn].push(peak_mb(agent)?);
        fs::remove_file(&file)?;
    }
    Ok(pair("Memory of the agent, whose session has results of 8 GiB", peaks).into())
}
