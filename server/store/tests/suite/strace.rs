//! The writer beneath strace: killed at a system call, with failing ones, or watched.

use crate::writer;
use atelier_store::Root;
use std::path::Path;
use std::process::{Command, Output};

/// What changes files, and how a version is told.
pub const WRITES: &str = "write,fsync,linkat,mkdir,unlink,ftruncate";

/// What came of a run.
pub struct Run {
    pub output: Output,
    pub log: String,
}

impl Run {
    /// Whether the fault came about.
    pub fn was_disturbed(&self) -> bool {
        self.log.contains("(INJECTED)") || self.log.contains("killed by SIGKILL")
    }
}

/// Runs the writer with these options of strace.
pub fn run(options: &[&str], folder: &Path, told: &[Root]) -> Run {
    let log = folder.with_extension("strace");
    let mut strace = Command::new("strace");
    strace.args(["-f", "-y", "-qq", "-e", &format!("trace={WRITES}"), "-o"]).arg(&log).args(options);
    strace.arg(writer::program()).args(writer::arguments(folder, told));
    let output = strace.output().expect("strace is not there; `cargo xtask test` installs it");
    let told = std::fs::read_to_string(&log).expect("strace wrote nothing");
    std::fs::remove_file(&log).unwrap();
    Run { output, log: told }
}

/// A system call, and where it begins and ends in the log.
#[derive(Debug)]
pub struct Call {
    pub begins: usize,
    pub ends: usize,
    /// As strace writes it, from its name on.
    pub text: String,
}

/// The calls that were made, those cut in two by other threads put together.
pub fn calls(log: &str) -> Vec<Call> {
    let mut open = std::collections::HashMap::new();
    let mut calls = Vec::new();
    for (at, line) in log.lines().enumerate() {
        let Some((thread, text)) = line.trim_start().split_once(' ') else { continue };
        let text = text.trim_start();
        if let Some(first) = text.strip_suffix(" <unfinished ...>") {
            open.insert(thread, (at, first.to_owned()));
        } else if let Some(rest) = text.strip_prefix("<... ") {
            let Some((begins, first)) = open.remove(thread) else { continue };
            let rest = rest.split_once("resumed>").map_or("", |(_, rest)| rest);
            calls.push(Call { begins, ends: at, text: first + rest });
        } else {
            calls.push(Call { begins: at, ends: at, text: text.to_owned() });
        }
    }
    calls
}
