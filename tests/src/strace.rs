//! A process is killed at the system call that a test chooses.

use anyhow::Context;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::channel;
use std::thread;
use std::time::{Duration, Instant};

/// What both databases are written with, by whoever writes: SQLite's log and what makes it durable, and what
/// goes to PostgreSQL, to Docker and to whoever asked.
pub const WRITES: &str = "pwrite64,fsync,fdatasync,sendto,writev";

/// For strace to come and to go.
const ATTACHED: Duration = Duration::from_secs(5);

/// Watches a process, until it is dropped or the process is killed.
pub struct Killer(Child);

impl Killer {
    /// From now on, the process is killed when one of its threads is about to make its `nth` call among
    /// `calls`; the call is not made.
    ///
    /// # Errors
    /// If strace is not there or may not watch the process.
    pub fn attach(pid: u32, calls: &str, nth: u32) -> anyhow::Result<Killer> {
        let mut strace = Command::new("strace")
            .args(["-f", "-o", "/dev/null", "-p", &pid.to_string(), "-e", &format!("trace={calls}")])
            .args(["-e", &format!("inject={calls}:signal=KILL:when={nth}")])
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .context("strace cannot be started; `cargo xtask test` installs it")?;
        let said = strace.stderr.take().context("strace has no standard error")?;
        let (tell, told) = channel();
        // What it says later must not block it.
        thread::spawn(move || BufReader::new(said).lines().for_each(|line| drop(tell.send(line))));
        let killer = Killer(strace);
        match told.recv_timeout(ATTACHED) {
            Ok(line) => {
                let line = line?;
                anyhow::ensure!(line.contains("attached"), "strace does not watch the server: {line}");
            }
            // Killed before all of its threads were watched, it is killed all the same.
            Err(_) => anyhow::ensure!(!Path::new(&format!("/proc/{pid}/exe")).exists(), "strace hangs"),
        }
        Ok(killer)
    }
}

impl Drop for Killer {
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
