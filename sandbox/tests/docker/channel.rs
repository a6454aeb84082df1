//! The agent's reports, and its patience with a server that comes and goes.

use crate::{
    server::{Server, get},
    world::{PORT, World, bootstrap, json},
};
use atelier_api::channel::{Activity, Kernel, Report, Terminal};

fn activity(report: Report) -> Option<Activity> {
    match report {
        Report::Activity(activity) => Some(activity),
        _ => None,
    }
}

#[tokio::test]
async fn the_agent_says_hello_first_and_ready_when_the_tool_answers() {
    let world = World::new().await;
    let mut server = Server::listen(world.channel.path());
    let script = format!("sleep 1; echo here > /tmp/index.html; exec httpd -f -p {PORT} -h /tmp");
    world.start(&world.spec(), &script).await;
    let first = server.report("anything", Some).await;
    assert_eq!(first, Report::Hello { generation: 1, protocol: 1, port: Some(PORT) });
    server.ready().await;
    let answer = get(server.stream().await, "/index.html").await;
    assert!(answer.starts_with("HTTP/1.") && answer.ends_with("here\n"), "{answer}");
    let activity = server.report("activity", activity).await;
    assert!(activity.cpu_ns > 0);
    assert_eq!(activity.memory_limit_bytes, world.spec().limits.memory_bytes);
    assert!((1..activity.memory_limit_bytes).contains(&activity.memory_bytes), "{activity:?}");
}

#[tokio::test]
async fn the_server_may_die_and_come_back() {
    let world = World::new().await;
    let name =
        world.start(&world.spec(), &format!("echo page > /tmp/page; exec httpd -f -p {PORT} -h /tmp")).await;
    for _ in 0..3 {
        let mut server = Server::listen(world.channel.path());
        assert_eq!(
            server.report("anything", Some).await,
            Report::Hello { generation: 1, protocol: 1, port: Some(PORT) }
        );
        server.ready().await;
        let answer = get(server.stream().await, "/page").await;
        assert!(answer.ends_with("page\n"), "{answer}");
    }
    assert_eq!(world.docker.inspect(&name).await.unwrap().state, atelier_sandbox::State::Running);
}

#[tokio::test]
async fn kernels_and_terminals_are_told_as_jupyter_has_them() {
    let world = World::new().await;
    let mut server = Server::listen(world.channel.path());
    let time = "1970-01-01T00:00:07.5Z";
    let script = format!(
        r#"mkdir -p /tmp/api && cd /tmp/api
        echo '[{{"id":"k1","execution_state":"busy","last_activity":"{time}"}},{{"id":"k2","execution_state":"idle"}}]' > kernels
        echo '[{{"path":"deep/train.ipynb","kernel":{{"id":"k1"}}}}]' > sessions
        echo '[{{"name":"1","last_activity":"{time}"}}]' > terminals
        exec httpd -f -p {PORT} -h /tmp"#
    );
    let mut bootstrap = bootstrap(&script);
    bootstrap.tool.jupyter = true;
    let name = world.docker.create(&world.spec()).await.unwrap();
    world.docker.start_with_bootstrap(&name, &json(&bootstrap)).await.unwrap();
    let told = server
        .report("a kernel", |report| activity(report).filter(|activity| !activity.kernels.is_empty()))
        .await;
    let kernel = |id: &str, path: Option<&str>, busy, last_activity_ms| Kernel {
        id: id.into(),
        path: path.map(str::to_owned),
        busy,
        last_activity_ms,
    };
    assert_eq!(
        told.kernels,
        [kernel("k1", Some("deep/train.ipynb"), true, 7500), kernel("k2", None, false, 0)]
    );
    assert_eq!(told.terminals, [Terminal { name: "1".into(), last_activity_ms: 7500 }]);
}
