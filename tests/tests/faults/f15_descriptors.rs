//! F15: the server may open 256 files, and ten thousand sockets are opened to it. Whoever is connected gets an
//! answer, if only that it cannot be now, and so does who comes then; nothing panics, and once they are gone everything is as before.

use atelier_api::calls;
use atelier_api::session::SessionState;
use atelier_tests::studio::{LIMIT, Studio};
use atelier_tests::{Database, TestServer, eventually, ledger};
use std::io::Read;
use std::net::{SocketAddr, TcpStream};
use std::process::Command;
use std::time::Duration;

/// A connection that the server does not take by then is given up.
const PATIENCE: Duration = Duration::from_millis(20);

#[tokio::test]
async fn a_thousand_sockets() -> anyhow::Result<()> {
    sockets(1_000).await
}

#[tokio::test]
async fn long_ten_thousand_sockets() -> anyhow::Result<()> {
    sockets(10_000).await
}

async fn sockets(count: usize) -> anyhow::Result<()> {
    may_open(count + 1_000)?;
    let under = ["prlimit", "--nofile=256:256"];
    let server = TestServer::start_under(&under, Database::Sqlite, &[Studio::environments()?]).await?;
    let studio = Studio::on(server).await?;
    let session = studio.running().await;

    let address = studio.owner.client.server();
    let flood = tokio::task::spawn_blocking(move || flood(address, count)).await?;
    assert!(flood.len() >= 256, "{} sockets were opened", flood.len());
    // This client has its connection. What it asks for may need another file.
    for _ in 0..20 {
        let list = calls::session_list(studio.organization(), &studio.project.slug);
        if let Some(answer) = studio.owner.client.attempt(list).await {
            assert!([200, 503].contains(&answer.status.as_u16()), "{}", answer.text());
        }
    }
    eventually("who comes then is told", LIMIT, || async {
        tokio::task::spawn_blocking(move || first_words(address)).await.is_ok_and(|words| {
            words.is_ok_and(|words| words.starts_with("HTTP/1.1 503") && words.contains("\"code\":\"busy\""))
        })
    })
    .await;
    drop(flood);

    eventually("everything is as before", LIMIT, || async {
        let list = calls::session_list(studio.organization(), &studio.project.slug);
        studio.owner.client.attempt(list).await.is_some_and(|answer| answer.status == 200)
    })
    .await;
    let known = studio.comes_to(&session.id, SessionState::Running).await;
    assert_eq!(known.generation, session.generation);
    let browser = studio.browser(&session.id).await;
    eventually("its tool answers", LIMIT, || async { browser.get("/api").await.status == 200 }).await;
    let stopped = studio.stopped(&session.id).await;
    ledger::is_exact(&studio, &stopped).await?;
    assert!(!studio.world.server.log().contains("panicked"));
    Ok(())
}

/// As many sockets to the server as it lets be opened, at most `count`.
fn flood(address: SocketAddr, count: usize) -> Vec<TcpStream> {
    let mut open = Vec::new();
    let mut refused = 0;
    while open.len() < count && refused < 100 {
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(socket) => open.push(socket),
            Err(_) => refused += 1,
        }
    }
    open
}

/// What the server says to somebody who asks for nothing yet.
fn first_words(address: SocketAddr) -> std::io::Result<String> {
    let mut socket = TcpStream::connect_timeout(&address, LIMIT)?;
    socket.set_read_timeout(Some(LIMIT))?;
    let mut words = String::new();
    socket.read_to_string(&mut words)?;
    Ok(words)
}

/// Lets this process open so many files.
fn may_open(files: usize) -> anyhow::Result<()> {
    let limit = format!("--nofile={files}:{files}");
    let set = Command::new("prlimit").args(["--pid", &std::process::id().to_string(), &limit]).status()?;
    anyhow::ensure!(set.success(), "this process may not open {files} files: {set}");
    Ok(())
}
