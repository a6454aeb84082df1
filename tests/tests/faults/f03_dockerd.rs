//! F3: the Docker daemon is stopped, killed and frozen, with live-restore and without. The server answers
//! meanwhile and refuses starts in words; what runs goes on and is reached; afterwards everything is adopted,
//! or billed to its true end.

use anyhow::Context;
use atelier_api::calls;
use atelier_api::session::{EndCause, Session, SessionState};
use atelier_tests::studio::{LIMIT, Studio, container};
use atelier_tests::{Client, Database, OwnHost, Socket, TestServer, docker, eventually, ledger, until};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// How far a bill may be from a container's true end.
const OFF_MS: i64 = 1000;
/// No call takes longer, whatever Docker does.
const CALL: Duration = Duration::from_secs(10);
/// The agent waits a second for a reader before it drops what a tool writes; so long a tool may be held up.
const HELD_UP: Duration = Duration::from_secs(3);
/// Known containers are known again by then.
const KNOWN: Duration = Duration::from_secs(10);

/// What is done to the daemon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    Stopped,
    Killed,
    Frozen,
}

#[tokio::test]
async fn with_live_restore() -> anyhow::Result<()> {
    let mut host = OwnHost::start(true).await?;
    let studio = on(&host).await?;
    for fault in [Fault::Stopped, Fault::Killed, Fault::Frozen] {
        let session = studio.running().await;
        outage(&mut host, &studio, &session, fault).await?;
        adopted(&studio, &session, fault).await?;
    }
    Ok(())
}

#[tokio::test]
async fn without_live_restore() -> anyhow::Result<()> {
    let mut host = OwnHost::start(false).await?;
    let studio = on(&host).await?;
    for fault in [Fault::Frozen, Fault::Stopped, Fault::Killed] {
        let session = studio.running().await;
        let end = outage(&mut host, &studio, &session, fault).await?;
        match fault {
            Fault::Frozen => adopted(&studio, &session, fault).await?,
            Fault::Stopped | Fault::Killed => closed(&studio, &session, fault, end).await?,
        }
    }
    Ok(())
}

async fn on(host: &OwnHost) -> anyhow::Result<Studio> {
    let mut settings = vec![Studio::environments()?];
    settings.push(("DOCKER", host.address()));
    Studio::on(TestServer::start_with(Database::Sqlite, &settings).await?).await
}

