//! Docker's daemon: found running, or started.

use crate::host;
use crate::progress::Step;
use anyhow::{Context, Result, bail};
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A daemon answers within this time of its start, or not at all.
const START: Duration = Duration::from_secs(60);

/// Makes sure that a daemon answers. One that is started here lives on; its log and its process id are
/// in `folder`.
///
/// # Errors
/// When none answers and none can be started: says what to do.
pub(crate) fn ensure(folder: &Path) -> Result<()> {
    if answers() {
        return Ok(());
    }
    if let Err(error) = host::output(Command::new("docker").arg("version"))
        && error.to_string().contains("permission denied")
    {
        bail!(
            "Docker runs, but not for this account. Run: sudo usermod --append --groups docker $USER, then sign in again"
        );
    }
    if !host::may_be_root() {
        bail!("Docker does not run. Run: sudo systemctl start docker (or start dockerd as root)");
    }
    let mut step = Step::start("Docker's daemon");
    if host::has_service_manager() {
        step.run(host::as_root("systemctl").args(["enable", "--now", "docker"]))?;
        wait(&mut step, None)?;
        step.done();
        return Ok(());
    }
    let log = folder.join("dockerd.log");
    let mut daemon = start(folder, &log)?;
    fs::write(folder.join("dockerd.pid"), daemon.id().to_string())?;
    wait(&mut step, Some(&mut daemon)).with_context(|| format!("see {}", log.display()))?;
    step.end(&format!(
        "no service manager runs here, so dockerd was started as process {}; it stays when this ends, its log is {}",
        daemon.id(),
        log.display()
    ));
    Ok(())
}

/// Starts the daemon in a process group of its own: Ctrl-C here does not reach it.
fn start(folder: &Path, log: &Path) -> Result<Child> {
    fs::create_dir_all(folder)?;
    let output = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let daemon = host::find("dockerd").context("dockerd is not installed")?;
    let mut command = host::as_root(daemon);
    command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output).process_group(0);
    command.spawn().context("cannot start dockerd")
}

fn wait(step: &mut Step, mut daemon: Option<&mut Child>) -> Result<()> {
    let deadline = Instant::now() + START;
    while !answers() {
        if let Some(status) = daemon.as_mut().and_then(|daemon| daemon.try_wait().transpose()) {
            bail!("dockerd ended at once: {}", status?);
        }
        if Instant::now() > deadline {
            bail!("Docker's daemon does not answer after {} s", START.as_secs());
        }
        step.tell("waiting for its first answer");
        std::thread::sleep(Duration::from_millis(200));
    }
    Ok(())
}

fn answers() -> bool {
    host::succeeds(Command::new("docker").arg("version"))
}
