//! One start, from its rows to a running container. Every step first looks whether it is done already, so
//! a start that was cut off is simply begun again.

use super::agent;
use super::end::{self, failure};
use super::rows::{StartRow, WorkloadRow};
use super::{python, status, tell, volumes};
use crate::app::App;
use crate::billing::{Moment, ledger};
use crate::db::{now, schema};
use crate::environments::Tool;
use crate::error::Error;
use crate::files;
use crate::mounts;
use actix_web::web::Data;
use atelier_api::channel::{Bootstrap, FOLDER};
use atelier_api::session::{EndCause, Failure, StepName};
use atelier_sandbox::{ContainerSpec, Identity, ImageId, Limits, State, VolumeMount};
use diesel::prelude::*;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Connections that the agent keeps waiting for streams.
const POOL: usize = 16;
const REPORT_EVERY_MS: u64 = 3_000;
/// Processes and threads: a dozen kernels with their thread pools, but no fork bomb.
const PIDS: u32 = 4096;
const MIB: u64 = 1 << 20;
/// The CA certificates' name in the container's channel folder.
const CERTIFICATES: &str = "ca-certificates.crt";

/// Why a start does not go on.
#[derive(Debug)]
pub enum Trouble {
    /// Docker or the database does not answer; the start goes on when it does.
    Later(String),
    /// Something else that we stand on does not answer, in words; the start goes on when it does.
    Waits(Failure),
    /// It will not work this way.
    Final(Failure),
}

impl From<atelier_sandbox::Error> for Trouble {
    fn from(error: atelier_sandbox::Error) -> Trouble {
        match error {
            atelier_sandbox::Error::Unreachable(_) => Trouble::Later(error.to_string()),
            other => Trouble::Final(end::refused(&other.to_string())),
        }
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Trouble {
        Trouble::Later(error.to_string())
    }
}

/// Does one start as far as it can be done now.
///
/// # Errors
/// If it has to wait for something; that is written down.
pub(super) async fn start(app: Data<App>, id: String, generation: i64) -> anyhow::Result<()> {
    let outcome = match Start::load(&app, &id, generation).await {
        Ok(Some(start)) => start.run().await,
        Ok(None) => return Ok(()),
        Err(error) => Err(error.into()),
    };
    match outcome {
        Ok(()) => Ok(()),
        Err(Trouble::Later(cause)) => {
            app.db.write(move |connection| status::waits_for_docker(connection, &id)).await?;
            Err(anyhow::anyhow!(cause))
        }
        Err(Trouble::Waits(failure)) => {
            let cause = failure.detail.clone();
            app.db.write(move |connection| status::waits(connection, &id, &failure)).await?;
            Err(anyhow::anyhow!(cause))
        }
        Err(Trouble::Final(failure)) => {
            app.metrics.starts.failed.inc();
            tracing::warn!(workload = id, code = failure.code, detail = failure.detail, "the start failed");
            app.db
                .write(move |connection| {
                    let cause = EndCause::StartFailed;
                    status::give_up(connection, &id, generation, cause, Some(&failure)).map(drop)
                })
                .await?;
            Ok(())
        }
    }
}

struct Start {
    app: Data<App>,
    workload: WorkloadRow,
    start: StartRow,
}

impl Start {
    /// `None` if the start is no longer wanted.
    async fn load(app: &Data<App>, id: &str, generation: i64) -> Result<Option<Start>, Error> {
        use schema::{workload_starts as starts, workloads};
        let key = id.to_owned();
        let found: Option<(WorkloadRow, StartRow)> = app
            .db
            .read(move |connection| {
                Ok(workloads::table
                    .inner_join(starts::table)
                    .filter(workloads::id.eq(&key))
                    .filter(workloads::generation.eq(generation))
                    .filter(starts::generation.eq(generation))
                    .select((WorkloadRow::as_select(), StartRow::as_select()))
                    .first(connection)
                    .optional()?)
            })
            .await?;
        Ok(found.map(|(workload, start)| Start { app: app.clone(), workload, start }))
    }

