//! Rust tests, by nextest.

use super::{Options, Outcome, Variables};
use crate::cargo::linting;
use crate::tools;
use crate::tree::Tree;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

/// Runs the tests of the packages, showing nextest's own report.
pub(super) fn run(
    tree: &Tree,
    packages: &[&str],
    programs: &Path,
    options: &Options,
    variables: &Variables,
) -> Result<Outcome> {
    let mut command = linting(tree);
    tools::with_path(&mut command, programs)?;
    command.args(["nextest", "run", "--no-fail-fast"]).args(packages);
    if options.long {
        command.args(["--profile", "long"]);
    }
    // With a filter, a crate without such a test is no fault; the sum of all suites is looked at.
    command.arg("--no-tests=pass").args(&options.filter);
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let mut child = command.stderr(Stdio::piped()).spawn().context("cannot start cargo nextest")?;
    let report = child.stderr.take().context("nextest has no standard error")?;
    let mut outcome = None;
    for line in BufReader::new(report).lines() {
        let line = line?;
        eprintln!("{line}");
        outcome = summary(&line).or(outcome);
    }
    let status = child.wait()?;
    match outcome {
        Some(outcome) if status.success() == (outcome.failed == 0) => Ok(outcome),
        None if status.success() => Ok(Outcome::default()),
        _ => bail!("cargo nextest ended with {status}"),
    }
}

/// Reads `Summary [ 1.2s] 9 tests run: 7 passed (1 slow), 1 failed, 1 timed out, 3 skipped`. Skipped are
/// those outside the filter only: ignored tests are not let in (see `tidy.rs`).
fn summary(line: &str) -> Option<Outcome> {
    let (_, counts) = line.trim_start().strip_prefix("Summary")?.split_once("run: ")?;
    let mut inside = false;
    let mut counts = counts.to_owned();
    counts.retain(|letter| {
        inside = letter == '(' || inside && letter != ')';
        !inside
    });
    let mut outcome = Outcome::default();
    for part in counts.split(", ") {
        let (number, kind) = part.split_once(' ')?;
        let number: usize = number.parse().ok()?;
        match kind.trim_end_matches([' ', ')']) {
            "passed" => outcome.passed += number,
            "skipped" => {}
            _ => outcome.failed += number,
        }
    }
    Some(outcome)
}

#[cfg(test)]
mod tests {
    use super::{Outcome, summary};

    #[test]
    fn reads_what_nextest_sums_up() {
        let all = "     Summary [   1.234s] 9 tests run: 7 passed (1 slow, 1 leaky), 1 failed, 1 timed out, 3 skipped";
        assert_eq!(summary(all), Some(Outcome { passed: 7, failed: 2 }));
        let good = "     Summary [   0.010s] 1 test run: 1 passed, 0 skipped";
        assert_eq!(summary(good), Some(Outcome { passed: 1, failed: 0 }));
        assert_eq!(summary("        PASS [   0.010s] xtask tests::summary"), None);
    }
}
