//! What a container uses, by Docker's account; the agent reports the same from inside.

use crate::{Docker, Error, Result, docker::ask};
use bollard::{models::ContainerStatsResponse, query_parameters::StatsOptionsBuilder};
use futures::StreamExt;

/// Use of a running container at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// CPU time since the container started, nanoseconds.
    pub cpu_ns: u64,
    /// Without file cache that the kernel can take back.
    pub memory_bytes: u64,
    pub memory_limit_bytes: u64,
    pub pids: u64,
}

impl Docker {
    /// All zero if the container does not run.
    pub async fn stats(&self, name: &str) -> Result<Stats> {
        let options = StatsOptionsBuilder::new().stream(false).one_shot(true).build();
        let mut answers = Box::pin(self.api().await?.stats(name, Some(options)));
        let answer = ask(async { answers.next().await.transpose() }).await?;
        answer
            .map(Stats::from_docker)
            .ok_or_else(|| Error::Unreachable(format!("the figures of {name} were cut short")))
    }
}

impl Stats {
    fn from_docker(answer: ContainerStatsResponse) -> Self {
        let memory = answer.memory_stats.unwrap_or_default();
        let figures = memory.stats.unwrap_or_default();
        // cgroup v1 counts the whole hierarchy under the `total_` name.
        let cache = figures.get("total_inactive_file").or_else(|| figures.get("inactive_file"));
        let cpu = answer.cpu_stats.and_then(|stats| stats.cpu_usage);
        Self {
            cpu_ns: cpu.and_then(|usage| usage.total_usage).unwrap_or_default(),
            memory_bytes: memory.usage.unwrap_or_default().saturating_sub(cache.copied().unwrap_or_default()),
            memory_limit_bytes: memory.limit.unwrap_or_default(),
            pids: answer.pids_stats.and_then(|pids| pids.current).unwrap_or_default(),
        }
    }
}
