//! The loop: look at Docker, read the rows, plan, act. Woken by whoever changed something, by Docker's
//! events, and every few seconds in any case.

use super::end::silent;
use super::plan::{Planned, Step, TOOL_PATIENCE_MS, plan};
use super::wanted::{self, Wanted};
use super::{collect, start, status, stop, sweep, tell};
use crate::app::App;
use crate::billing::{Moment, ledger};
use crate::db::now;
use crate::environments::{self, BUILD};
use crate::leases;
use crate::mounts::FILL;
use actix_web::web::Data;
use atelier_api::session::EndCause;
use atelier_sandbox::{Identity, Seen, State};
use futures::StreamExt;
use std::collections::HashMap;
use std::time::Duration;
use tokio::time::Instant;

/// Between two passes if nothing happens. Running containers are billed at each.
const EVERY: Duration = Duration::from_secs(5);
/// Between two passes if much happens.
const AT_LEAST: Duration = Duration::from_millis(100);
/// Between two tries to hear Docker's events.
const LISTEN_AGAIN: Duration = Duration::from_secs(5);

/// Runs until the server ends.
pub(super) async fn run(app: Data<App>) {
    let mut swept = Sweep::default();
    loop {
        match app.workloads.lease().fence() {
            Some(fence) => {
                app.metrics.reconciler.passes.inc();
                if let Err(error) = pass(&app, &mut swept, fence).await {
                    app.metrics.reconciler.failed.inc();
                    tracing::warn!(error = format!("{error:#}"), "a pass over the containers was cut short");
                }
            }
            None => {
                app.workloads.0.tasks.cut_all_short();
                if app.workloads.lease().is_anothers() {
                    // Agents that were heard here are heard there now.
                    app.channels.leave_all();
                }
                app.workloads.lease().gained().await;
                continue;
            }
        }
        tokio::time::sleep(AT_LEAST).await;
        tokio::time::timeout(EVERY, app.workloads.0.wake.notified()).await.ok();
    }
}

/// What is done less often than every pass.
#[derive(Default)]
struct Sweep {
    billed: Option<Instant>,
    swept: Option<Instant>,
    /// Docker did not answer at the last pass.
    away: bool,
}

impl Sweep {
    fn due(last: &mut Option<Instant>, every: Duration) -> bool {
        let due = last.is_none_or(|at| at.elapsed() >= every);
        if due {
            *last = Some(Instant::now());
        }
        due
    }
}

async fn pass(app: &Data<App>, done: &mut Sweep, fence: i64) -> anyhow::Result<()> {
    // What is seen to run ran at this moment, not when the answer was read.
    let asked = Moment::now();
    // First the containers, then the rows: see `plan`.
    let mut seen = match app.docker.list(app.workloads.installation()).await {
        Ok(seen) => seen,
        Err(error) => return docker_away(app, &error, done).await,
    };
    if std::mem::take(&mut done.away) {
        tracing::info!("Docker answers again");
        app.host.look(&app.docker).await?;
    }
    // Builds and what copies data look after their own containers; what earlier ones left goes like any stray.
    seen.retain(|container| {
        !container.identity.as_ref().is_some_and(|identity| match identity.kind.as_str() {
            BUILD => app.environments.is_at_work(&identity.workload, identity.generation),
            FILL => app.mounts.is_at_work(&identity.workload),
            _ => false,
        })
    });
    let ids: Vec<String> =
        seen.iter().filter_map(|container| Some(container.identity.as_ref()?.workload.clone())).collect();
    let mut wanted = app.db.read(move |connection| wanted::load(connection, &ids)).await?;
    for workload in &mut wanted {
        let since = app.workloads.0.listening_since;
        workload.tool_since = workload.tool_since.map(|tool| tool.max(since));
    }
    if Sweep::due(&mut done.billed, EVERY.mul_f32(0.9)) {
        bill(app, &wanted, &seen, asked, fence).await?;
    }
    listen_to_agents(app, &wanted, &seen).await;
    for workload in &wanted {
        app.workloads.0.tasks.cut_short_unless(&workload.id, workload.goal, workload.generation);
    }
    let plan = plan(&wanted, &seen, now());
    let mut wanted: HashMap<String, Wanted> = wanted.into_iter().map(|w| (w.id.clone(), w)).collect();
    for planned in plan {
        act(app, wanted.remove(&planned.key), planned);
    }
    if Sweep::due(&mut done.swept, sweep::EVERY) {
        let sweeper = app.clone();
        app.workloads.0.tasks.spawn("sweep", None, async move {
            if let Err(error) = sweep::sweep(&sweeper).await {
                tracing::warn!(error = format!("{error:#}"), "could not clean up; it is tried again");
            }
            false
        });
    }
    Ok(())
}

