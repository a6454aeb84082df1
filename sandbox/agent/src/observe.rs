//! Watching the tool and the container.

use crate::{
    cgroup::{Cgroup, Memory},
    disk, http,
    jupyter::Jupyter,
    status::{OutOfMemory, Status, Streams},
};
use atelier_api::channel::{Activity, Bootstrap, Disk, Tool};
use std::time::Duration;
use tokio::{
    sync::watch::{Receiver, Sender},
    time::{sleep, timeout},
};

const CGROUP: &str = "/sys/fs/cgroup";
/// Between two questions whether the tool answers yet.
const READY_EVERY: Duration = Duration::from_millis(50);
/// Between two looks for processes that were killed for memory.
const KILLS_EVERY: Duration = Duration::from_secs(1);
const JUPYTER_PATIENCE: Duration = Duration::from_secs(2);
/// A report more often than this would be the container's main occupation.
const FASTEST: u64 = 100;

/// Begins to watch; it ends with the runtime.
pub(crate) fn start(bootstrap: &Bootstrap, streams: Streams, status: &Sender<Status>) {
    let tool = bootstrap.tool.clone();
    let every = Duration::from_millis(bootstrap.report_every_ms.max(FASTEST));
    tokio::spawn(until_ready(tool.clone(), status.clone()));
    let disk = disk::watch(bootstrap.folders.clone());
    tokio::spawn(report_activity(tool, every, streams, disk, status.clone()));
    tokio::spawn(report_kills(status.clone()));
}

async fn until_ready(tool: Tool, status: Sender<Status>) {
    loop {
        let answers = http::get(tool.port, &tool.ready_path).await.is_ok_and(|a| a.status < 500);
        if answers {
            status.send_modify(|status| status.ready = true);
            return;
        }
        sleep(READY_EVERY).await;
    }
}

async fn report_activity(
    tool: Tool,
    every: Duration,
    streams: Streams,
    disk: Receiver<Option<Disk>>,
    status: Sender<Status>,
) {
    let mut jupyter = Jupyter::default();
    for number in 1.. {
        sleep(every).await;
        if tool.jupyter && status.borrow().ready {
            // A Jupyter that hangs must not silence the rest.
            let _ = timeout(JUPYTER_PATIENCE, jupyter.refresh(tool.port)).await;
        }
        let cgroup = Cgroup::at(CGROUP);
        let memory = cgroup.memory();
        let activity = Activity {
            cpu_ns: cgroup.cpu_ns(),
            memory_bytes: memory.used_bytes,
            memory_limit_bytes: memory.limit_bytes,
            kernels: jupyter.kernels.clone(),
            terminals: jupyter.terminals.clone(),
            streams: streams.count(),
            disk: disk.borrow().clone(),
        };
        status.send_modify(|status| status.activity = Some((number, activity)));
    }
}

async fn report_kills(status: Sender<Status>) {
    loop {
        look_for_kills(&status);
        sleep(KILLS_EVERY).await;
    }
}

/// Notes whether the kernel has killed for memory since the last look.
pub(crate) fn look_for_kills(status: &Sender<Status>) {
    let Memory { peak_bytes, limit_bytes, kills, .. } = Cgroup::at(CGROUP).memory();
    status.send_if_modified(|status| {
        let more = kills > status.out_of_memory.kills;
        if more {
            status.out_of_memory = OutOfMemory { kills, used_bytes: peak_bytes, limit_bytes };
        }
        more
    });
}
