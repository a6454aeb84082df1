//! From a click to the next page, in Chromium.

use crate::ours::Ours;
use crate::row::{Goal, Row};
use crate::stats::Samples;
use anyhow::{Context, ensure};
use atelier_tests::PASSWORD;
use std::path::Path;
use tokio::process::Command;

/// Through all pages of a project.
const ROUNDS: usize = 10;
/// Of memory for a container. None is started.
const MIB: i64 = 64;

/// # Errors
/// If a page does not come.
pub async fn run() -> anyhow::Result<Vec<Row>> {
    let ours = Ours::start(MIB).await?;
    let url = format!("http://{}", ours.owner.client.host());
    let first = format!("/{}/{}", ours.organization(), ours.project.slug);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("navigation.mjs");
    let mut command = Command::new("node");
    command.arg(script).args([url, ours.owner.email.clone(), PASSWORD.to_owned(), first, ROUNDS.to_string()]);
    let output = command.kill_on_drop(true).output().await?;
    ensure!(output.status.success(), "navigation.mjs: {}", String::from_utf8_lossy(&output.stderr));
    let (mut painted, mut complete) = (Samples::default(), Samples::default());
    for line in String::from_utf8(output.stdout)?.lines() {
        let times: serde_json::Value = serde_json::from_str(line)?;
        painted.push(times["painted"].as_f64().context("no time")?);
        complete.push(times["complete"].as_f64().context("no time")?);
    }
    let row =
        |what: &str, ours, goal| Row { what: what.to_owned(), unit: "ms", ours, peers: Vec::new(), goal };
    Ok(vec![
        row("From a click to the next page, painted", painted, Goal::AtMost(100.0)),
        row("From a click to the next page with its data", complete, Goal::None),
    ])
}
