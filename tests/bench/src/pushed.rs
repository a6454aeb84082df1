//! Data that comes to our server: by the command line, as a process of its own, or as a stream.

use crate::data;
use crate::ours::Ours;
use crate::processes;
use anyhow::{Context, ensure};
use atelier_api::calls;
use atelier_api::role::Object;
use atelier_api::token::{CreateToken, TokenScope};
use atelier_api::upload::{SentFile, Upload};
use atelier_tests::{ArtifactPlace, program};
use bytes::Bytes;
use futures::stream;
use std::convert::Infallible;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::process::Command;

const PIECE: u64 = 1 << 20;
/// Gigabytes take longer than any other request.
const PATIENCE: Duration = Duration::from_secs(3600);
/// How often a process is asked for its memory.
const LOOK: Duration = Duration::from_millis(20);

/// An empty dataset.
pub async fn dataset(ours: &Ours, name: &str) -> ArtifactPlace {
    let (client, organization) = (&ours.owner.client, ours.organization());
    ArtifactPlace::create(client, Object::Dataset, organization, &ours.project.slug, name).await
}

/// A version with one file of so many bytes, which are made while they are sent.
///
/// # Errors
/// If it is refused.
pub async fn streamed(
    ours: &Ours,
    place: &ArtifactPlace,
    file: &str,
    seed: u64,
    length: u64,
) -> anyhow::Result<()> {
    let client = &ours.owner.client;
    let upload = place.begin(client).await.good_with(201).id;
    let sent = SentFile { path: file.to_owned(), executable: None };
    let ArtifactPlace { organization, project, slug: dataset, .. } = place;
    let address = calls::upload_file_path(organization, project, dataset, &upload, &sent);
    let pieces = (0..length / PIECE).map(move |number| {
        let bytes = data::random(seed.wrapping_mul(length).wrapping_add(number), PIECE as usize);
        Ok::<_, Infallible>(Bytes::from(bytes))
    });
    let body = reqwest::Body::wrap_stream(stream::iter(pieces));
    let request = client.request("PUT", &address).timeout(PATIENCE).body(body);
    client.run::<Upload>(request).await.good();
    let answer = place.commit(client, &upload).await;
    ensure!(answer.status == 201, "not committed: {}", answer.text());
    Ok(())
}

/// Somebody's `atelier`, which keeps what it remembers between pushes.
pub struct CommandLine {
    home: TempDir,
    url: String,
    token: String,
}

impl CommandLine {
    /// The owner's.
    ///
    /// # Errors
    /// If there is no place for its home.
    pub async fn of(ours: &Ours) -> anyhow::Result<CommandLine> {
        let new = CreateToken { name: "Bench".to_owned(), scope: TokenScope::Write, days: 1 };
        let token = ours.owner.client.send(calls::token_create(&new)).await.good_with(201).text;
        let url = format!("http://127.0.0.1:{}", ours.world.server.port());
        Ok(CommandLine { home: tempfile::tempdir()?, url, token })
    }

    /// `atelier data push`; gives the most memory that it had, in megabytes.
    ///
    /// # Errors
    /// If it fails.
    pub async fn push(&self, place: &ArtifactPlace, from: &Path) -> anyhow::Result<f64> {
        let ArtifactPlace { organization, project, slug: dataset, .. } = place;
        let mut command = Command::new(program::path());
        command.args(["data", "push"]).arg(from).arg(format!("{organization}/{project}/{dataset}"));
        command.env("HOME", self.home.path()).env("ATELIER_TOKEN", &self.token);
        command.env("ATELIER_URL", &self.url);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = command.spawn().context("the command line cannot be started")?;
        let mut most = 0.0_f64;
        let status = loop {
            // It may have ended just now.
            let memory = child.id().and_then(|id| processes::peak_mb(id).ok());
            most = most.max(memory.unwrap_or_default());
            tokio::select! {
                status = child.wait() => break status?,
                () = tokio::time::sleep(LOOK) => {}
            }
        };
        ensure!(status.success(), "atelier data push: {status}");
        Ok(most)
    }
}
