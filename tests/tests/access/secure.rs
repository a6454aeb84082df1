//! TLS by the server itself: browsers that trust the certificate's authority use everything, and a renewed
//! certificate is shown without a restart.

use anyhow::Context;
use atelier_api::calls;
use atelier_tests::secure::{Authority, Issued, NAMES, shown};
use atelier_tests::{Database, NO_DOCKER, Settings, TestServer, World, eventually};
use hyper::client::conn::http2;
use hyper::{Request, Version};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::KeyPair;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const SOON: Duration = Duration::from_secs(20);

fn no_docker() -> (&'static str, String) {
    ("DOCKER", NO_DOCKER.to_owned())
}

/// An authority and a server with a certificate of it.
async fn secure(settings: &Settings) -> anyhow::Result<(Authority, World)> {
    let authority = Authority::new()?;
    authority.install(&authority.issue(&NAMES, 90)?)?;
    let settings = [settings, &[no_docker()]].concat();
    let server = TestServer::start_secure(Database::Sqlite, &authority, &settings).await?;
    Ok((authority, World::on(server).await?))
}

fn address(world: &World) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, world.server.port()).into()
}

#[tokio::test]
async fn people_sign_in_over_tls() -> anyhow::Result<()> {
    let (_authority, world) = secure(&[]).await?;
    let ada = &world.acme.administrator;
    let browser = world.server.client();
    let answer = browser.sign_in(&ada.email).await;
    answer.good();
    let cookie = answer.header("set-cookie").to_lowercase();
    assert!(cookie.starts_with("__host-atelier=") && cookie.contains("secure"), "{cookie}");
    assert_eq!(answer.header("strict-transport-security"), "max-age=31536000");
    browser.send(calls::me_get()).await.good();
    // Links are secure ones.
    let link = world.acme.invite(atelier_api::role::OrganizationRole::Member).await;
    assert!(link.url.starts_with("https://atelier.localhost:"), "{}", link.url);
    // Whoever does not trust the authority has no connection, and one without TLS no answer.
    let stranger = Authority::new()?.connect(address(&world), NAMES[0], &["http/1.1"]).await;
    assert!(stranger.is_err(), "a certificate of somebody else was taken");
    let mut plain = TcpStream::connect(address(&world)).await?;
    plain.write_all(b"GET /healthz HTTP/1.1\r\nHost: atelier.localhost\r\n\r\n").await?;
    let mut answer = Vec::new();
    plain.read_to_end(&mut answer).await.ok();
    assert!(!answer.starts_with(b"HTTP/"), "an answer without TLS");
    Ok(())
}

#[tokio::test]
async fn browsers_may_speak_http_2() -> anyhow::Result<()> {
    let (authority, world) = secure(&[]).await?;
    let stream = authority.connect(address(&world), NAMES[0], &["h2", "http/1.1"]).await?;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
    let (mut sender, connection) =
        http2::handshake::<_, _, String>(TokioExecutor::new(), TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let uri = |path: &str| format!("https://atelier.localhost:{}{path}", world.server.port());
    let answer = sender.send_request(Request::get(uri("/healthz")).body(String::new())?).await?;
    assert_eq!((answer.status().as_u16(), answer.version()), (200, Version::HTTP_2));
    // A body, with and without a length.
    let wrong = r#"{"email":"nobody@acme.test","password":"guess-guess-guess"}"#;
    let sign_in = || {
        Request::post(uri("/api/v1/sign-in"))
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/json")
    };
    let answer = sender.send_request(sign_in().body(wrong.to_owned())?).await?;
    assert_eq!(answer.status(), 401);
    // The sessions' hosts are told apart by the name that HTTP/2 has in another place.
    let session = format!("https://x.atelier-run.localhost:{}/api/v1/setup", world.server.port());
    let answer = sender.send_request(Request::get(session).body(String::new())?).await?;
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.headers().get("content-type").context("no type")?, "text/html; charset=utf-8");
    drop(sender);
    connection.abort();
    Ok(())
}

#[tokio::test]
async fn a_renewed_certificate_is_shown_without_a_restart() -> anyhow::Result<()> {
    let (authority, world) = secure(&[]).await?;
    let connect = || authority.connect(address(&world), NAMES[0], &["http/1.1"]);
    let mut open = connect().await?;
    let before = shown(&open)?;

    // What does not fit changes nothing.
    let [one, other] = [authority.issue(&NAMES, 90)?, authority.issue(&NAMES, 90)?];
    authority.install(&Issued { certificate: one.certificate, key: other.key })?;
    let warned = || async { world.server.log().contains("the changed certificates cannot be used") };
    eventually("the server says that the files do not fit", SOON, warned).await;
    assert_eq!(shown(&connect().await?)?, before);

    authority.install(&authority.issue(&NAMES, 90)?)?;
    let renewed = || async {
        let stream = connect().await;
        stream.is_ok_and(|stream| shown(&stream).is_ok_and(|now| now != before))
    };
    eventually("the new certificate is shown", SOON, renewed).await;

    // The connection from before goes on.
    open.write_all(b"GET /healthz HTTP/1.1\r\nHost: atelier.localhost\r\nConnection: close\r\n\r\n").await?;
    let mut answer = String::new();
    open.read_to_string(&mut answer).await?;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    Ok(())
}

