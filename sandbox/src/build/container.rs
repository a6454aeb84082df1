//! A step's container: made, run under watch, and gone afterwards however the step ends.

use super::cage::{StepLimits, StepSpec, create_body};
use crate::{
    Docker, Error, Result, State,
    docker::{ask, within},
    lines::Lines,
};
use bollard::{
    container::AttachContainerResults,
    query_parameters::{
        AttachContainerOptionsBuilder, CreateContainerOptionsBuilder, InspectContainerOptionsBuilder,
    },
};
use futures::StreamExt;
use std::time::Duration;
use tokio::{runtime::Handle, time::Instant};

/// Nobody waits for a single call of a build, and a busy host may take its time.
const PATIENCE: Duration = Duration::from_secs(120);
/// Between two looks at what a step uses.
const LOOK: Duration = Duration::from_secs(2);
/// A step that meets its limit of processes at so many looks in a row does nothing else any more.
const STUCK: u32 = 5;

/// Removed when dropped; if the server dies first, the reconciler finds it by its labels.
pub(super) struct StepContainer {
    docker: Docker,
    pub(super) name: String,
    gone: bool,
}

/// How a step ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    Well,
    /// The cause in a sentence's second half: "it …".
    Badly(String),
}

impl StepContainer {
    pub(super) async fn create(docker: &Docker, number: usize, spec: &StepSpec<'_>) -> Result<StepContainer> {
        let name = format!("{}-{number}", spec.identity.container_name());
        let options = CreateContainerOptionsBuilder::new().name(&name).build();
        let container = StepContainer { docker: docker.clone(), name, gone: false };
        within(PATIENCE, docker.api().await?.create_container(Some(options), create_body(spec))).await?;
        Ok(container)
    }

    /// Docker may still be at it afterwards: a step's files are many.
    pub(super) async fn remove(mut self) {
        self.gone = self.docker.remove(&self.name).await.is_ok();
    }

    /// Runs it to its end, telling each line that it prints.
    pub(super) async fn run(&self, limits: StepLimits, tell: &mut (dyn FnMut(&str) + Send)) -> Result<Ended> {
        let api = self.docker.api().await?;
        let options = AttachContainerOptionsBuilder::new().stdout(true).stderr(true).stream(true).build();
        let AttachContainerResults { mut output, .. } =
            within(PATIENCE, api.attach_container(&self.name, Some(options))).await?;
        within(PATIENCE, api.start_container(&self.name, None)).await?;
        let (mut lines, mut last) = (Lines::default(), String::new());
        let mut tell = |line: &str| {
            line.trim().clone_into(&mut last);
            tell(line);
        };
        let mut watch = Watch { limits, until: Instant::now() + limits.duration, stuck: 0 };
        let mut look = tokio::time::interval_at(Instant::now() + LOOK, LOOK);
        let mut too_much = None;
        loop {
            tokio::select! {
                part = output.next() => match part {
                    Some(part) => lines.add(&String::from_utf8_lossy(&part?.into_bytes()), &mut tell),
                    None => break,
                },
                _ = look.tick(), if too_much.is_none() => {
                    too_much = match watch.too_much(self).await {
                        Ok(too_much) => too_much,
                        // Too busy to tell, or it has just ended. If Docker is away, the output ends.
                        Err(Error::Unreachable(_) | Error::NotFound(_) | Error::Conflict(_)) => None,
                        Err(error) => return Err(error),
                    };
                    if too_much.is_some() {
                        // It may just have ended.
                        self.docker.kill(&self.name).await.ok();
                    }
                }
            }
        }
        lines.add("\n", &mut tell);
        let state = self.end().await?;
        Ok(judge(&state, limits, too_much, &last))
    }