/// Nothing is concluded from silence: what ran is unknown, what should start waits.
async fn docker_away(app: &App, error: &atelier_sandbox::Error, done: &mut Sweep) -> anyhow::Result<()> {
    if !std::mem::replace(&mut done.away, true) {
        tracing::warn!(%error, "Docker does not answer; sessions are left alone");
    }
    app.host.forget();
    listen_without_docker(app).await?;
    for (project_id, id) in app.db.write(status::docker_away).await? {
        tell(app, &project_id, &id);
    }
    bill_by_agents(app).await
}

/// What runs on while Docker does not say so is billed by its agent's word.
async fn bill_by_agents(app: &App) -> anyhow::Result<()> {
    let open = app.db.read(ledger::open_containers).await?;
    let alive: Vec<(String, Moment)> = open
        .into_iter()
        .filter_map(|container| {
            let (id, generation) = container.rsplit_once('-')?;
            let (of, moment) = app.channels.seen(id)?;
            (of.to_string() == generation).then_some((container, moment))
        })
        .collect();
    app.db
        .write(move |connection| {
            alive.iter().try_for_each(|(container, moment)| ledger::still(connection, container, moment))
        })
        .await?;
    Ok(())
}

/// Bills what Docker said was running at `moment`. What is just being started is billed by its start, which knows best
/// when that was.
async fn bill(app: &App, wanted: &[Wanted], seen: &[Seen], moment: Moment, fence: i64) -> anyhow::Result<()> {
    let starting = |identity: &Identity| {
        let of = |w: &&Wanted| w.id == identity.workload && w.generation == identity.generation;
        wanted.iter().find(of).is_some_and(|workload| !workload.started)
    };
    let running: Vec<(String, i64)> = seen
        .iter()
        .filter(|container| matches!(container.state, State::Running | State::Paused))
        .filter_map(|container| {
            let identity = container.identity.as_ref().filter(|identity| !starting(identity))?;
            Some((ledger::container(&identity.workload, identity.generation), container.started_at_ms?))
        })
        .collect();
    if running.is_empty() {
        return Ok(());
    }
    let lease = app.workloads.lease().name();
    app.db
        .write(move |connection| {
            if !leases::is_current(connection, lease, fence)? {
                return Ok(());
            }
            running.iter().try_for_each(|(container, started_at)| {
                ledger::beat(connection, container, *started_at, &moment)
            })
        })
        .await?;
    Ok(())
}

/// After a restart of the server the agents find its sockets where the old ones were.
async fn listen_to_agents(app: &App, wanted: &[Wanted], seen: &[Seen]) {
    for container in seen.iter().filter(|container| container.state == State::Running) {
        let known = container.identity.as_ref().and_then(|identity| {
            wanted.iter().find(|w| w.id == identity.workload && w.generation == identity.generation)
        });
        if let Some(workload) = known
            && let Err(error) = app.channels.open(&workload.id).await
        {
            tracing::error!(workload = workload.id, %error, "could not open the workload's channel");
        }
    }
}

