//! A person's ways through the pages, in a browser.

use super::{Options, Outcome, Variables};
use crate::tools::Node;
use crate::tree::Tree;
use crate::web;
use anyhow::{Context, Result};
use std::fs;

/// Runs the journeys, showing Playwright's own report.
pub(super) fn run(tree: &Tree, node: &Node, options: &Options, variables: &Variables) -> Result<Outcome> {
    let folder = tree.root.join("tests/journeys");
    web::install(&folder, node)?;
    let report = tree.scratch("journeys.json");
    if report.exists() {
        fs::remove_file(&report)?;
    }
    let mut command = node.command("npx")?;
    command.args(["--no-install", "playwright", "test", "--reporter=list,json", "--pass-with-no-tests"]);
    if !options.long {
        command.args(["--grep-invert", "@long"]);
    }
    command.args(options.filter.as_ref().map(|filter| format!("--grep={filter}")));
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    command.env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report).current_dir(&folder);
    let status = command.status().context("cannot start npx")?;
    let text =
        fs::read(&report).with_context(|| format!("the journeys ended with {status}, without a report"))?;
    let mut outcome = outcome(&serde_json::from_slice(&text)?)?;
    // A failure outside any test, such as in the set-up, is none of its counts.
    if !status.success() && outcome.failed == 0 {
        outcome.failed = 1;
    }
    Ok(outcome)
}

/// A journey that needs a second try, or is skipped, has failed.
fn outcome(report: &serde_json::Value) -> Result<Outcome> {
    let count = |name: &str| {
        let number = report["stats"][name].as_u64().context("Playwright's report has no counts")?;
        Ok::<usize, anyhow::Error>(usize::try_from(number)?)
    };
    let failed = count("unexpected")? + count("flaky")? + count("skipped")?;
    Ok(Outcome { passed: count("expected")?, failed })
}

#[cfg(test)]
mod tests {
    use super::{Outcome, outcome};

    #[test]
    fn flaky_and_skipped_journeys_count_as_failed() {
        let report = serde_json::json!({
            "stats": { "expected": 5, "unexpected": 1, "flaky": 1, "skipped": 2 }
        });
        assert_eq!(outcome(&report).unwrap(), Outcome { passed: 5, failed: 4 });
        assert!(outcome(&serde_json::json!({})).is_err());
    }
}
