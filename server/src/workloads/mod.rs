//! Everything that runs in a container: what should run, what does, and the steps from one to the other.
//!
//! The rows say what should be, Docker says what is, [`plan`] says what to do next. Whatever is done is a
//! step that may be cut off anywhere: the next look at Docker goes on from there.

mod agent;
mod collect;
mod end;
mod firewall;
mod installation;
pub mod last_log;
mod latest;
mod plan;
mod python;
mod recent;
mod reconcile;
mod reports;
pub mod request;
mod rows;
mod sends;
mod start;
pub mod status;
mod stop;
mod sweep;
mod tasks;
mod volumes;
mod wanted;

#[cfg(test)]
mod tests;

pub use agent::{Agent, MISSING as AGENT_MISSING};
#[cfg(test)]
pub use end::End;
pub use end::failure;
pub use installation::id as installation_id;
pub use latest::Observed;
pub use rows::{SESSION, StartRow, StatusRow, WorkloadRow, alive_json};
pub use start::Trouble;
pub use status::DOCKER_AWAY;
pub use wanted::Goal;

use crate::app::App;
use crate::db::now;
use crate::events::Change;
use crate::leases::Lease;
use actix_web::web::Data;
use atelier_sandbox::Pool;
use latest::Latest;
use sends::Sends;
use std::path::Path;
use std::sync::Arc;
use tasks::Tasks;
use tokio::sync::{Notify, RwLock, Semaphore, watch};

/// Starts that Docker is asked for at the same time.
const AT_ONCE: usize = 4;

/// What the reconciler and those who wake it share.
#[derive(Clone)]
pub struct Workloads(Arc<Inner>);

struct Inner {
    installation: String,
    agent: Agent,
    pool: Pool,
    wake: Arc<Notify>,
    /// One server's reconciler acts at a time.
    lease: Lease,
    tasks: Tasks,
    latest: Latest,
    sends: Sends,
    /// Turns of starts at Docker. It serves a few soon, and a hundred at once each too late: calls are given up
    /// then, and starts begin anew.
    turns: Semaphore,
    /// Shared while a container is put on its project's network, alone while networks are removed.
    networks: RwLock<()>,
    /// Whether the host is closed to containers; without that they get no network. `None` until it was tried.
    firewall: watch::Sender<Option<bool>>,
    /// Since when this server hears the agents: nothing is concluded from earlier silence.
    listening_since: i64,
}

impl Workloads {
    pub fn new(installation: String, agent: Agent, pool: Pool, server: String) -> Workloads {
        let wake = Arc::new(Notify::new());
        Workloads(Arc::new(Inner {
            installation,
            agent,
            pool,
            lease: Lease::new("reconciler", server),
            tasks: Tasks::new(wake.clone()),
            wake,
            latest: Latest::default(),
            sends: Sends::default(),
            turns: Semaphore::new(AT_ONCE),
            networks: RwLock::default(),
            firewall: watch::Sender::new(None),
            listening_since: now(),
        }))
    }

    /// The label of everything on the Docker daemon that is ours.
    pub fn installation(&self) -> &str {
        &self.0.installation
    }

    /// The range that networks are cut from.
    pub fn pool(&self) -> &Pool {
        &self.0.pool
    }

    /// The agent's program on this host.
    pub fn agent_program(&self) -> Option<&Path> {
        self.0.agent.path()
    }

    /// Makes the reconciler look now. Call it after the change is committed.
    pub fn wake(&self) {
        self.0.wake.notify_one();
    }

    /// Held by the server that starts, stops and builds.
    pub fn lease(&self) -> &Lease {
        &self.0.lease
    }

    /// What the workload's agent reported last in this generation.
    pub fn observed(&self, id: &str, generation: i64) -> Option<Observed> {
        self.0.latest.of(id, generation)
    }

    /// Whether the host is closed to containers; waits for the first try to close it.
    pub async fn has_firewall(&self) -> bool {
        let mut firewall = self.0.firewall.subscribe();
        let known = firewall.wait_for(Option::is_some).await;
        known.is_ok_and(|set| *set == Some(true))
    }
}

/// Starts what works in the background until the server ends. The containers outlive it.
pub fn spawn(app: &Data<App>) {
    tokio::spawn(firewall::keep(app.clone()));
    tokio::spawn(app.workloads.lease().clone().keep(app.db.clone()));
    tokio::spawn(reconcile::run(app.clone()));
    tokio::spawn(reconcile::wake_from_elsewhere(app.clone()));
    tokio::spawn(reconcile::wake_on_events(app.clone()));
    if let Some(reports) = app.channels.reports() {
        tokio::spawn(reports::take(app.clone(), reports));
    }
}

/// Tells whoever looks that a workload is not as it was.
pub fn tell(app: &App, project_id: &str, id: &str) {
    app.events.tell(Change::Session { project_id: project_id.to_owned(), session_id: id.to_owned() });
}
