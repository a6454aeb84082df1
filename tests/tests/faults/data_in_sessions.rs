//! Data is copied to the host for a session, and whatever it stands on goes away meanwhile. F1: the server. F3: Docker.
//! F7: the storage. F10: bits of it. No session ever has half of a version.

use atelier_api::calls;
use atelier_api::session::{DataChoice, DataPlace, DataWish, Session, SessionState};
use atelier_tests::studio::{LIMIT, Studio};
use atelier_tests::{
    ArtifactPlace, Database, Moto, OwnHost, TestServer, damage, eventually, leftovers, on_both_databases,
    on_sqlite_and_in_the_long_form_on_postgres, signal, until,
};
use std::time::Duration;

on_sqlite_and_in_the_long_form_on_postgres!(f01_killed_while_data_is_copied);
on_both_databases!(long_f01_killed_while_data_is_copied);

/// Bytes that cannot be squeezed, different for each number.
fn bytes(number: u64, words: usize) -> Vec<u8> {
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut word = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..words).flat_map(|_| word()).collect()
}

/// A version with one large file and many small ones, all different from those of other numbers.
async fn version(studio: &Studio, place: &ArtifactPlace, number: u64) -> i64 {
    let large = bytes(number, 4 << 20);
    let small: Vec<(String, Vec<u8>)> =
        (0..40).map(|n| (format!("small/{n}"), bytes(number * 100 + n + 7, 100))).collect();
    let mut files: Vec<(&str, &[u8])> =
        small.iter().map(|(path, data)| (path.as_str(), data.as_slice())).collect();
    files.push(("large", &large));
    place.version_of(&studio.owner.client, &files).await.number
}

/// Whether the session has all of the version with this number, and nothing else.
async fn is_whole(studio: &Studio, session: &Session, number: u64) -> anyhow::Result<()> {
    let told =
        studio.run(session, "cd /data/events && find . -type f | wc -l && cat large small/* | cksum").await?;
    let mut names: Vec<u64> = (0..40).collect();
    // As the shell sorts them.
    names.sort_by_key(ToString::to_string);
    let small = names.iter().flat_map(|n| bytes(number * 100 + n + 7, 100));
    let all: Vec<u8> = bytes(number, 4 << 20).into_iter().chain(small).collect();
    let directory = tempfile::tempdir()?;
    let file = directory.path().join("all");
    std::fs::write(&file, &all)?;
    let sum = std::process::Command::new("cksum").stdin(std::fs::File::open(&file)?).output()?;
    assert_eq!(told, format!("41\n{}", String::from_utf8_lossy(&sum.stdout)));
    Ok(())
}

fn chosen(place: &ArtifactPlace, version: &str) -> DataWish {
    DataWish::Chosen(vec![DataChoice { dataset: place.slug.clone(), version: version.to_owned() }])
}

/// Until something of the data is copied; at the latest until the session runs.
async fn is_copying(studio: &Studio, id: &str) {
    until("its data is being copied", LIMIT, || async {
        let session = studio.get(id).await;
        let begun = session.data_progress.is_some_and(|progress| progress.bytes > 0);
        (begun || session.state != SessionState::Starting).then_some(())
    })
    .await;
}

async fn f01_killed_while_data_is_copied(database: Database) -> anyhow::Result<()> {
    killed(database, 2).await
}

async fn long_f01_killed_while_data_is_copied(database: Database) -> anyhow::Result<()> {
    killed(database, 40).await
}

async fn killed(database: Database, kills: u64) -> anyhow::Result<()> {
    let mut studio = Studio::new(database).await?;
    let events = studio.dataset("Events").await;
    for kill in 0..kills {
        version(&studio, &events, kill).await;
        let session = studio.create().await;
        is_copying(&studio, &session.id).await;
        // The moment of the fault, not a wait for something.
        tokio::time::sleep(Duration::from_millis(kill.wrapping_mul(7919) % 150)).await;
        signal(studio.world.server.id(), "KILL")?;
        until("it is gone", LIMIT, || async { studio.world.server.has_ended().then_some(()) }).await;
        studio.world.server.restart().await?;
        let session = studio.comes_to(&session.id, SessionState::Running).await;
        assert_eq!(session.data.first().and_then(|data| data.place), Some(DataPlace::Mounted));
        is_whole(&studio, &session, kill).await?;
        studio.stopped(&session.id).await;
        let delete = calls::session_delete(studio.organization(), &studio.project.slug, &session.id);
        studio.owner.client.send(delete).await.good_with(204);
    }
    // What killed attempts left goes by itself.
    leftovers::containers_are_those_of_the_sessions(&studio).await;
    let known = studio.world.server.database.lines("SELECT name AS line FROM data_volumes")?;
    assert_eq!(known.len() as u64, kills, "{known:?}");
    eventually("volumes of cut off attempts are gone", Duration::from_secs(90), || async {
        leftovers::data_volumes(&studio).await.is_ok_and(|there| there.len() == known.len())
    })
    .await;
    leftovers::none_after_the_project(&studio).await
}