/// What runs goes on without Docker, and its agent speaks to a server that was started meanwhile.
async fn listen_without_docker(app: &App) -> anyhow::Result<()> {
    let open = app.db.read(|connection| wanted::load(connection, &[])).await?;
    for workload in open.into_iter().filter(|workload| workload.started && !workload.is_final()) {
        app.channels.open(&workload.id).await?;
    }
    Ok(())
}

/// Begins what was planned, unless something is being done to the workload already.
fn act(app: &Data<App>, workload: Option<Wanted>, planned: Planned) {
    let Planned { key, step } = planned;
    let towards = match (&step, &workload) {
        (Step::Start, Some(workload)) => Some((workload.goal, workload.generation)),
        _ => None,
    };
    let (owner, name) = (app.clone(), key.clone());
    app.workloads.0.tasks.spawn(&key, towards, async move {
        let outcome = match workload {
            Some(workload) => carry_out(owner, workload, step).await,
            None => put_away(owner, step).await,
        };
        if let Err(error) = &outcome {
            tracing::warn!(workload = name, error = format!("{error:#}"), "it is tried again");
        }
        outcome.is_ok()
    });
}

async fn carry_out(app: Data<App>, workload: Wanted, step: Step) -> anyhow::Result<()> {
    let Wanted { id, project_id, generation, goal, .. } = workload;
    let key = id.clone();
    match step {
        Step::Start => return start::start(app, id, generation).await,
        Step::Stop(container) => return stop::stop(app, *container, Some(project_id)).await,
        Step::Collect(container) => return collect::collect(app, *container).await,
        Step::StartOver(container) => return collect::start_over(app, *container).await,
        Step::Remove(container) => return collect::remove(app, *container).await,
        Step::NoteLost | Step::NoteEnded => return collect::note_end(app, id, generation, goal).await,
        Step::NoteRunning(started_at) => {
            app.db.write(move |connection| status::runs(connection, &key, generation, started_at)).await?;
        }
        Step::NoteUnknown => {
            app.db.write(move |connection| status::unknown(connection, &key, generation)).await?;
        }
        Step::GiveUp => {
            let failure = silent(TOOL_PATIENCE_MS / 1000);
            let cause = EndCause::StartFailed;
            app.metrics.starts.failed.inc();
            app.db
                .write(move |connection| {
                    status::give_up(connection, &key, generation, cause, Some(&failure)).map(drop)
                })
                .await?;
        }
    }
    tell(&app, &project_id, &id);
    Ok(())
}

/// What is done to a container that belongs to no workload.
async fn put_away(app: Data<App>, step: Step) -> anyhow::Result<()> {
    match step {
        Step::Stop(container) => stop::stop(app, *container, None).await,
        Step::Remove(container) => {
            tracing::warn!(container = container.name, "a container that belongs to nothing is removed");
            collect::remove(app, *container).await
        }
        _ => Ok(()),
    }
}

/// Looks as soon as another server has written down what somebody wants.
pub(super) async fn wake_from_elsewhere(app: Data<App>) {
    loop {
        app.events.woken_from_elsewhere().await;
        app.workloads.wake();
        if let Err(error) = environments::follow_others(&app).await {
            tracing::warn!(%error, "could not see which environments are wanted");
        }
    }
}

/// Looks as soon as Docker says that something happened. Events can be missed, so they are no more than
/// a reason to look.
pub(super) async fn wake_on_events(app: Data<App>) {
    loop {
        if let Ok(events) = app.docker.events(app.workloads.installation()).await {
            let mut events = std::pin::pin!(events);
            while let Some(Ok(_)) = events.next().await {
                app.workloads.wake();
            }
            // Docker has ended. It may set up the host's firewall anew: nothing gets a network until ours is.
            app.workloads.0.firewall.send_replace(None);
        }
        tokio::time::sleep(LISTEN_AGAIN).await;
    }
}
