//! F6: the database is locked, stopped, killed and frozen. Whoever asks is told so within five seconds; what is
//! open in sessions streams on; afterwards the meter has missed nothing.

use atelier_api::calls;
use atelier_api::project::CreateProject;
use atelier_api::session::{Session, SessionState};
use atelier_tests::studio::{LIMIT, Studio};
use atelier_tests::{Database, OwnPostgres, Socket, TestDatabase, TestServer, eventually, ledger};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Nobody waits longer for an answer.
const ANSWER: Duration = Duration::from_secs(5);
/// Long enough for two heartbeats to fail.
const SHORT: Duration = Duration::from_secs(11);

#[tokio::test]
async fn sqlite_is_locked() -> anyhow::Result<()> {
    locked_for(SHORT).await
}

#[tokio::test]
async fn long_sqlite_is_locked() -> anyhow::Result<()> {
    locked_for(Duration::from_secs(30)).await
}

async fn locked_for(length: Duration) -> anyhow::Result<()> {
    let studio = Studio::new(Database::Sqlite).await?;
    let session = studio.running().await;
    let mut socket = socket(&studio, &session).await?;
    let lock = studio.world.server.database.lock()?;
    let begun = Instant::now();
    while begun.elapsed() < length {
        refused(&studio).await;
        // Who only reads is not kept.
        studio.get(&session.id).await;
        streams(&mut socket).await?;
    }
    drop(lock);
    caught_up(&studio, &session).await
}

#[tokio::test]
async fn postgres_is_stopped_killed_and_frozen() -> anyhow::Result<()> {
    type Fault =
        (&'static str, fn(&OwnPostgres) -> anyhow::Result<()>, fn(&OwnPostgres) -> anyhow::Result<()>);
    const FAULTS: [Fault; 3] = [
        ("stopped", OwnPostgres::stop, OwnPostgres::start_again),
        ("killed", OwnPostgres::kill, OwnPostgres::start_again),
        ("frozen", |postgres| postgres.signal("STOP"), |postgres| postgres.signal("CONT")),
    ];
    let postgres = OwnPostgres::start()?;
    let database = Arc::new(TestDatabase::at(&postgres.url()));
    let studio = Studio::on(TestServer::start_on(database, &[Studio::environments()?]).await?).await?;
    let mut session = studio.running().await;
    for (name, harm, heal) in FAULTS {
        let mut socket = socket(&studio, &session).await?;
        harm(&postgres)?;
        let begun = Instant::now();
        while begun.elapsed() < SHORT {
            refused(&studio).await;
            streams(&mut socket).await?;
        }
        heal(&postgres)?;
        eprintln!("PostgreSQL was {name}");
        eventually("the server is ready again", Duration::from_secs(15), || async {
            studio.owner.client.get("/readyz").await.status == 200
        })
        .await;
        caught_up(&studio, &session).await?;
        studio.start(&session.id).await.good();
        session = studio.comes_to(&session.id, SessionState::Running).await;
    }
    Ok(())
}

/// A change is refused in time and in words.
async fn refused(studio: &Studio) {
    let new = CreateProject { name: "Never".to_owned(), description: String::new() };
    let asked = Instant::now();
    let answer = studio.owner.client.send(calls::project_create(studio.organization(), &new)).await;
    assert!(asked.elapsed() <= ANSWER, "answered after {:?}", asked.elapsed());
    let told = answer.refused(503, "database-unavailable");
    assert!(told.detail.contains("The database is busy or away"), "{}", told.detail);
}

/// The session has not noticed, and every moment of it is billed.
async fn caught_up(studio: &Studio, session: &Session) -> anyhow::Result<()> {
    let browser = studio.browser(&session.id).await;
    eventually("its tool answers", LIMIT, || async { browser.get("/api").await.status == 200 }).await;
    let stopped = studio.stopped(&session.id).await;
    assert_eq!(stopped.generation, session.generation);
    ledger::is_exact(studio, &stopped).await?;
    ledger::is_sound(&studio.world.server.database)?;
    Ok(())
}

/// An open connection to the session's tool.
async fn socket(studio: &Studio, session: &Session) -> anyhow::Result<Socket> {
    let browser = studio.browser(&session.id).await;
    let origin = format!("http://{}", browser.host());
    let (status, socket) = Socket::open(&browser, "/echo", &[("Origin", &origin)]).await?;
    anyhow::ensure!(status == 101, "no upgrade: {status}");
    Ok(socket)
}

async fn streams(socket: &mut Socket) -> anyhow::Result<()> {
    socket.send(b"still here.").await?;
    assert_eq!(socket.read_until(b".").await?, "still here.");
    Ok(())
}
