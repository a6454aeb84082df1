//! T3, F4: a container that takes all it can get.

use crate::{
    images,
    server::Server,
    world::{MIB, World, eventually, text},
};
use atelier_api::channel::Report;
use atelier_sandbox::{ContainerSpec, Limits, State, StepLimits};
use std::time::Duration;

fn with_limits(world: &World, change: impl FnOnce(&mut Limits)) -> ContainerSpec {
    let mut spec = world.spec();
    change(&mut spec.limits);
    spec
}

#[tokio::test]
async fn a_fork_bomb_stays_in_its_container() {
    let world = World::new().await;
    let spec = with_limits(&world, |limits| limits.pids = 40);
    let bomb = "(while :; do sleep 60 & done); exec tail -f /dev/null";
    let name = world.start(&spec, bomb).await;
    eventually("the bomb meets the limit", || async {
        let log = text(&world.docker.logs_tail(&name, 10).await.unwrap());
        log.contains("can't fork: Resource temporarily unavailable").then_some(())
    })
    .await;
    let pids = world.docker.stats(&name).await.unwrap().pids;
    assert!((30..=40).contains(&pids), "{pids} processes");
    world.docker.kill(&name).await.unwrap();
    world.ended(&name).await;
}

#[tokio::test]
async fn a_tool_that_eats_all_memory_is_killed_and_the_cause_is_told() {
    let world = World::new().await;
    let mut server = Server::listen(world.channel.path());
    let spec = with_limits(&world, |limits| limits.memory_bytes = 32 * MIB);
    let name = world.start(&spec, "exec tail /dev/zero").await;

    let (used, limit) = server.report("out of memory", out_of_memory).await;
    assert_eq!(limit, 32 * MIB);
    assert!((limit * 9 / 10..=limit).contains(&used), "{used} of {limit}");
    let exited = |report| match report {
        Report::ToolExited { code, signal } => Some((code, signal)),
        _ => None,
    };
    assert_eq!(server.report("the tool's end", exited).await, (None, Some(9)));
    assert_eq!(world.ended(&name).await.state, State::Exited { code: 137, oom_killed: true });
}

#[tokio::test]
async fn memory_that_runs_out_in_a_child_leaves_the_tool_alive() {
    let world = World::new().await;
    let mut server = Server::listen(world.channel.path());
    let spec = with_limits(&world, |limits| limits.memory_bytes = 32 * MIB);
    let name = world.start(&spec, "tail /dev/zero; sleep 60").await;
    server.report("out of memory", out_of_memory).await;
    assert_eq!(world.docker.inspect(&name).await.unwrap().state, State::Running);
}

#[tokio::test]
async fn temporary_files_end_at_their_limit() {
    let world = World::new().await;
    let spec = with_limits(&world, |limits| limits.tmp_bytes = MIB);
    let (_, lines) =
        world.run(&spec, "dd if=/dev/zero of=/tmp/big bs=1M count=10; stat -c %s /tmp/big").await;
    assert!(lines.iter().any(|line| line.text.contains("No space left on device")), "{lines:?}");
    assert!(lines.iter().any(|line| line.text == MIB.to_string()), "{lines:?}");
}

/// A build's step that takes all it can get ends with the cause in words, and a neighbour does not notice.
#[tokio::test]
async fn t03_a_step_that_takes_too_much_ends_the_build() {
    let world = World::new().await;
    let neighbour = world.start(&world.spec(), "exec sleep 600").await;
    let before = world.docker.inspect(&neighbour).await.unwrap();
    let limits = StepLimits { memory_bytes: 64 * MIB, pids: 40, disk_bytes: 256 * MIB, ..images::LIMITS };
    // What is on its way to a slow disk counts as memory, and ends a step that has little of it.
    let roomy = StepLimits { memory_bytes: 1024 * MIB, ..limits };
    let short = StepLimits { duration: Duration::from_secs(3), ..limits };
    for (script, limits, cause) in [
        (
            "(while :; do sleep 60 & done)",
            limits,
            "it started more processes than the 40 that a step may have",
        ),
        // This one does not even end when nothing can be started any more.
        (
            "(while :; do sleep 60 & done); while :; do sleep 1; done",
            limits,
            "it started more processes than the 40",
        ),
        ("exec tail /dev/zero", limits, "it needed more than the 64 MiB of memory that a step may have"),
        (
            "dd if=/dev/zero of=/big bs=1M count=10000",
            roomy,
            "it wrote more than the 256 MiB that a step may add",
        ),
        ("exec sleep 60", short, "it took longer than 3 seconds"),
    ] {
        let mut build = images::build(&world, &format!("FROM BASE\nRUN {script}\n"), &[], &[]);
        build.limits = limits;
        let (outcome, log) = images::run(&world, build).await;
        let error = outcome.unwrap_err().to_string();
        assert!(error.contains(cause), "{script}: {error}\n{log:?}");
    }
    assert_eq!(world.docker.inspect(&neighbour).await.unwrap(), before);
    assert_eq!(world.docker.list(&world.installation).await.unwrap().len(), 1, "only the neighbour is left");
}

fn out_of_memory(report: Report) -> Option<(u64, u64)> {
    match report {
        Report::OutOfMemory { used_bytes, limit_bytes } => Some((used_bytes, limit_bytes)),
        _ => None,
    }
}