/// Takes the daemon away and brings it back, and sees to it what must hold meanwhile. Gives the moment at which
/// the container ended, if it did, as the kernel knows it.
async fn outage(host: &mut OwnHost, studio: &Studio, session: &Session, fault: Fault) -> anyhow::Result<i64> {
    let browser = studio.browser(&session.id).await;
    let end = End::watch(studio, session).await?;
    let upgrade = [("Origin", format!("http://{}", browser.host()))];
    let upgrade = upgrade.each_ref().map(|(name, value)| (*name, value.as_str()));
    let (status, mut socket) = Socket::open(&browser, "/echo", &upgrade).await?;
    assert_eq!(status, 101);
    // It writes more than any pipe holds.
    chatter(&browser).await;
    let runs_on = fault != Fault::Stopped || host.live_restore();
    match fault {
        Fault::Stopped => host.signal_daemon("TERM")?,
        Fault::Killed => host.signal_daemon("KILL")?,
        Fault::Frozen => host.signal_daemon("STOP")?,
    }
    if fault != Fault::Frozen {
        host.daemon_ends().await;
    }

    let (organization, project) = (studio.organization(), studio.project.slug.as_str());
    let client = &studio.owner.client;
    let begun = Instant::now();
    let unknown = until("it is known that nothing is known", Duration::from_secs(20), || async {
        let asked = Instant::now();
        let seen = studio.get(&session.id).await;
        assert!(asked.elapsed() < CALL, "{fault:?}: reading a session took {:?}", asked.elapsed());
        let start = studio.create_as(client).await;
        assert!(asked.elapsed() < CALL, "{fault:?}: an answer took {:?}", asked.elapsed());
        let told = start.refused(503, "docker-unreachable");
        assert!(told.detail.contains("Docker does not answer"), "{}", told.detail);
        (seen.state == SessionState::Unknown).then_some(seen)
    })
    .await;
    let told = unknown.failure.map(|failure| failure.code);
    assert_eq!(told.as_deref(), Some("docker-unreachable"), "{fault:?}: the page says why");
    let asked = Instant::now();
    let log = client.send(calls::session_log(organization, project, &session.id)).await;
    assert!(asked.elapsed() <= CALL + Duration::from_secs(1), "{fault:?}: the log: {:?}", asked.elapsed());
    log.refused(503, "docker-unreachable");
    client.send(calls::session_list(organization, project)).await.good();

    if runs_on {
        // Long enough for a pipe to fill.
        while begun.elapsed() < Duration::from_secs(12) {
            socket.send(b"still here.").await?;
            assert_eq!(socket.read_until(b".").await?, "still here.", "{fault:?}");
            assert_eq!(browser.get("/api").await.text(), r#"{"version":"test"}"#, "{fault:?}");
            let written = browser.get("/chatter").await.text();
            eventually(&format!("{fault:?}: what writes much goes on"), HELD_UP, || async {
                browser.get("/chatter").await.text() != written
            })
            .await;
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
    match fault {
        Fault::Frozen => host.signal_daemon("CONT")?,
        Fault::Stopped | Fault::Killed => host.start_daemon().await?,
    }
    Ok(end.0.load(Ordering::Relaxed))
}

/// When a container's first process was last seen, by somebody who needs no Docker for it.
struct End(Arc<AtomicI64>);

impl End {
    async fn watch(studio: &Studio, session: &Session) -> anyhow::Result<End> {
        let container = container(session);
        let id = docker::inspect(&studio.docker, &container).await?.id.context("no id")?;
        let last = Arc::new(AtomicI64::new(0));
        let seen = last.clone();
        tokio::spawn(async move {
            while OwnHost::lives(&id) {
                seen.store(now(), Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        Ok(End(last))
    }
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Known again in time, in the container that was there before.
async fn adopted(studio: &Studio, session: &Session, fault: Fault) -> anyhow::Result<()> {
    let back = Instant::now();
    let known = studio.comes_to(&session.id, SessionState::Running).await;
    assert!(back.elapsed() <= KNOWN, "{fault:?}: known again after {:?}", back.elapsed());
    assert_eq!((known.generation, known.failure), (session.generation, None), "{fault:?}");
    let state = docker::inspect(&studio.docker, &container(session)).await?.state.unwrap_or_default();
    assert_eq!(state.running, Some(true), "{fault:?}");
    let stopped = studio.stopped(&session.id).await;
    ledger::is_exact(studio, &stopped).await?;
    ledger::is_sound(&studio.world.server.database)?;
    Ok(())
}

/// Its daemon ended it. The bill is closed in time, at its true end, and the page says why.
async fn closed(studio: &Studio, session: &Session, fault: Fault, end: i64) -> anyhow::Result<()> {
    let back = Instant::now();
    let lost = studio.comes_to(&session.id, SessionState::Failed).await;
    assert!(back.elapsed() <= KNOWN, "{fault:?}: closed after {:?}", back.elapsed());
    assert_eq!(lost.end_cause, Some(EndCause::Lost), "{fault:?}: {:?}", lost.failure);
    let rows = ledger::is_sound(&studio.world.server.database)?;
    let row = rows.iter().find(|row| row.workload == session.id);
    let billed = row.and_then(|row| row.ended_at).unwrap_or_default();
    assert!((billed - end).abs() <= OFF_MS, "{fault:?}: billed to {billed}, it ended at {end}");
    Ok(())
}

/// The tool begins to write without end.
async fn chatter(browser: &Client) {
    let begin = browser.request("POST", "/chatter");
    assert_eq!(browser.run::<()>(begin).await.status, 200);
    eventually("it chatters", LIMIT, || async { browser.get("/chatter").await.status == 200 }).await;
}
