//! Who fills the disk is stopped, with the cause; the neighbours and the server go on.

use anyhow::Context;
use atelier_api::calls;
use atelier_api::role::ProjectRole;
use atelier_api::session::{EndCause, Session, SessionState};
use atelier_tests::studio::{LIMIT, MIB, Studio, container};
use atelier_tests::{Database, Person, docker, until};
use std::path::Path;
use std::process::Command;

#[tokio::test]
async fn t03_who_writes_beyond_the_limit_is_stopped_and_keeps_the_files() -> anyhow::Result<()> {
    let studio = Studio::with(Database::Sqlite, &[("SESSION_DISK_MIB", "64".to_owned())]).await?;
    let (session, neighbour) = two_sessions(&studio).await;
    write(&studio, &session, "first", 55).await?;
    let warning =
        until("the owner is warned", LIMIT, || async { studio.get(&session.id).await.disk_warning });
    let warning = warning.await;
    assert_eq!((warning.limit_bytes, warning.host_is_short), (Some(64 * MIB), false));
    assert_eq!(warning.largest.first().map(|large| large.path.as_str()), Some("/work/first"));
    assert_eq!(studio.get(&session.id).await.state, SessionState::Running);

    // One that would write for ever.
    let writing =
        studio.run(&session, "cat /dev/zero | while head -c 4194304 >> /work/second; do sleep 0.1; done");
    let (_, ended) = tokio::join!(writing, studio.comes_to(&session.id, SessionState::Failed));
    assert_eq!(ended.end_cause, Some(EndCause::Disk));
    let failure = ended.failure.context("no cause")?;
    assert_eq!(failure.code, "disk-limit");
    assert!(failure.detail.contains("All files are kept"), "{}", failure.detail);
    assert_eq!(studio.get(&neighbour.id).await.state, SessionState::Running);

    // Started again it may clean up, and lives.
    studio.start(&session.id).await.good();
    let again = studio.comes_to(&session.id, SessionState::Running).await;
    let above = until("what it holds is known", LIMIT, || async {
        studio.get(&session.id).await.usage.and_then(|usage| usage.disk)
    })
    .await;
    assert!(above.used_bytes > 64 * MIB && above.limit_bytes > Some(above.used_bytes), "{above:?}");
    studio.run(&again, "rm /work/first /work/second").await?;
    until("it holds little", LIMIT, || async {
        let disk = studio.get(&session.id).await.usage?.disk?;
        (disk.used_bytes < 16 * MIB).then_some(())
    })
    .await;
    assert_eq!(studio.get(&session.id).await.state, SessionState::Running);
    Ok(())
}

/// A session whose agent says nothing, or lies, is looked at from outside.
#[tokio::test]
async fn t03_a_silent_agent_hides_nothing() -> anyhow::Result<()> {
    let studio = Studio::with(Database::Sqlite, &[("SESSION_DISK_MIB", "64".to_owned())]).await?;
    let session = studio.running().await;
    let seen = docker::inspect(&studio.docker, &container(&session)).await?;
    let agent = seen.state.and_then(|state| state.pid).context("no process")?;
    let silenced = Command::new("kill").args(["-STOP", &agent.to_string()]).status()?;
    anyhow::ensure!(silenced.success(), "the agent was not silenced");
    write(&studio, &session, "hidden", 64).await?;
    let ended = until("it is stopped", LIMIT, || async {
        // What it holds at the first look from outside counts as what it began with.
        studio.run(&session, "head -c 4M /dev/zero >> /work/hidden").await.ok();
        let now = studio.get(&session.id).await;
        (now.state == SessionState::Failed).then_some(now)
    })
    .await;
    assert_eq!(ended.failure.map(|failure| failure.code).as_deref(), Some("disk-limit"));
    Ok(())
}

#[tokio::test]
async fn f05_where_the_disk_runs_full_the_one_that_wrote_most_is_stopped() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    // The server takes it for Docker's disk, so that the test can fill it.
    let disk = Mounted::new(folder.path(), 64)?;
    let settings =
        [("DOCKER_ROOT", folder.path().display().to_string()), ("DISK_RESERVE_MIB", "32".to_owned())];
    let studio = Studio::with(Database::Sqlite, &settings).await?;
    let (session, neighbour) = two_sessions(&studio).await;
    write(&studio, &session, "data", 40).await?;
    write(&studio, &neighbour, "little", 1).await?;
    until("what it holds is known", LIMIT, || async {
        let disk = studio.get(&session.id).await.usage?.disk?;
        (disk.used_bytes >= 40 * MIB).then_some(())
    })
    .await;

    disk.fill(40)?;
    let ended = studio.comes_to(&session.id, SessionState::Failed).await;
    assert_eq!(ended.end_cause, Some(EndCause::Disk));
    assert_eq!(ended.failure.context("no cause")?.code, "disk-reserve");
    assert_eq!(studio.get(&neighbour.id).await.state, SessionState::Running);
    // Nothing new begins, in words; what is there can be read.
    let refused = studio.start(&session.id).await.refused(507, "disk-reserve");
    assert!(refused.detail.contains("24 MiB are free, and 32 MiB are kept back"), "{}", refused.detail);
    studio.create_as(&studio.owner.client).await.refused(507, "disk-reserve");

    // It heals by itself.
    disk.empty()?;
    studio.start(&session.id).await.good();
    let again = studio.comes_to(&session.id, SessionState::Running).await;
    assert!(studio.run(&again, "ls /work").await?.contains("data"));
    Ok(())
}

/// The owner's, and that of another member of the project. Both run.
async fn two_sessions(studio: &Studio) -> (Session, Session) {
    let member: Person = studio.world.acme.member(&studio.project, ProjectRole::DataScientist).await;
    let neighbour = studio.create_as(&member.client).await.good_with(201);
    let session = studio.running().await;
    (session, studio.comes_to(&neighbour.id, SessionState::Running).await)
}

async fn write(studio: &Studio, session: &Session, name: &str, mib: u32) -> anyhow::Result<()> {
    let printed =
        studio.run(session, &format!("head -c {mib}M /dev/zero > /work/{name} && echo written")).await?;
    anyhow::ensure!(printed == "written\n", "{printed}");
    // The server answers meanwhile.
    studio.owner.client.send(calls::me_get()).await.good();
    Ok(())
}

/// A small disk of the test's own.
struct Mounted<'a>(&'a Path);

impl Mounted<'_> {
    fn new(folder: &Path, mib: u32) -> anyhow::Result<Mounted<'_>> {
        let mount = ["-t", "tmpfs", "-o", &format!("size={mib}m"), "none"];
        let done = Command::new("mount").args(mount).arg(folder).status()?;
        anyhow::ensure!(done.success(), "only root can mount a disk for this test");
        Ok(Mounted(folder))
    }

    fn fill(&self, mib: usize) -> anyhow::Result<()> {
        Ok(std::fs::write(self.0.join("filling"), vec![0; mib << 20])?)
    }

    fn empty(&self) -> anyhow::Result<()> {
        Ok(std::fs::remove_file(self.0.join("filling"))?)
    }
}

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        // Whatever is still open there; nothing else can be done about a failure.
        Command::new("umount").arg("--lazy").arg(self.0).status().ok();
    }
}
