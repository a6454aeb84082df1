//! F8: the server's clock is stepped by an hour and by a day, forwards and back, while a session runs. The
//! bill is that of the time that passed; what has expired stays so.

use anyhow::Context;
use atelier_api::calls;
use atelier_api::session::SessionState;
use atelier_tests::studio::Studio;
use atelier_tests::{Database, TestServer, eventually, ledger};
use std::path::{Path, PathBuf};
use std::time::Duration;

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// For a heartbeat to come under the new clock.
const BEAT: Duration = Duration::from_secs(15);

/// The server's clock: a file says by how many seconds it is off.
struct Clock(tempfile::NamedTempFile);

impl Clock {
    fn right() -> anyhow::Result<Clock> {
        let clock = Clock(tempfile::NamedTempFile::new()?);
        clock.step(0)?;
        Ok(clock)
    }

    fn step(&self, seconds: i64) -> anyhow::Result<()> {
        // Renamed into place: it is read at any moment.
        let next = self.0.path().with_extension("next");
        std::fs::write(&next, format!("{seconds:+}\n"))?;
        Ok(std::fs::rename(next, self.0.path())?)
    }

    async fn server(&self, settings: &[(&'static str, String)]) -> anyhow::Result<TestServer> {
        let preload = format!("LD_PRELOAD={}", library()?.display());
        let file = format!("FAKETIME_TIMESTAMP_FILE={}", self.0.path().display());
        let under = ["env", &preload, &file, "FAKETIME_NO_CACHE=1", "FAKETIME_DONT_FAKE_MONOTONIC=1"];
        TestServer::start_under(&under, Database::Sqlite, settings).await
    }
}

/// Where Debian and Ubuntu put it.
fn library() -> anyhow::Result<PathBuf> {
    let places = std::fs::read_dir("/usr/lib")?.filter_map(Result::ok).map(|entry| entry.path());
    let library = |place: PathBuf| place.join("faketime/libfaketimeMT.so.1");
    places.map(library).find(|library| Path::exists(library)).context("install libfaketime")
}

#[tokio::test]
async fn the_bill_is_that_of_the_time_that_passed() -> anyhow::Result<()> {
    let clock = Clock::right()?;
    let mut settings = vec![Studio::environments()?];
    settings.push(("IDLE_MINUTES", "0".to_owned()));
    let studio = Studio::on(clock.server(&settings).await?).await?;
    let session = studio.running().await;
    for offset in [HOUR, 0, DAY, 0, -HOUR, -DAY] {
        clock.step(offset)?;
        let beaten = beaten(&studio)?;
        eventually("a heartbeat comes", BEAT, || async { self::beaten(&studio).is_ok_and(|ms| ms > beaten) })
            .await;
        assert_eq!(studio.get(&session.id).await.state, SessionState::Running, "at {offset:+} s");
    }
    // It ends, and another begins and ends, under a clock that is a day late.
    let stopped = studio.stopped(&session.id).await;
    ledger::is_exact(&studio, &stopped).await?;
    clock.step(DAY)?;
    studio.start(&session.id).await.good();
    studio.comes_to(&session.id, SessionState::Running).await;
    let stopped = studio.stopped(&session.id).await;
    ledger::is_exact(&studio, &stopped).await?;
    Ok(())
}

/// Milliseconds that the heartbeats have made certain.
fn beaten(studio: &Studio) -> anyhow::Result<i64> {
    let rows = ledger::rows(&studio.world.server.database)?;
    Ok(rows.iter().filter_map(|row| row.beaten).sum())
}

#[tokio::test]
async fn expired_stays_expired() -> anyhow::Result<()> {
    let clock = Clock::right()?;
    let settings = [("SIGN_IN_DAYS", "1".to_owned()), ("DOCKER", atelier_tests::NO_DOCKER.to_owned())];
    let world = atelier_tests::World::on(clock.server(&settings).await?).await?;
    let ada = &world.acme.administrator;
    ada.client.send(calls::me_get()).await.good();
    clock.step(DAY + HOUR)?;
    ada.client.send(calls::me_get()).await.refused(401, "not-signed-in");
    eventually("it is taken away", Duration::from_secs(15), || async {
        let open = world.server.database.lines("SELECT id AS line FROM sign_ins");
        open.is_ok_and(|open| open.is_empty())
    })
    .await;
    clock.step(0)?;
    ada.client.send(calls::me_get()).await.refused(401, "not-signed-in");
    ada.client.sign_in(&ada.email).await.good();
    Ok(())
}
