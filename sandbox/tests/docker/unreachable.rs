//! A daemon that does not answer is never taken for one that says "gone".

use atelier_sandbox::{Docker, Error};
use std::time::{Duration, Instant};
use tokio::net::UnixListener;

#[tokio::test]
async fn no_daemon() {
    let docker = Docker::connect("/nonexistent/docker.sock").unwrap();
    for error in [
        docker.inspect("atelier-x-1").await.unwrap_err(),
        docker.list("x").await.unwrap_err(),
        docker.remove("atelier-x-1").await.unwrap_err(),
        docker.start_with_bootstrap("atelier-x-1", b"{}").await.unwrap_err(),
        docker.stop("atelier-x-1", Duration::from_secs(1)).await.unwrap_err(),
        docker.remove_volume("x").await.unwrap_err(),
        docker.image("x").await.unwrap_err(),
    ] {
        assert!(error.is_unreachable(), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_daemon_that_is_silent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("docker.sock");
    let _silent = UnixListener::bind(&path).unwrap();
    let docker = Docker::connect(path.to_str().unwrap()).unwrap();
    let (began, began_for_tokio) = (Instant::now(), tokio::time::Instant::now());
    let error = docker.inspect("atelier-x-1").await.unwrap_err();
    assert_eq!(error, Error::Unreachable("no answer within 10 s".into()));
    assert!(began_for_tokio.elapsed() <= Duration::from_secs(11));
    assert!(began.elapsed() < Duration::from_secs(5), "the clock of the test was not its own");
}

#[tokio::test]
async fn an_address_that_is_none() {
    let refused = Docker::connect("docker.example").map(|_| ()).unwrap_err();
    assert!(matches!(refused, Error::Refused(cause) if cause.contains("unix:///path")));
}