#[tokio::test]
async fn each_name_has_its_certificate() -> anyhow::Result<()> {
    let authority = Authority::new()?;
    let other = Authority::new()?;
    authority.install(&authority.issue(&NAMES[..1], 90)?)?;
    // The same authority signs for the sessions, into files of its own.
    let sessions = authority.issue(&NAMES[1..], 90)?;
    other.install(&sessions)?;
    let list = |index: usize| {
        [&authority, &other].map(|folder| folder.files()[index].display().to_string()).join(",")
    };
    let settings = [no_docker(), ("TLS_CERTIFICATE", list(0)), ("TLS_KEY", list(1))];
    let server = TestServer::start_secure(Database::Sqlite, &authority, &settings).await?;
    let address: SocketAddr = (Ipv4Addr::LOCALHOST, server.port()).into();
    let application = authority.connect(address, "atelier.localhost", &["h2"]).await?;
    let session = authority.connect(address, "x.atelier-run.localhost", &["h2"]).await?;
    assert_ne!(shown(&application)?, shown(&session)?);
    Ok(())
}

#[tokio::test]
async fn a_start_without_a_usable_certificate_says_why() -> anyhow::Result<()> {
    let authority = Authority::new()?;
    let [certificate, key] = authority.files().map(|file| file.display().to_string());
    let start = || async {
        let started = TestServer::start_secure(Database::Sqlite, &authority, &[no_docker()]).await;
        started.err().map(|error| format!("{error:#}")).context("the server started")
    };
    let error = start().await?;
    assert!(error.contains("tls_certificate") && error.contains(&certificate), "{error}");

    let good = authority.issue(&NAMES, 90)?;
    authority.install(&Issued {
        certificate: good.certificate.clone(),
        key: KeyPair::generate()?.serialize_pem(),
    })?;
    let error = start().await?;
    assert!(error.contains("tls_key") && error.contains(&key) && error.contains("is not the key"), "{error}");

    authority.install(&authority.issue(&NAMES, 0)?)?;
    let error = start().await?;
    assert!(error.contains("tls_certificate") && error.contains("expired"), "{error}");

    // Settings that do not go together.
    for (settings, named) in [
        (vec![("PUBLIC_URL", "http://atelier.localhost:1".to_owned())], "setting public_url"),
        (vec![("REDIRECT_FROM", "somewhere".to_owned())], "setting redirect_from"),
        (vec![("SESSION_DOMAIN", "run.atelier.localhost".to_owned())], "setting session_domain"),
    ] {
        authority.install(&good)?;
        let settings = [settings, vec![no_docker()]].concat();
        let started = TestServer::start_secure(Database::Sqlite, &authority, &settings).await;
        let error = started.err().map(|error| format!("{error:#}")).context("the server started")?;
        assert!(error.contains(named), "{named} is not in: {error}");
    }
    Ok(())
}

#[tokio::test]
async fn plain_requests_are_sent_to_the_secure_address() -> anyhow::Result<()> {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?.local_addr()?;
    let (_, world) = secure(&[("REDIRECT_FROM", free.to_string())]).await?;
    let port = world.server.port();
    let session = "0190a5b4-0000-7000-8000-000000000000";
    for (host, path, expected) in [
        ("atelier.localhost", "/acme?x=1", format!("https://atelier.localhost:{port}/acme?x=1")),
        ("evil.example.org", "/acme", format!("https://atelier.localhost:{port}/acme")),
        (
            &format!("{session}.atelier-run.localhost"),
            "/lab",
            format!("https://{session}.atelier-run.localhost:{port}/lab"),
        ),
    ] {
        let mut plain = TcpStream::connect(free).await?;
        plain.write_all(format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n").as_bytes()).await?;
        let mut answer = String::new();
        plain.read_to_string(&mut answer).await?;
        let location = answer.lines().find_map(|line| line.strip_prefix("location: "));
        assert!(answer.starts_with("HTTP/1.1 308"), "{answer}");
        assert_eq!(location, Some(expected.as_str()), "{host}{path}");
    }
    Ok(())
}