    /// The output has ended; the container's state follows a moment later.
    async fn end(&self) -> Result<State> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match self.docker.inspect(&self.name).await {
                Ok(seen) if seen.state != State::Running || Instant::now() > deadline => {
                    return Ok(seen.state);
                }
                Err(error) if !error.is_unreachable() || Instant::now() > deadline => return Err(error),
                _ => {}
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

impl Drop for StepContainer {
    fn drop(&mut self) {
        if self.gone {
            return;
        }
        let (docker, name) = (self.docker.clone(), std::mem::take(&mut self.name));
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(async move { docker.remove(&name).await });
        }
    }
}

struct Watch {
    limits: StepLimits,
    until: Instant,
    stuck: u32,
}

impl Watch {
    /// What Docker itself does not limit, or not so that a step would end of it.
    async fn too_much(&mut self, container: &StepContainer) -> Result<Option<String>> {
        if Instant::now() > self.until {
            return Ok(Some(format!("it took longer than {}", minutes(self.limits.duration))));
        }
        let options = InspectContainerOptionsBuilder::new().size(true).build();
        let api = container.docker.api().await?;
        let written = ask(api.inspect_container(&container.name, Some(options))).await?.size_rw;
        if written.is_some_and(|bytes| u64::try_from(bytes).is_ok_and(|bytes| bytes > self.limits.disk_bytes))
        {
            return Ok(Some(format!(
                "it wrote more than the {} that a step may add",
                gib(self.limits.disk_bytes)
            )));
        }
        let pids = container.docker.stats(&container.name).await?.pids;
        self.stuck = if pids >= u64::from(self.limits.pids) { self.stuck + 1 } else { 0 };
        Ok((self.stuck >= STUCK).then(|| too_many(self.limits.pids)))
    }
}

fn judge(state: &State, limits: StepLimits, too_much: Option<String>, last: &str) -> Ended {
    if let Some(cause) = too_much {
        return Ended::Badly(cause);
    }
    let (code, oom_killed) = match *state {
        State::Exited { code: 0, .. } => return Ended::Well,
        State::Exited { code, oom_killed } => (code, oom_killed),
        _ => {
            return Ended::Badly(
                "its container is gone: Docker was restarted, or somebody removed it".into(),
            );
        }
    };
    if oom_killed {
        let memory = gib(limits.memory_bytes);
        return Ended::Badly(format!("it needed more than the {memory} of memory that a step may have"));
    }
    let said = last.to_lowercase();
    if said.contains("fork") && (said.contains("cannot fork") || said.contains("resource temporarily")) {
        return Ended::Badly(too_many(limits.pids));
    }
    match last {
        "" => Ended::Badly(format!("it ended with code {code}")),
        last => Ended::Badly(format!("it ended with code {code}; its last words were: {last}")),
    }
}

fn too_many(pids: u32) -> String {
    format!("it started more processes than the {pids} that a step may have")
}

fn minutes(duration: Duration) -> String {
    match duration.as_secs() {
        seconds if seconds < 120 => format!("{seconds} seconds"),
        seconds => format!("{} minutes", seconds / 60),
    }
}

fn gib(bytes: u64) -> String {
    match bytes >> 30 {
        0 => format!("{} MiB", bytes >> 20),
        _ => format!("{}.{} GiB", bytes >> 30, ((bytes >> 20) % 1024) * 10 / 1024),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_has_its_cause() {
        let limits = StepLimits {
            cpu_millis: 1000,
            memory_bytes: 3 << 29,
            pids: 40,
            disk_bytes: 1 << 30,
            duration: Duration::from_secs(90),
        };
        let exit = |code, oom_killed| State::Exited { code, oom_killed };
        let cause = |state: &State, last: &str| match judge(state, limits, None, last) {
            Ended::Well => "well".to_owned(),
            Ended::Badly(cause) => cause,
        };
        assert_eq!(cause(&exit(0, false), "done"), "well");
        assert_eq!(cause(&exit(0, true), "done"), "well");
        assert_eq!(cause(&exit(3, false), ""), "it ended with code 3");
        assert_eq!(
            cause(&exit(3, false), "no such file"),
            "it ended with code 3; its last words were: no such file"
        );
        assert!(cause(&exit(137, true), "").contains("more than the 1.5 GiB of memory"));
        assert!(cause(&exit(2, false), "/bin/sh: 1: Cannot fork").contains("the 40 that"));
        assert!(cause(&State::Dead, "").contains("gone"));
        assert_eq!(judge(&exit(137, false), limits, Some("x".into()), ""), Ended::Badly("x".into()));
    }
}
