//! Streams to the tool over waiting connections.

use crate::{
    server::{Server, get},
    world::{PORT, World},
};
use atelier_api::channel::Report;
use futures::future::join_all;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

#[tokio::test]
async fn a_hundred_streams_at_once_are_served_from_a_small_pool() {
    let world = World::new().await;
    let mut server = Server::listen(world.channel.path());
    let mut spec = world.spec();
    spec.limits.pids = 256;
    world.start(&spec, &format!("echo page > /tmp/page; exec httpd -f -p {PORT} -h /tmp")).await;
    server.ready().await;
    let mut streams = Vec::new();
    for _ in 0..100 {
        streams.push(server.stream().await);
    }
    let told = |report| match report {
        Report::Activity(activity) => (activity.streams >= 100).then_some(activity.streams),
        _ => None,
    };
    assert_eq!(server.report("100 open streams", told).await, 100);
    let answers = join_all(streams.into_iter().map(|stream| get(stream, "/page"))).await;
    assert!(answers.iter().all(|answer| answer.ends_with("page\n")));
    let none = |report| match report {
        Report::Activity(activity) => (activity.streams == 0).then_some(()),
        _ => None,
    };
    server.report("no open stream", none).await;
}

/// The tool sends back what it got once the sender has said that this was all.
#[tokio::test]
async fn the_end_of_one_way_leaves_the_other_open() {
    let world = World::new().await;
    let mut server = Server::listen(world.channel.path());
    world
        .start(&world.spec(), &format!("exec nc -ll -p {PORT} -e sh -c 'cat > /tmp/got; cat /tmp/got'"))
        .await;
    let sent: Vec<u8> = (0..4_000_000u32).map(|n| (n % 251) as u8).collect();
    // The tool may not listen yet: its stream then ends without an answer.
    let back = crate::world::eventually_mut("the tool listens", &mut server, async |server| {
        let mut stream = server.stream().await;
        stream.write_all(&sent).await.ok()?;
        stream.shutdown().await.ok()?;
        let mut back = Vec::new();
        timeout(Duration::from_secs(20), stream.read_to_end(&mut back)).await.ok()?.ok()?;
        (!back.is_empty()).then_some(back)
    })
    .await;
    assert!(back == sent, "{} bytes came back", back.len());
}

#[tokio::test]
async fn a_stream_to_a_tool_that_does_not_listen_ends() {
    let world = World::new().await;
    let mut server = Server::listen(world.channel.path());
    world.start(&world.spec(), "sleep 60").await;
    for _ in 0..20 {
        let mut stream = server.stream().await;
        let end = timeout(Duration::from_secs(5), stream.read(&mut [0; 1])).await.unwrap();
        assert!(matches!(end, Ok(0) | Err(_)), "{end:?}");
    }
}
