//! What holds for the text of the code: all of it is told at once, not only the first finding.

use crate::cargo::{NATIVE, XTASK, cargo, linting};
use crate::progress::Step;
use crate::tree::Tree;
use crate::{prerequisites, tidy, tools, web};
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
    step("Server and tests, with lints", linting(tree).arg("build").args(NATIVE).arg("--all-targets"));
    step("xtask, with lints", linting(tree).arg("build").args(XTASK).arg("--all-targets"));
    step("Page, with lints", &mut web::compiler(tree, web::Build::Dev));

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
