//! Ends: ordered, asked for by Docker, and by the tool itself.

use crate::{
    server::Server,
    world::{World, eventually, text},
};
use atelier_api::channel::{Order, Report};
use atelier_sandbox::State;
use std::time::{Duration, Instant};

/// Says when it is ready to be stopped, and how it was.
const POLITE: &str = "trap 'echo goodbye; exit 7' TERM; echo trapped; while :; do sleep 0.1; done";
const STUBBORN: &str = "trap '' TERM; echo trapped; while :; do sleep 0.1; done";

async fn started(world: &World, script: &str) -> String {
    let name = world.start(&world.spec(), script).await;
    eventually("the tool has set its trap", || async {
        text(&world.docker.logs_tail(&name, 10).await.unwrap()).contains("trapped").then_some(())
    })
    .await;
    name
}

#[tokio::test]
async fn an_ordered_stop_lets_the_tool_finish() {
    let world = World::new().await;
    let mut server = Server::listen(world.channel.path());
    let name = started(&world, POLITE).await;
    server.order(&Order::Stop { grace_ms: 20_000, save_ms: 0 }).await;
    assert_eq!(world.ended(&name).await.state, State::Exited { code: 7, oom_killed: false });
    assert!(text(&world.docker.logs_tail(&name, 10).await.unwrap()).contains("goodbye"));
}

#[tokio::test]
async fn the_grace_has_an_end() {
    let world = World::new().await;
    let mut server = Server::listen(world.channel.path());
    let name = started(&world, STUBBORN).await;
    let began = Instant::now();
    server.order(&Order::Stop { grace_ms: 1500, save_ms: 0 }).await;
    assert_eq!(world.ended(&name).await.state, State::Exited { code: 137, oom_killed: false });
    assert!(began.elapsed() >= Duration::from_millis(1500), "{:?}", began.elapsed());
}

#[tokio::test]
async fn docker_stop_is_passed_on() {
    let world = World::new().await;
    let name = started(&world, POLITE).await;
    world.docker.stop(&name, Duration::from_secs(20)).await.unwrap();
    let seen = world.docker.inspect(&name).await.unwrap();
    assert_eq!(seen.state, State::Exited { code: 7, oom_killed: false });
    world.docker.stop(&name, Duration::from_secs(20)).await.unwrap();
}

#[tokio::test]
async fn a_tool_that_ends_by_itself_is_reported_with_its_code() {
    let world = World::new().await;
    let mut server = Server::listen(world.channel.path());
    let name = world.start(&world.spec(), "exit 3").await;
    let exited = |report| match report {
        Report::ToolExited { code, signal } => Some((code, signal)),
        _ => None,
    };
    assert_eq!(server.report("the tool's end", exited).await, (Some(3), None));
    assert_eq!(world.ended(&name).await.state, State::Exited { code: 3, oom_killed: false });
}

#[tokio::test]
async fn orphans_are_reaped() {
    let world = World::new().await;
    let script = "for i in $(seq 1 20); do (sleep 0.1 & ); done; sleep 1; grep -l '^State:.Z' /proc/[0-9]*/status; echo end";
    let (_, lines) = world.run(&world.spec(), script).await;
    assert_eq!(text(&lines), "end");
}
