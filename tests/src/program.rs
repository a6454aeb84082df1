//! The program under test: the server, and its other commands.

use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// `ATELIER_BIN`, or where a debug build of the workspace puts it.
pub fn path() -> PathBuf {
    let built = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/debug/atelier");
    std::env::var_os("ATELIER_BIN").map_or_else(built, PathBuf::from)
}

/// A command of the program for a data folder and a database, ready to be run.
pub fn command(words: &[&str], data_dir: &Path, database_url: &str) -> Command {
    let mut command = Command::new(path());
    command.args(words).arg("--data-dir").arg(data_dir).env("ATELIER_DATABASE_URL", database_url);
    command
}

/// Runs it to its end off the test's thread.
///
/// # Errors
/// If it cannot be started.
pub async fn run(mut command: Command) -> anyhow::Result<Output> {
    let output = tokio::task::spawn_blocking(move || command.output()).await?;
    output.with_context(|| format!("{} cannot be started: build it, or set ATELIER_BIN", path().display()))
}

/// Runs it to its end, which must be a good one; gives what it said on both outputs.
///
/// # Errors
/// If it cannot be started, or ends with another code than 0.
pub async fn succeed(command: Command) -> anyhow::Result<String> {
    let output = run(command).await?;
    let said = said(&output);
    anyhow::ensure!(output.status.success(), "{}: {said}", output.status);
    Ok(said)
}

/// What it said on both outputs.
pub fn said(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).concat()
}
