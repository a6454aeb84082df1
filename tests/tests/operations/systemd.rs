//! The systemd unit is one, and lets the server do little.

use anyhow::Context;
use std::path::Path;
use std::process::Command;

/// As `systemd-analyze security` counts: 10 is unprotected.
const EXPOSURE: f64 = 2.5;

#[test]
fn the_unit_is_valid_and_closed() -> anyhow::Result<()> {
    let unit =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/systemd/atelier.service").canonicalize()?;
    // The program is not installed here; everything else must be right.
    let folder = tempfile::tempdir()?;
    let text = std::fs::read_to_string(&unit)?.replace("/usr/local/bin/atelier", "/bin/true");
    let copy = folder.path().join("atelier.service");
    std::fs::write(&copy, text)?;
    let verified = Command::new("systemd-analyze").arg("verify").arg(&copy).output();
    let verified = verified.context("systemd-analyze is part of every Debian with systemd")?;
    let said = String::from_utf8_lossy(&verified.stderr);
    anyhow::ensure!(verified.status.success() && !said.contains("atelier.service"), "{said}");

    let judged = Command::new("systemd-analyze").args(["security", "--offline=true"]).arg(&copy).output()?;
    let judged = String::from_utf8_lossy(&judged.stdout).into_owned();
    let overall =
        judged.lines().find_map(|line| line.split_once("atelier.service: ")).context("no figure")?;
    let exposure: f64 = overall.1.split(' ').next().unwrap_or_default().parse()?;
    anyhow::ensure!(exposure <= EXPOSURE, "exposed by {exposure}:\n{judged}");
    Ok(())
}
