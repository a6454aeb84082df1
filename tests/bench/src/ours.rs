//! Our server with somebody at work in it.

use crate::target::Target;
use anyhow::Context;
use atelier_api::calls;
use atelier_api::money::Micros;
use atelier_api::project::Project;
use atelier_api::role::OrganizationRole;
use atelier_api::session::{CreateSession, DataWish, Session, SessionState};
use atelier_api::tier::CreateTier;
use atelier_tests::{Client, Database, Person, TestServer, World};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// For a session to run; the first one builds its image.
const START: Duration = Duration::from_secs(300);
const LOOK: Duration = Duration::from_millis(20);
const MIB: i64 = 1 << 20;

pub struct Ours {
    pub world: World,
    pub owner: Person,
    pub project: Project,
    /// Its id.
    pub tier: String,
    _environments: TempDir,
}

impl Ours {
    /// With real Docker, on SQLite, and a size of containers that hinders nothing.
    ///
    /// # Errors
    /// If the server does not start.
    pub async fn start(memory_mib: i64) -> anyhow::Result<Ours> {
        let environments = environments()?;
        let settings = [("ENVIRONMENTS_DIR", environments.path().display().to_string())];
        let world = World::on(TestServer::start_with(Database::Sqlite, &settings).await?).await?;
        let owner = world.acme.person(OrganizationRole::Member).await;
        let project = world.acme.project(&owner, "Bench").await;
        let tier = CreateTier {
            name: "Bench".to_owned(),
            cpu_milli: 2000,
            memory_bytes: memory_mib * MIB,
            price_per_hour: Micros(1_000),
        };
        let create = calls::tier_create(&world.acme.slug, &tier);
        let tier = world.acme.administrator.client.send(create).await.good_with(201).id;
        Ok(Ours { world, owner, project, tier, _environments: environments })
    }

    pub fn organization(&self) -> &str {
        &self.world.acme.slug
    }

    /// A wish for a session.
    pub fn wish(&self, environment: &str, tool: &str) -> CreateSession {
        let (environment, tool) = (environment.to_owned(), tool.to_owned());
        CreateSession { name: None, environment, tool, tier: self.tier.clone(), data: DataWish::All }
    }

    /// A new session with the bench's backend that runs.
    ///
    /// # Errors
    /// If it does not come to run.
    pub async fn session(&self) -> anyhow::Result<Session> {
        let wish = self.wish("bench-backend", "backend");
        let create = calls::session_create(self.organization(), &self.project.slug, &wish);
        let session = self.owner.client.send(create).await.good_with(201);
        self.runs(&session.id).await
    }

    /// # Errors
    /// If the session comes to another end or takes too long.
    pub async fn runs(&self, id: &str) -> anyhow::Result<Session> {
        let begun = Instant::now();
        loop {
            let get = calls::session_get(self.organization(), &self.project.slug, id);
            let session = self.owner.client.send(get).await.good();
            match session.state {
                SessionState::Running => return Ok(session),
                SessionState::Failed | SessionState::Stopped => anyhow::bail!("not running: {session:#?}"),
                _ => anyhow::ensure!(begun.elapsed() < START, "not running in time: {session:#?}"),
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Waits until nothing is left of a session that was deleted.
    ///
    /// # Errors
    /// If something is left.
    pub async fn gone(&self, id: &str) -> anyhow::Result<()> {
        let begun = Instant::now();
        loop {
            let get = calls::session_get(self.organization(), &self.project.slug, id);
            if self.owner.client.send(get).await.status == 404 {
                return Ok(());
            }
            anyhow::ensure!(begun.elapsed() < START, "session {id} is still there");
            tokio::time::sleep(LOOK).await;
        }
    }

    /// A browser that has opened the session.
    ///
    /// # Errors
    /// If it is not let in.
    pub async fn browser(&self, id: &str) -> anyhow::Result<Client> {
        let open = calls::session_open(self.organization(), &self.project.slug, id);
        let url = self.owner.client.send(open).await.good().url;
        let rest = url.split_once("://").context("an address without scheme")?.1;
        let (host, path) = rest.split_at(rest.find('/').context("an address without path")?);
        let browser = self.owner.client.on_host(host);
        let answer = browser.get(path).await;
        anyhow::ensure!(browser.cookie().is_some(), "not let in: {}", answer.status);
        Ok(browser)
    }

    /// What a load needs to use the session as a browser that has opened it.
    ///
    /// # Errors
    /// If it is not let in.
    pub async fn target(&self, id: &str) -> anyhow::Result<Target> {
        let browser = self.browser(id).await?;
        let port = self.world.server.port();
        Ok(Target { name: "Atelier", port, host: browser.host().to_owned(), cookie: browser.cookie() })
    }
}

/// The program of the backend, built beside this one.
///
/// # Errors
/// If it is not there.
pub fn backend() -> anyhow::Result<PathBuf> {
    let beside = std::env::current_exe()?.with_file_name("bench-backend");
    anyhow::ensure!(beside.exists(), "{} is not built; run `cargo xtask bench`", beside.display());
    Ok(beside)
}

/// A folder of environments with the backend's in it.
fn environments() -> anyhow::Result<TempDir> {
    let folder = tempfile::Builder::new().prefix("atelier-bench-images").tempdir()?;
    let ours = folder.path().join("bench-backend");
    std::fs::create_dir(&ours)?;
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("environment");
    for name in ["Dockerfile", "environment.toml"] {
        std::fs::copy(source.join(name), ours.join(name))?;
    }
    std::fs::copy(backend()?, ours.join("bench-backend"))?;
    Ok(folder)
}
