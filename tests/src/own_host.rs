//! A host of the test's own: a Docker daemon with everything that it starts, in namespaces that end with the
//! test. The machine's own daemon does not know of it.

use crate::{docker, namespace, until};
use anyhow::Context;
use bollard::Docker;
use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// What environments are built from.
const BASE: &str = "atelier/base:trixie";
/// Above the containers' own.
const CGROUP: &str = "/atelier-tests";
/// A daemon that has much to clean up takes this long.
const UP: Duration = Duration::from_secs(60);
/// The host's first process: it has nothing to do but to wait for orphans' ends.
const INIT: &str = "mount -t tmpfs none /run && echo ready && while :; do sleep 3600 & wait; done";

/// Everything on it is killed when it is dropped, and its files are removed.
pub struct OwnHost {
    folder: TempDir,
    live_restore: bool,
    /// Ends with this test, and all processes of the host with it.
    machine: Child,
    daemon: Child,
}

impl OwnHost {
    /// A host in a network of its own, which this thread enters too; with the image that environments are
    /// built from. `live_restore`: whether containers outlive their daemon by design.
    ///
    /// # Errors
    /// If this is not root, or the daemon does not come up.
    pub async fn start(live_restore: bool) -> anyhow::Result<OwnHost> {
        namespace::enter()?;
        let folder = tempfile::Builder::new().prefix("atelier-host").tempdir()?;
        fs::write(folder.path().join("daemon.json"), format!("{{\"live-restore\": {live_restore}}}"))?;
        let machine = boot()?;
        let daemon = spawn(folder.path(), &machine)?;
        let host = OwnHost { folder, live_restore, machine, daemon };
        let docker = host.up().await;
        let copy = "docker save \"$0\" | docker --host \"$1\" load";
        let copied = Command::new("sh").args(["-c", copy, BASE, &host.address()]).output()?;
        let said = String::from_utf8_lossy(&copied.stderr);
        anyhow::ensure!(docker.inspect_image(BASE).await.is_ok(), "{BASE} is not taken over: {said}");
        Ok(host)
    }

    /// The daemon's address.
    pub fn address(&self) -> String {
        format!("unix://{}", self.folder.path().join("docker.sock").display())
    }

    /// Waits until the daemon answers.
    pub async fn up(&self) -> Docker {
        let address = self.address();
        let answers = || async {
            let docker = docker::connect_to(&address).ok()?;
            docker.ping().await.ok().map(|_| docker)
        };
        until("the test's own daemon answers", UP, answers).await
    }

    /// Sends the daemon a signal, and to nothing else on the host.
    ///
    /// # Errors
    /// If it does not run.
    pub fn signal_daemon(&self, name: &str) -> anyhow::Result<()> {
        let pid = self.folder.path().join("docker.pid");
        let kill = format!("kill -s {name} $(cat {})", pid.display());
        let sent = inside(&self.machine)?.args(["sh", "-c", &kill]).status()?;
        anyhow::ensure!(sent.success(), "the daemon cannot be sent {name}: {sent}");
        if name == "CONT" {
            // Its keeper in our own namespace has stopped with it.
            crate::signal(self.daemon.id(), name)?;
        }
        Ok(())
    }

    /// Waits for the daemon's end.
    pub async fn daemon_ends(&mut self) {
        let daemon = &mut self.daemon;
        until("the daemon ends", UP, || {
            let ended = daemon.try_wait().ok().flatten();
            async move { ended }
        })
        .await;
    }

    /// Starts the daemon again after its end.
    ///
    /// # Errors
    /// If it cannot be started.
    pub async fn start_daemon(&mut self) -> anyhow::Result<()> {
        // A pid file of a daemon that was killed would keep the next one from starting.
        fs::remove_file(self.folder.path().join("docker.pid")).ok();
        self.daemon = spawn(self.folder.path(), &self.machine)?;
        self.up().await;
        Ok(())
    }

    /// Whether containers outlive their daemon by design.
    pub fn live_restore(&self) -> bool {
        self.live_restore
    }

    /// Pulls the plug: the daemon, containerd, shims and containers end in one moment.
    ///
    /// # Errors
    /// If the host is off already.
    pub fn crash(&mut self) -> anyhow::Result<()> {
        self.machine.kill()?;
        self.machine.wait()?;
        self.daemon.wait()?;
        Ok(())
    }

    /// Switches it on again after [`OwnHost::crash`].
    ///
    /// # Errors
    /// If the daemon does not come up.
    pub async fn switch_on(&mut self) -> anyhow::Result<()> {
        self.machine = boot()?;
        // As `/run` is empty after a start.
        fs::remove_dir_all(self.folder.path().join("exec")).ok();
        self.start_daemon().await
    }

    /// Whether a process of the container is there, by the kernel's word.
    pub fn lives(container_id: &str) -> bool {
        ["/sys/fs/cgroup/memory", "/sys/fs/cgroup"].iter().any(|mount| {
            let processes = format!("{mount}{CGROUP}/{container_id}/cgroup.procs");
            fs::read_to_string(processes).is_ok_and(|processes| !processes.is_empty())
        })
    }

    /// The end of the daemon's log.
    pub fn log(&self) -> String {
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        let lines: Vec<&str> = log.lines().rev().take(40).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

impl Drop for OwnHost {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("The log of the test's own daemon ends:\n{}", self.log());
        }
        // The kernel ends everything in the host's namespaces with their first process.
        self.machine.kill().ok();
        self.machine.wait().ok();
        self.daemon.wait().ok();
    }
}

/// The host's first process, in namespaces of its own for processes and mounts. It ends when this thread does.
fn boot() -> anyhow::Result<Child> {
    let mut machine = Command::new("setpriv")
        .args(["--pdeathsig", "KILL", "unshare", "--mount", "--pid", "--fork", "--kill-child"])
        .args(["--mount-proc", "sh", "-c", INIT])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("a host of the test's own needs setpriv and unshare (util-linux)")?;
    let mut ready = [0; 6];
    let output = machine.stdout.as_mut().context("no output")?;
    std::io::Read::read_exact(output, &mut ready).context("a host of the test's own needs root")?;
    Ok(machine)
}

/// A command on the host.
fn inside(machine: &Child) -> anyhow::Result<Command> {
    let keeper = machine.id();
    let children = fs::read_to_string(format!("/proc/{keeper}/task/{keeper}/children"))?;
    let init = children.split_whitespace().next().context("the host is off")?;
    let mut command = Command::new("nsenter");
    command.args(["--target", init, "--mount", "--pid"]).stdin(Stdio::null());
    Ok(command)
}

fn spawn(folder: &Path, machine: &Child) -> anyhow::Result<Child> {
    let log = File::options().create(true).append(true).open(folder.join("log"))?;
    let at = |name: &str| folder.join(name).into_os_string();
    let mut daemon = inside(machine)?;
    daemon.arg("dockerd").arg("--config-file").arg(at("daemon.json"));
    daemon.arg("--data-root").arg(at("data")).arg("--exec-root").arg(at("exec"));
    daemon.arg("--pidfile").arg(at("docker.pid"));
    daemon.arg("--host").arg(format!("unix://{}", folder.join("docker.sock").display()));
    daemon.args(["--exec-opt", "native.cgroupdriver=cgroupfs", "--cgroup-parent", CGROUP]);
    daemon.stdout(log.try_clone()?).stderr(log);
    daemon.spawn().context("dockerd cannot be started")
}
