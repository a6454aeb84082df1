//! The tool's process, and the reaping that is the duty of a container's first process.

use crate::{output::Output, status::End};
use atelier_api::channel::Tool as Spec;
use rustix::process::{Pid, Signal, WaitOptions, WaitStatus, kill_process_group, wait};
use std::{
    io,
    os::unix::process::CommandExt,
    process::{Command, Stdio},
};
use tokio::signal::unix::{self, SignalKind};

/// When memory runs out the kernel prefers the tool to the agent, which has to tell.
const OOM_SCORE: &str = "900";

pub(crate) struct Tool {
    pid: Pid,
    children: unix::Signal,
    output: Output,
}

impl Tool {
    /// Starts the tool in a process group of its own, its output passed on to the container's.
    pub(crate) fn start(spec: &Spec) -> io::Result<Self> {
        let [program, arguments @ ..] = spec.argv.as_slice() else {
            return Err(io::ErrorKind::InvalidInput.into());
        };
        // Listening begins before there is a child whose end could be missed.
        let children = unix::signal(SignalKind::child())?;
        let mut child = Command::new(program)
            .args(arguments)
            .envs(&spec.env)
            .current_dir(&spec.cwd)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()?;
        let (Some(stdout), Some(stderr)) = (child.stdout.take(), child.stderr.take()) else {
            return Err(io::Error::other("the tool has no output"));
        };
        let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
        let pid = pid.ok_or_else(|| io::Error::other("the tool has no process id"))?;
        // Only a preference: a runtime that does not have it is fine too.
        let _ = std::fs::write(format!("/proc/{}/oom_score_adj", child.id()), OOM_SCORE);
        Ok(Self { pid, children, output: Output::pass_on(stdout, stderr) })
    }

    /// Sends a signal to the tool and the processes of its group.
    pub(crate) fn signal(&self, signal: Signal) {
        if let Err(error) = kill_process_group(self.pid, signal) {
            eprintln!("atelier-agent: signal {signal:?} to the tool: {error}");
        }
    }

    /// Waits for the tool's end, reaping every orphan meanwhile. May be dropped and called again until it
    /// has returned.
    pub(crate) async fn ended(&mut self) -> End {
        loop {
            if let Some(end) = self.reap() {
                return end;
            }
            self.children.recv().await;
        }
    }

    /// After its end: lets its last words pass.
    pub(crate) async fn last_words(self) {
        self.output.drained().await;
    }

    fn reap(&self) -> Option<End> {
        let mut end = None;
        while let Ok(Some((pid, status))) = wait(WaitOptions::NOHANG) {
            if pid == self.pid {
                end = Some(status.into());
            }
        }
        end
    }
}

impl From<WaitStatus> for End {
    fn from(status: WaitStatus) -> Self {
        Self { code: status.exit_status(), signal: status.terminating_signal() }
    }
}