    async fn run(&self) -> Result<(), Trouble> {
        let app = &self.app;
        let agent = app.workloads.0.agent.path();
        let agent = agent.ok_or_else(|| Trouble::Final(failure("agent-missing", agent::MISSING)))?;
        let (environment, tool) = (&self.workload.environment_id, &self.workload.tool);
        let tool = app.environments.tool(environment, tool).ok_or_else(|| {
            let detail = format!("The environment {environment} with the tool {tool} is no longer offered.");
            Trouble::Final(failure("environment-build-failed", detail))
        })?;

        self.begin(StepName::Environment).await?;
        let cause = Some(self.start.asked_by.as_str());
        let image = app.environments.image(app, environment, cause).await.map_err(|failure| {
            match failure.code == status::DOCKER_AWAY {
                true => Trouble::Later(failure.detail),
                false => Trouble::Final(failure),
            }
        })?;
        self.end(StepName::Environment, Some(image.clone())).await?;

        self.begin(StepName::Data).await?;
        let data = mounts::ready(app, agent, &self.workload, &self.start).await?;
        self.end(StepName::Data, None).await?;
        let id = self.workload.id.clone();
        app.db.write(move |connection| status::goes_on(connection, &id)).await?;

        let _turn = app.workloads.0.turns.acquire().await.map_err(Error::internal)?;
        self.begin(StepName::Volumes).await?;
        let whose = (self.workload.project_id.as_str(), self.start.asked_by.as_str());
        let mut volumes = volumes::ready(app, agent, whose).await?;
        volumes.extend(data);
        files::begin_with_sample(app, &self.workload.project_id).await?;
        self.end(StepName::Volumes, None).await?;

        self.begin(StepName::Container).await?;
        self.bring_up(agent, tool, image, volumes).await
    }

    async fn bring_up(
        &self,
        agent: &Path,
        tool: Tool,
        image: ImageId,
        volumes: Vec<VolumeMount>,
    ) -> Result<(), Trouble> {
        let (app, id) = (&self.app, &self.workload.id);
        let not_made = |error: std::io::Error| {
            let detail = format!("The session's channel cannot be made: {error}. Tell an administrator.");
            Trouble::Final(failure("docker-refused", detail))
        };
        app.channels.open(id).await.map_err(not_made)?;
        let channel = app.channels.folder(id);
        let mut variables = self.certificates(&channel).await.map_err(not_made)?;
        variables.extend(python::install(channel.clone()).await.map_err(not_made)?);
        let _networks_stay = app.workloads.0.networks.read().await;
        let network = match app.workloads.has_firewall().await {
            true => {
                let (installation, pool) = (app.workloads.installation(), app.workloads.pool());
                Some(app.docker.ensure_network(installation, &self.workload.project_id, pool).await?)
            }
            false => None,
        };
        // What nobody writes to is not the session's use of the disk.
        let written = volumes.iter().filter(|volume| !volume.read_only);
        let folders = written.map(|volume| volume.target.clone().into()).collect();
        let spec = self.spec(agent, channel, image, volumes, network);
        self.open_bill().await?;
        let name = spec.identity.container_name();
        match app.docker.create(&spec).await {
            Ok(_) => {}
            // Made by a start that was cut off; perhaps it got further than that.
            Err(atelier_sandbox::Error::Conflict(_)) => match app.docker.inspect(&name).await?.state {
                State::Created => {}
                _ => return Ok(()),
            },
            // Removed since it was looked for; the next attempt makes it anew.
            Err(atelier_sandbox::Error::NotFound(cause)) => return Err(Trouble::Later(cause)),
            Err(error) => return Err(error.into()),
        }
        let bootstrap =
            self.bootstrap(tool, variables, folders).map_err(|error| Trouble::Later(error.to_string()))?;
        let asked = Moment::now();
        app.docker.start_with_bootstrap(&name, &bootstrap).await?;
        let done = Moment::now();
        let started_at = app.docker.inspect(&name).await?.started_at_ms.unwrap_or_else(now);
        let moment = Moment::now();
        let ago = (moment.boot_ms - asked.boot_ms, moment.boot_ms - done.boot_ms);
        let (key, generation) = (id.clone(), self.workload.generation);
        app.db
            .write(move |connection| {
                let container = ledger::container(&key, generation);
                ledger::began(connection, &container, started_at, ago, &moment)?;
                status::runs(connection, &key, generation, started_at)
            })
            .await?;
        tell(app, &self.workload.project_id, id);
        Ok(())
    }

