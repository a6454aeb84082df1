//! A process is killed at the system call that a test chooses, or what it calls is written down.

use anyhow::Context;
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};
use tempfile::NamedTempFile;

/// What both databases are written with, by whoever writes: SQLite's log and what makes it durable, and what
/// goes to PostgreSQL, to Docker and to whoever asked.
pub const WRITES: &str = "pwrite64,fsync,fdatasync,sendto,writev";

/// What objects in a folder are made with, beside [`WRITES`].
pub const OBJECT_WRITES: &str =
    "write,pwrite64,fsync,fdatasync,link,linkat,rename,renameat2,unlink,unlinkat,sendto,writev";

/// For strace to come and to go.
const ATTACHED: Duration = Duration::from_secs(5);

/// Watches a process, until it is dropped or the process is killed.
pub struct Killer(#[expect(dead_code, reason = "it is what is dropped")] Strace);

/// Writes down what a process does, in the order in which the calls end.
pub struct Recorder {
    strace: Strace,
    log: NamedTempFile,
}

/// A call that a process made, as strace writes it: descriptors with what they are open on.
#[derive(Clone, Debug)]
pub struct SystemCall {
    pub name: String,
    pub arguments: String,
}

struct Strace(Child);

impl Killer {
    /// From now on, the process is killed when one of its threads is about to make its `nth` call among
    /// `calls`; the call is not made.
    ///
    /// # Errors
    /// If strace is not there or may not watch the process.
    pub fn attach(pid: u32, calls: &str, nth: u32) -> anyhow::Result<Killer> {
        let inject = format!("inject={calls}:signal=KILL:when={nth}");
        Strace::attach(pid, Path::new("/dev/null"), &["-e", &format!("trace={calls}"), "-e", &inject])
            .map(Killer)
    }
}

impl Recorder {
    /// Begins to write down these calls.
    ///
    /// # Errors
    /// If strace is not there or may not watch the process.
    pub fn attach(pid: u32, calls: &str) -> anyhow::Result<Recorder> {
        let log = NamedTempFile::new()?;
        let strace = Strace::attach(pid, log.path(), &["-y", "-s", "64", "-e", &format!("trace={calls}")])?;
        Ok(Recorder { strace, log })
    }

    /// What the process did until now, without the calls that failed.
    ///
    /// # Errors
    /// If what strace has written cannot be read.
    pub fn end(self) -> anyhow::Result<Vec<SystemCall>> {
        drop(self.strace);
        let text = String::from_utf8_lossy(&std::fs::read(self.log.path())?).into_owned();
        let mut begun = HashMap::new();
        let mut calls = Vec::new();
        for line in text.lines() {
            let Some((thread, rest)) = line.split_once(' ') else { continue };
            let rest = rest.trim_start();
            let whole = if let Some(head) = rest.strip_suffix(" <unfinished ...>") {
                begun.insert(thread, head);
                continue;
            } else if rest.starts_with("<... ") {
                let end = rest.split_once("resumed>").map_or("", |(_, end)| end);
                begun.remove(thread).map(|head| format!("{head}{end}")).unwrap_or_default()
            } else {
                rest.to_owned()
            };
            let Some((call, result)) = whole.rsplit_once(" = ") else { continue };
            let Some((name, arguments)) = call.split_once('(') else { continue };
            if !result.starts_with('-') {
                calls.push(SystemCall { name: name.to_owned(), arguments: arguments.to_owned() });
            }
        }
        Ok(calls)
    }
}

impl Strace {
    fn attach(pid: u32, log: &Path, options: &[&str]) -> anyhow::Result<Strace> {
        let mut strace = Command::new("strace")
            .args(["-f", "-p", &pid.to_string(), "-o"])
            .arg(log)
            .args(options)
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("strace cannot be started; `cargo xtask test` installs it")?;
        let said = strace.stderr.take().context("strace has no standard error")?;
        let (tell, told) = channel();
        // What it says later must not block it.
        thread::spawn(move || BufReader::new(said).lines().for_each(|line| drop(tell.send(line))));
        let strace = Strace(strace);
        match told.recv_timeout(ATTACHED) {
            Ok(line) => {
                let line = line?;
                anyhow::ensure!(line.contains("attached"), "strace does not watch the server: {line}");
            }
            // Killed before all of its threads were watched, it is killed all the same.
            Err(_) => anyhow::ensure!(!Path::new(&format!("/proc/{pid}/exe")).exists(), "strace hangs"),
        }
        Ok(strace)
    }
}

impl Drop for Strace {
    fn drop(&mut self) {
        // It lets go of the process when it is asked to end; with the process it has ended by itself.
        crate::signal(self.0.id(), "INT").ok();
        let asked = Instant::now();
        while matches!(self.0.try_wait(), Ok(None)) && asked.elapsed() < ATTACHED {
            thread::sleep(Duration::from_millis(10));
        }
        self.0.kill().ok();
        self.0.wait().ok();
    }
}