#[tokio::test]
async fn f01_stopping_a_session_while_its_data_is_copied_leaves_nothing() -> anyhow::Result<()> {
    let studio = Studio::new(Database::Sqlite).await?;
    let events = studio.dataset("Events").await;
    version(&studio, &events, 1).await;
    // The image is there.
    let ready = studio.create_with(DataWish::Chosen(Vec::new())).await.good_with(201);
    studio.comes_to(&ready.id, SessionState::Running).await;
    let session = studio.create().await;
    is_copying(&studio, &session.id).await;
    studio.stopped(&session.id).await;
    leftovers::containers_are_those_of_the_sessions(&studio).await;
    let again = studio.running().await;
    is_whole(&studio, &again, 1).await?;
    eventually("one volume is left", Duration::from_secs(90), || async {
        leftovers::data_volumes(&studio).await.is_ok_and(|there| there.len() == 1)
    })
    .await;
    Ok(())
}

#[tokio::test]
async fn f03_docker_is_killed_while_data_is_copied() -> anyhow::Result<()> {
    let mut host = OwnHost::start(false).await?;
    let mut settings = vec![Studio::environments()?];
    settings.push(("DOCKER", host.address()));
    let studio = Studio::on(TestServer::start_with(Database::Sqlite, &settings).await?).await?;
    let events = studio.dataset("Events").await;
    let ready = studio.running().await;
    studio.stopped(&ready.id).await;
    for (number, how) in [(1, "KILL"), (2, "TERM")] {
        version(&studio, &events, number).await;
        let session = studio.create().await;
        is_copying(&studio, &session.id).await;
        host.signal_daemon(how)?;
        host.daemon_ends().await;
        host.start_daemon().await?;
        let session = studio.comes_to(&session.id, SessionState::Running).await;
        is_whole(&studio, &session, number).await?;
        studio.stopped(&session.id).await;
    }
    Ok(())
}

#[tokio::test]
async fn f07_while_the_storage_is_away_a_start_waits_and_says_why() -> anyhow::Result<()> {
    let moto = Moto::start().await?;
    let environment = moto.environment(None);
    let under: Vec<&str> = environment.iter().map(String::as_str).collect();
    let settings = [Studio::environments()?, ("STORAGE_URL", moto.url())];
    let server = TestServer::start_under(&under, Database::Sqlite, &settings).await?;
    let mut studio = Studio::on(server).await?;
    let events = studio.dataset("Events").await;
    version(&studio, &events, 1).await;
    // What was read before is remembered; a server that was started anew remembers nothing.
    studio.world.server.kill9()?;
    studio.world.server.restart().await?;
    moto.set_open(false);
    let session = studio.create().await;
    let told = until("it says why it waits", Duration::from_secs(180), || async {
        studio.get(&session.id).await.failure
    })
    .await;
    assert_eq!(told.code, "storage-unavailable");
    assert!(told.detail.contains("goes on by itself"), "{}", told.detail);
    assert_eq!(studio.get(&session.id).await.state, SessionState::Starting);
    moto.set_open(true);
    let session = until("it goes on", Duration::from_secs(180), || async {
        let session = studio.get(&session.id).await;
        (session.state == SessionState::Running).then_some(session)
    })
    .await;
    assert_eq!(session.failure, None);
    is_whole(&studio, &session, 1).await
}

#[tokio::test]
async fn f10_damaged_data_is_in_no_session() -> anyhow::Result<()> {
    let mut studio = Studio::new(Database::Sqlite).await?;
    let events = studio.dataset("Events").await;
    version(&studio, &events, 1).await;
    let other = studio.dataset("Other").await;
    other.version_of(&studio.owner.client, &[("x", b"whole")]).await;
    studio.world.server.kill9()?;
    damage(&studio.world.server.data_dir())?;
    studio.world.server.restart().await?;

    let session = studio.create().await;
    let session = studio.comes_to(&session.id, SessionState::Running).await;
    let places: Vec<_> = session.data.iter().map(|data| (data.dataset.as_str(), data.place)).collect();
    assert_eq!(places, [("events", Some(DataPlace::Damaged)), ("other", Some(DataPlace::Mounted))]);
    assert_eq!(studio.run(&session, "ls /data; cat /data/other/x").await?, "other\nwhole");

    let asked = studio.create_with(chosen(&events, "1")).await.good_with(201);
    let failed = studio.comes_to(&asked.id, SessionState::Failed).await;
    let failure = failed.failure.unwrap_or_else(|| panic!("no failure"));
    assert_eq!(failure.code, "data-damaged");
    assert!(failure.detail.contains("events (version 1)"), "{}", failure.detail);
    Ok(())
}