    /// The bill is opened before there is anything to pay for.
    async fn open_bill(&self) -> Result<(), Error> {
        let (key, generation) = (self.workload.id.clone(), self.workload.generation);
        self.app.db.write(move |connection| ledger::open(connection, &key, generation, now())).await
    }

    /// Puts the host's CA certificates where the container sees them; gives the variables that say so.
    async fn certificates(&self, channel: &Path) -> std::io::Result<BTreeMap<String, String>> {
        let Some(file) = &self.app.config.ca_certificates else { return Ok(BTreeMap::new()) };
        tokio::fs::copy(file, channel.join(CERTIFICATES)).await?;
        let trust = ["SSL_CERT_FILE", "PIP_CERT", "REQUESTS_CA_BUNDLE"];
        Ok(trust.map(|name| (name.to_owned(), format!("{FOLDER}/{CERTIFICATES}"))).into())
    }

    fn spec(
        &self,
        agent: &Path,
        channel: PathBuf,
        image: ImageId,
        volumes: Vec<VolumeMount>,
        network: Option<String>,
    ) -> ContainerSpec {
        let memory_bytes = u64::try_from(self.start.memory_bytes).unwrap_or_default();
        ContainerSpec {
            identity: Identity {
                installation: self.app.workloads.installation().to_owned(),
                workload: self.workload.id.clone(),
                generation: self.workload.generation,
                kind: self.workload.kind.clone(),
            },
            image,
            limits: Limits {
                cpu_millis: u32::try_from(self.start.cpu_milli).unwrap_or(u32::MAX),
                memory_bytes,
                pids: PIDS,
                // Both count as memory: libraries that share arrays between processes need the first.
                shm_bytes: (memory_bytes / 2).max(64 * MIB),
                tmp_bytes: (memory_bytes / 2).max(64 * MIB),
            },
            volumes,
            agent: agent.to_owned(),
            channel,
            network,
            runtime: None,
        }
    }

    fn bootstrap(
        &self,
        tool: Tool,
        env: BTreeMap<String, String>,
        folders: Vec<PathBuf>,
    ) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&Bootstrap {
            generation: self.workload.generation,
            tool: atelier_api::channel::Tool {
                argv: tool.argv,
                env,
                cwd: tool.cwd,
                port: tool.port,
                ready_path: tool.ready_path,
                jupyter: tool.jupyter,
            },
            pool: POOL,
            report_every_ms: REPORT_EVERY_MS,
            folders,
            files: Some(volumes::WORK_FOLDER.into()),
            results: Some(volumes::RESULTS_FOLDER.into()),
        })
    }

    async fn begin(&self, step: StepName) -> Result<(), Error> {
        let (key, generation) = (self.workload.id.clone(), self.workload.generation);
        self.app.db.write(move |connection| status::step_began(connection, &key, generation, step)).await?;
        tell(&self.app, &self.workload.project_id, &self.workload.id);
        Ok(())
    }

    async fn end(&self, step: StepName, image: Option<ImageId>) -> Result<(), Error> {
        use schema::workload_starts as starts;
        let (key, generation) = (self.workload.id.clone(), self.workload.generation);
        self.app
            .db
            .write(move |connection| {
                if let Some(image) = &image {
                    diesel::update(starts::table.find((&key, generation)))
                        .set(starts::image.eq(&image.0))
                        .execute(connection)?;
                }
                status::step_ended(connection, &key, generation, step)
            })
            .await?;
        tell(&self.app, &self.workload.project_id, &self.workload.id);
        Ok(())
    }
}
