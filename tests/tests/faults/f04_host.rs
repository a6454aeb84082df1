//! F4: a container takes all memory, another forks without end, and the whole host goes down. The reason is
//! shown, the ledger is closed, the neighbour lives; of an outage at most ten seconds are billed (T20).

use atelier_api::calls;
use atelier_api::session::{EndCause, SessionState};
use atelier_tests::studio::{LIMIT, Studio};
use atelier_tests::{Client, Database, OwnHost, TestServer, ledger, until};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Milliseconds of an outage that may be billed.
const BILLED_MS: i64 = 10_000;

#[tokio::test]
async fn memory_and_processes_run_out_in_one_container_only() -> anyhow::Result<()> {
    let studio = Studio::new(Database::Sqlite).await?;
    let (hostile, neighbour) = (studio.running().await, studio.running().await);
    let (attacker, beside) = (studio.browser(&hostile.id).await, studio.browser(&neighbour.id).await);

    let bomb = post(&attacker, "/fork").await;
    neighbour_answers(&beside).await;
    let greedy = post(&attacker, "/memory/400").await;
    until("the reason is shown", LIMIT, || async {
        neighbour_answers(&beside).await;
        let session = studio.get(&hostile.id).await;
        let failed = session.failure.is_some_and(|failure| failure.code == "out-of-memory");
        (failed || session.notice.is_some()).then_some(())
    })
    .await;
    bomb.abort();
    greedy.abort();

    // Whatever is left of it ends when it is told to.
    if studio.get(&hostile.id).await.state == SessionState::Running {
        let stop = calls::session_stop(studio.organization(), &studio.project.slug, &hostile.id);
        studio.owner.client.send(stop).await;
    }
    let ended = until("it has ended", LIMIT, || async {
        let session = studio.get(&hostile.id).await;
        matches!(session.state, SessionState::Stopped | SessionState::Failed).then_some(session)
    })
    .await;
    ledger::is_exact(&studio, &ended).await?;
    let alive = studio.get(&neighbour.id).await;
    assert_eq!((alive.state, alive.generation), (SessionState::Running, neighbour.generation));
    let stopped = studio.stopped(&neighbour.id).await;
    ledger::is_exact(&studio, &stopped).await?;
    ledger::is_sound(&studio.world.server.database)?;
    Ok(())
}

/// Sends what may never be answered.
async fn post(browser: &Client, path: &str) -> tokio::task::JoinHandle<()> {
    let (browser, path) = (browser.clone(), path.to_owned());
    tokio::spawn(async move {
        // The tool may end before it answers.
        browser.request("POST", &path).send().await.ok();
    })
}

async fn neighbour_answers(browser: &Client) {
    let asked = Instant::now();
    assert_eq!(browser.get("/api").await.text(), r#"{"version":"test"}"#);
    assert!(asked.elapsed() < Duration::from_secs(5), "the neighbour waited {:?}", asked.elapsed());
}

#[tokio::test]
async fn t20_an_outage_of_the_host_is_not_billed() -> anyhow::Result<()> {
    outage(Duration::from_secs(15)).await
}

#[tokio::test]
async fn long_t20_an_outage_of_the_host_is_not_billed() -> anyhow::Result<()> {
    outage(Duration::from_secs(60)).await
}

/// Twice: the server sees it from another machine, and goes down with the host.
async fn outage(length: Duration) -> anyhow::Result<()> {
    let mut host = OwnHost::start(false).await?;
    let mut settings = vec![Studio::environments()?];
    settings.push(("DOCKER", host.address()));
    let mut studio = Studio::on(TestServer::start_with(Database::Sqlite, &settings).await?).await?;
    let session = studio.running().await;
    studio.run(&session, "echo kept > /work/file && sync").await?;
    for server_too in [false, true] {
        let before = studio.get(&session.id).await;
        until("a heartbeat is written", LIMIT, || async {
            let rows = ledger::rows(&studio.world.server.database).ok()?;
            let open = rows.into_iter().find(|row| row.ended_at.is_none())?;
            (open.generation == before.generation && open.beaten? > 3_000).then_some(())
        })
        .await;
        host.crash()?;
        let crash = now();
        if server_too {
            studio.world.server.kill9()?;
        }
        // The outage itself, not a wait for something.
        tokio::time::sleep(length).await;
        host.switch_on().await?;
        if server_too {
            studio.world.server.restart().await?;
        }
        let lost = studio.comes_to(&session.id, SessionState::Failed).await;
        assert_eq!(lost.end_cause, Some(EndCause::Lost), "interrupted, not ended: {:?}", lost.failure);
        let failure = lost.failure.map(|failure| failure.code);
        assert_eq!(failure.as_deref(), Some("container-lost"), "the reason is shown");
        let rows = ledger::is_sound(&studio.world.server.database)?;
        let row = rows.iter().find(|row| row.generation == before.generation);
        let billed_to = row.and_then(|row| row.ended_at).unwrap_or_default();
        let off = billed_to - crash;
        assert!(off.abs() <= BILLED_MS, "billed to {off} ms after the crash; server too: {server_too}");

        // It starts again, with the files that were there.
        studio.start(&session.id).await.good();
        let again = studio.comes_to(&session.id, SessionState::Running).await;
        assert_eq!(studio.run(&again, "cat /work/file").await?, "kept\n");
    }
    let stopped = studio.stopped(&session.id).await;
    ledger::is_exact(&studio, &stopped).await?;
    Ok(())
}

fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
