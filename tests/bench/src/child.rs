//! Programs that are started for a measurement and end with it.

use crate::processes;
use anyhow::{Context, ensure};
use std::net::{Ipv4Addr, TcpListener};
use std::process::{Child as Process, Command, Stdio};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

const READY: Duration = Duration::from_secs(30);
const LOOK: Duration = Duration::from_millis(20);

/// Killed when dropped, with all that descends from it.
pub struct Child(Process);

impl Child {
    /// # Errors
    /// If the program cannot be started.
    pub fn start(command: &mut Command) -> anyhow::Result<Child> {
        let program = command.get_program().to_string_lossy().into_owned();
        command.stdin(Stdio::null()).stdout(Stdio::null());
        Ok(Child(command.spawn().with_context(|| format!("cannot start {program}"))?))
    }

    pub fn id(&self) -> u32 {
        self.0.id()
    }

    /// Waits until it listens on a port of the loopback.
    ///
    /// # Errors
    /// If it ends instead, or takes too long.
    pub async fn listens(&mut self, port: u16) -> anyhow::Result<()> {
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_err() {
            if let Some(status) = self.0.try_wait()? {
                anyhow::bail!(
                    "process {} ended with {status} instead of listening on port {port}",
                    self.id()
                );
            }
            ensure!(begun.elapsed() < READY, "process {} does not listen on port {port}", self.id());
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let family: Vec<String> = processes::family(self.id()).iter().map(u32::to_string).collect();
        Command::new("kill").arg("-KILL").args(family).stderr(Stdio::null()).status().ok();
        self.0.wait().ok();
    }
}

/// # Errors
/// If the system gives none.
pub fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}
