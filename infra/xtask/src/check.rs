//! What holds for the text of the code: all of it is told at once, not only the first finding.

use crate::cargo::{NATIVE, XTASK, cargo};
use crate::progress::Step;
use crate::tree::Tree;
use crate::{prerequisites, tidy, tools};
use anyhow::{Result, bail};
use std::process::Command;

/// Runs every check.
pub(crate) fn check(tree: &Tree) -> Result<()> {
    prerequisites::ensure()?;
    let programs = tools::ensure(tree)?;
    let mut failed = Vec::new();
    let mut step = |name: &'static str, command: &mut Command| {
        let mut step = Step::start(name);
        match step.run(command) {
            Ok(_) => step.done(),
            Err(error) => {
                eprintln!("✗ {error:#}");
                failed.push(name);
            }
        }
    };
    let tool = |name: &str| {
        let mut command = Command::new(programs.join(name));
        command.current_dir(&tree.root);
        command
    };
    let licences = ["check", "--hide-inclusion-graph", "licenses", "bans", "sources"];
    step("Format", cargo(tree).args(["fmt", "--all", "--check"]));
    step("Spelling", &mut tool("typos"));
    step("Unused dependencies", tool("cargo-shear").arg("--locked"));
    step("Licences, bans, sources", tool("cargo-deny").args(licences));
    let strict = ["--all-targets", "--", "--deny=warnings"];
    step("Lints", cargo(tree).arg("clippy").args(NATIVE).args(strict));
    step("Lints of xtask", cargo(tree).arg("clippy").args(XTASK).args(strict));
    let page = [
        "clippy",
        "--package=atelier-frontend",
        "--package=atelier-uploader",
        "--target=wasm32-unknown-unknown",
        "--profile=web-dev",
    ];
    step("Lints of the page", cargo(tree).args(page).args(["--", "--deny=warnings"]));

    let findings = tidy::findings(&tree.root)?;
    for finding in &findings {
        eprintln!("✗ {finding}");
    }
    if !findings.is_empty() {
        failed.push("House rules");
    }
    if !failed.is_empty() {
        bail!("not clean: {}", failed.join(", "));
    }
    Ok(())
}
