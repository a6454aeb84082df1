//! The life of a container as the reconciler sees it.

use crate::world::{World, bootstrap, eventually, is_not_found, json, text};
use atelier_api::channel::EXIT_NO_BOOTSTRAP;
use atelier_sandbox::{Error, ImageId, State};
use futures::{StreamExt, TryStreamExt};
use std::time::Duration;

#[tokio::test]
async fn a_container_is_seen_from_creation_to_removal() {
    let world = World::new().await;
    let spec = world.spec();
    let name = world.docker.create(&spec).await.unwrap();
    assert_eq!(name, format!("atelier-{}-1", spec.identity.workload));

    let seen = world.docker.inspect(&name).await.unwrap();
    assert_eq!(seen.identity.as_ref(), Some(&spec.identity));
    assert_eq!((&seen.state, seen.started_at_ms, seen.finished_at_ms), (&State::Created, None, None));

    world.docker.start_with_bootstrap(&name, &json(&bootstrap("sleep 60"))).await.unwrap();
    let seen = world.docker.inspect(&name).await.unwrap();
    assert_eq!((&seen.state, seen.finished_at_ms), (&State::Running, None));
    assert_eq!(world.docker.list(&world.installation).await.unwrap(), std::slice::from_ref(&seen));

    world.docker.kill(&name).await.unwrap();
    let seen = world.ended(&name).await;
    assert_eq!(seen.state, State::Exited { code: 137, oom_killed: false });
    assert!(seen.finished_at_ms.unwrap() >= seen.started_at_ms.unwrap());
    assert!(matches!(world.docker.kill(&name).await, Err(Error::Conflict(_))));

    world.docker.remove(&name).await.unwrap();
    world.docker.remove(&name).await.unwrap();
    assert!(is_not_found(&world.docker.inspect(&name).await));
    assert_eq!(world.docker.list(&world.installation).await.unwrap(), []);
}

#[tokio::test]
async fn the_same_start_cannot_make_two_containers() {
    let world = World::new().await;
    let spec = world.spec();
    world.docker.create(&spec).await.unwrap();
    assert!(matches!(world.docker.create(&spec).await, Err(Error::Conflict(_))));
}

#[tokio::test]
async fn what_cannot_be_made_says_why() {
    let world = World::new().await;
    let missing = ImageId(format!("sha256:{}", "0".repeat(64)));
    let no_image = atelier_sandbox::ContainerSpec { image: missing, ..world.spec() };
    assert!(is_not_found(&world.docker.create(&no_image).await));
    let no_agent = atelier_sandbox::ContainerSpec { agent: "/nonexistent/agent".into(), ..world.spec() };
    let refused = world.docker.create(&no_agent).await.unwrap_err();
    assert!(matches!(&refused, Error::Refused(cause) if cause.contains("/nonexistent/agent")), "{refused}");
}

#[tokio::test]
async fn a_bootstrap_that_is_absent_or_cut_ends_the_container() {
    let world = World::new().await;
    let whole = json(&bootstrap("sleep 60"));
    for given in [&whole[..0], &whole[..whole.len() / 2]] {
        let name = world.docker.create(&world.spec()).await.unwrap();
        world.docker.start_with_bootstrap(&name, given).await.unwrap();
        let seen = world.ended(&name).await;
        assert_eq!(seen.state, State::Exited { code: EXIT_NO_BOOTSTRAP, oom_killed: false });
    }
}

#[tokio::test]
async fn a_program_that_is_not_there_is_named_in_the_log() {
    let world = World::new().await;
    let mut bootstrap = bootstrap("");
    bootstrap.tool.argv = vec!["jupyter-that-is-not-there".into()];
    let name = world.docker.create(&world.spec()).await.unwrap();
    world.docker.start_with_bootstrap(&name, &json(&bootstrap)).await.unwrap();
    assert_eq!(world.ended(&name).await.state, State::Exited { code: 127, oom_killed: false });
    let log = text(&world.docker.logs_tail(&name, 200).await.unwrap());
    assert!(log.contains("jupyter-that-is-not-there"), "{log}");
}

#[tokio::test]
async fn the_log_has_time_origin_and_the_last_lines_only() {
    let world = World::new().await;
    let script = "for i in $(seq 1 300); do echo line $i; done; sleep 0.5; echo oops >&2; echo $GREETING";
    let (seen, lines) = world.run(&world.spec(), script).await;
    assert_eq!(lines.len(), 200);
    let oops = lines.iter().find(|line| line.text == "oops").unwrap();
    assert!(oops.stderr);
    assert!(oops.at_ms.unwrap() >= seen.started_at_ms.unwrap());
    assert!(lines.iter().any(|line| line.text == "line 300" && !line.stderr));
    assert!(lines.iter().any(|line| line.text == "hello"));

    let followed = world.docker.logs_follow(&seen.name, 5).await.unwrap();
    assert_eq!(followed.try_collect::<Vec<_>>().await.unwrap().len(), 5);
}

#[tokio::test]
async fn events_tell_of_this_installation_only() {
    let world = World::new().await;
    let neighbour = World::new().await;
    let mut events = Box::pin(world.docker.events(&world.installation).await.unwrap());
    let work = async {
        neighbour.run(&neighbour.spec(), "true").await;
        world.run(&world.spec(), "true").await.0.name
    };
    let listen = async {
        let mut told = Vec::new();
        while told.last().map(String::as_str) != Some("die") {
            let event = events.next().await.unwrap().unwrap();
            assert!(event.at_ms.is_some());
            told.push(event.action.clone());
            if event.action == "die" {
                return (event.container, told);
            }
        }
        unreachable!("the loop ends with the event")
    };
    let both = async { tokio::join!(listen, work) };
    let ((container, told), name) = tokio::time::timeout(Duration::from_secs(30), both).await.unwrap();
    assert_eq!(container, name);
    assert!(told.contains(&"start".to_owned()), "{told:?}");
}

#[tokio::test]
async fn figures_of_a_running_container() {
    let world = World::new().await;
    let name = world.start(&world.spec(), "yes > /dev/null").await;
    let stats = eventually("CPU time is counted", || async {
        let stats = world.docker.stats(&name).await.unwrap();
        (stats.cpu_ns > 50_000_000).then_some(stats)
    })
    .await;
    assert_eq!(stats.memory_limit_bytes, world.spec().limits.memory_bytes);
    assert!((100_000..world.spec().limits.memory_bytes).contains(&stats.memory_bytes), "{stats:?}");
    // With what may still be on its way out from the start.
    assert!((2..=4).contains(&stats.pids), "{stats:?}");
}
