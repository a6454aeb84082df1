//! What holds for the text of the code: all of it is told at once, not only the first finding.

use crate::beside::beside;
use crate::cargo::{NATIVE, XTASK, cargo, linting};
use crate::progress::Step;
use crate::tree::Tree;
use crate::{prerequisites, tidy, tools, web};
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;

/// Runs every check.
pub(crate) fn check(tree: &Tree) -> Result<()> {
    prerequisites::ensure()?;
    // The compiler does not wait for what comes over the network.
    let (programs, mut failed) = beside(|| tools::ensure(tree), || Ok(failing(compilations(tree))))?;
    failed.extend(failing(by_tools(tree, &programs)));

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

type Steps = Vec<(&'static str, Command)>;

fn compilations(tree: &Tree) -> Steps {
    let linted = |packages: &[&str]| {
        let mut command = linting(tree);
        command.arg("build").args(packages).arg("--all-targets");
        command
    };
    vec![
        ("Server and tests, with lints", linted(NATIVE)),
        ("xtask, with lints", linted(XTASK)),
        ("Page, with lints", web::compiler(tree, web::Build::Dev)),
    ]
}

fn by_tools(tree: &Tree, programs: &Path) -> Steps {
    let run = |mut command: Command, words: &[&str]| {
        command.args(words).current_dir(&tree.root);
        command
    };
    let tool = |name: &str| Command::new(programs.join(name));
    let licences = ["check", "--hide-inclusion-graph", "licenses", "bans", "sources"];
    vec![
        ("Format", run(cargo(tree), &["fmt", "--all", "--check"])),
        ("Spelling", run(tool("typos"), &[])),
        ("Unused dependencies", run(tool("cargo-shear"), &["--locked"])),
        ("Licences, bans, sources", run(tool("cargo-deny"), &licences)),
    ]
}

/// Runs all of them; gives the names of those that failed.
fn failing(steps: Steps) -> Vec<&'static str> {
    let mut failed = Vec::new();
    for (name, mut command) in steps {
        let mut step = Step::start(name);
        match step.run(&mut command) {
            Ok(_) => step.done(),
            Err(error) => {
                eprintln!("✗ {error:#}");
                failed.push(name);
            }
        }
    }
    failed
}
