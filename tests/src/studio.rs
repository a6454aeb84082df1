//! A project with somebody in it who works.

use crate::{Answer, ArtifactPlace, Client, Database, Person, Settings, TestServer, World, docker, until};
use anyhow::Context;
use atelier_api::billing::{Segment, SegmentFilter};
use atelier_api::calls;
use atelier_api::money::Micros;
use atelier_api::person::{Limits, UpdatePerson};
use atelier_api::project::Project;
use atelier_api::role::{Object, OrganizationRole};
use atelier_api::session::{CreateSession, DataWish, Session, SessionState, StartSession};
use atelier_api::tier::CreateTier;
use bollard::Docker;
use bollard::exec::{CreateExecOptions, StartExecResults};
use futures::StreamExt;
use std::path::Path;
use std::time::{Duration, Instant};
use time::OffsetDateTime;

/// A start builds a small image the first time; the machine may be busy.
pub const LIMIT: Duration = Duration::from_secs(90);

/// Between two looks at a session.
const LOOK: Duration = Duration::from_millis(30);

pub const MIB: i64 = 1 << 20;

pub struct Studio {
    pub world: World,
    pub project: Project,
    /// Owner of the project, a plain member of the organization.
    pub owner: Person,
    /// A small size at a price that shows in every second.
    pub tier: String,
    pub docker: Docker,
}

impl Studio {
    /// With real Docker and the environment `test-tool`.
    pub async fn new(database: Database) -> anyhow::Result<Studio> {
        Studio::with(database, &[]).await
    }

    /// With settings beyond those.
    pub async fn with(database: Database, settings: &Settings) -> anyhow::Result<Studio> {
        let server =
            TestServer::start_with(database, &[settings, &[Studio::environments()?]].concat()).await?;
        Studio::on(server).await
    }

    /// The setting by which a server has the environment `test-tool`.
    ///
    /// # Errors
    /// If the folder is not there.
    pub fn environments() -> anyhow::Result<(&'static str, String)> {
        let images = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sandbox/images").canonicalize()?;
        Ok(("ENVIRONMENTS_DIR", images.display().to_string()))
    }

    /// On a server that has [`Studio::environments`].
    pub async fn on(server: TestServer) -> anyhow::Result<Studio> {
        let docker = server.docker()?.context("the server is to find no Docker")?;
        let world = World::on(server).await?;
        let owner = world.acme.person(OrganizationRole::Member).await;
        let project = world.acme.project(&owner, "Churn").await;
        let tier = CreateTier {
            name: "Tiny".to_owned(),
            cpu_milli: 500,
            memory_bytes: 96 * MIB,
            price_per_hour: Micros(36_000_000),
        };
        let create = calls::tier_create(&world.acme.slug, &tier);
        let tier = world.acme.administrator.client.send(create).await.good_with(201).id;
        Ok(Studio { world, project, owner, tier, docker })
    }

    pub fn organization(&self) -> &str {
        &self.world.acme.slug
    }

    pub fn wish(&self) -> CreateSession {
        CreateSession {
            name: None,
            environment: "test-tool".to_owned(),
            tool: "test-tool".to_owned(),
            tier: self.tier.clone(),
            data: DataWish::All,
        }
    }

    /// Asks for a new session, as anybody.
    pub async fn create_as(&self, client: &Client) -> Answer<Session> {
        client.send(calls::session_create(self.organization(), &self.project.slug, &self.wish())).await
    }

    /// A new session of the owner's, about to start.
    pub async fn create(&self) -> Session {
        self.create_as(&self.owner.client).await.good_with(201)
    }

    /// A session of the owner's that runs.
    pub async fn running(&self) -> Session {
        let session = self.create().await;
        self.comes_to(&session.id, SessionState::Running).await
    }

    pub async fn get(&self, id: &str) -> Session {
        self.owner.client.send(calls::session_get(self.organization(), &self.project.slug, id)).await.good()
    }

    pub async fn start(&self, id: &str) -> Answer<Session> {
        let start = StartSession::default();
        let call = calls::session_start(self.organization(), &self.project.slug, id, &start);
        self.owner.client.send(call).await
    }

    pub async fn stop(&self, id: &str) -> Answer<Session> {
        self.owner.client.send(calls::session_stop(self.organization(), &self.project.slug, id)).await
    }

    pub async fn stopped(&self, id: &str) -> Session {
        self.stop(id).await.good();
        self.comes_to(id, SessionState::Stopped).await
    }

    /// Waits for a state, and no longer once the session has come to another end.
    pub async fn comes_to(&self, id: &str, state: SessionState) -> Session {
        let begun = Instant::now();
        loop {
            let session = self.get(id).await;
            let over = matches!(session.state, SessionState::Failed | SessionState::Stopped)
                && state == SessionState::Running;
            if session.state == state {
                return session;
            }
            if over || begun.elapsed() > LIMIT {
                let container = docker::inspect(&self.docker, &container(&session)).await;
                panic!("not {state}: {session:#?}\n{:#?}", container.map(|seen| seen.state));
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// A new dataset of the project.
    pub async fn dataset(&self, name: &str) -> ArtifactPlace {
        let (client, organization) = (&self.owner.client, self.organization());
        ArtifactPlace::create(client, Object::Dataset, organization, &self.project.slug, name).await
    }

    /// A session of the owner's with this data, about to start.
    pub async fn create_with(&self, data: DataWish) -> Answer<Session> {
        let wish = CreateSession { data, ..self.wish() };
        let call = calls::session_create(self.organization(), &self.project.slug, &wish);
        self.owner.client.send(call).await
    }

    /// The owner's browser on the session's own host, let in.
    pub async fn browser(&self, id: &str) -> Client {
        let call = calls::session_open(self.organization(), &self.project.slug, id);
        let url = self.owner.client.send(call).await.good().url;
        let (host, path) = split(&url);
        let browser = self.owner.client.on_host(host);
        let answer = browser.get(path).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        assert!(browser.cookie().is_some(), "no cookie on the session's host");
        browser
    }

    /// The owner's browser on the session's own port, let in, and that port.
    pub async fn port_browser(&self, id: &str) -> (u16, Client) {
        let call = calls::session_open(self.organization(), &self.project.slug, id);
        let url = self.owner.client.send(call).await.good().url;
        let (host, path) = split(&url);
        let port = host.rsplit(':').next().and_then(|port| port.parse().ok());
        let port = port.unwrap_or_else(|| panic!("no port: {url}"));
        let browser = self.owner.client.on_port(port);
        assert_eq!(browser.host(), host);
        // Whose port it is may be remembered for a moment.
        let entered = until("the entry works", LIMIT, || async {
            let answer = browser.get(path).await;
            (answer.status == 303).then_some(answer)
        });
        assert!(entered.await.header("clear-site-data").contains("storage"));
        (port, browser)
    }

    /// What a command in a session's container prints.
    pub async fn run(&self, session: &Session, command: &str) -> anyhow::Result<String> {
        Studio::run_with(&self.docker, session, command).await
    }

    /// As [`Studio::run`], while something else is done to the studio.
    pub async fn run_with(docker: &Docker, session: &Session, command: &str) -> anyhow::Result<String> {
        let options = CreateExecOptions {
            cmd: Some(vec!["sh", "-c", command]),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            ..CreateExecOptions::default()
        };
        let exec = docker.create_exec(&container(session), options).await?.id;
        let mut printed = String::new();
        if let StartExecResults::Attached { mut output, .. } = docker.start_exec(&exec, None).await? {
            while let Some(part) = output.next().await {
                printed.push_str(&part?.to_string());
            }
        }
        Ok(printed)
    }

    /// Sets what the owner may use.
    pub async fn limit(&self, limits: Limits) {
        let update = UpdatePerson { limits: Some(limits), ..UpdatePerson::default() };
        let call = calls::person_update(self.organization(), &self.owner.id, &update);
        self.world.acme.administrator.client.send(call).await.good();
    }

    /// The owner's rows of the ledger of this month, newest first; of the true one, whatever the server's clock says.
    pub async fn segments(&self) -> Vec<Segment> {
        let now = OffsetDateTime::now_utc();
        let month = format!("{}-{:02}", now.year(), u8::from(now.month()));
        let filter = SegmentFilter { month: Some(month), ..SegmentFilter::default() };
        let call = calls::segment_list_mine(self.organization(), &filter);
        self.owner.client.send(call).await.good().items
    }

    /// The ids of this server's containers, running or not.
    pub async fn containers(&self) -> anyhow::Result<Vec<String>> {
        let installation = self.world.server.database.lines("SELECT id AS line FROM installation")?;
        let mut found = Vec::new();
        for id in installation {
            for container in docker::containers(&self.docker, &id).await? {
                found.extend(container.names.unwrap_or_default().into_iter().next());
            }
        }
        Ok(found)
    }
}

/// Host with port, and the path with what follows.
pub fn split(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or((rest, "/"), |at| rest.split_at(at))
}

/// The container of a session's start.
pub fn container(session: &Session) -> String {
    format!("atelier-{}-{}", session.id, session.generation)
}
