//! The step of a start that brings its data to the host.

use super::fill;
use super::given::{self, Given};
use super::place::{Limits, on_disk};
use super::room;
use super::rows::{self, GivenRow};
use super::volumes::{self, Tree};
use super::work::{FILL, Filling, Watched};
use crate::app::App;
use crate::error::{Error, Result};
use crate::objects;
use crate::workloads::{StartRow, Trouble, WorkloadRow, failure, tell};
use atelier_api::fill::{EXIT_CUT_OFF, EXIT_FULL, EXIT_UNFIT};
use atelier_api::session::{DataPlace, Failure};
use atelier_sandbox::{Fill, FillError, Identity, VolumeMount};
use atelier_store::Error as StoreError;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Between two times that the page is told how far it is.
const TELL: Duration = Duration::from_secs(1);

/// Exit codes of a program that was ended from outside.
const KILLED: i64 = 137;
const TERMINATED: i64 = 143;
/// The same, where Docker has not seen its end.
const UNKNOWN: i64 = 255;

/// Why a tree is not on the host.
enum Unready {
    Start(Trouble),
    /// It cannot be had; the rest can.
    This(DataPlace, Failure),
}

impl From<Trouble> for Unready {
    fn from(trouble: Trouble) -> Unready {
        Unready::Start(trouble)
    }
}

impl From<Error> for Unready {
    fn from(error: Error) -> Unready {
        Unready::Start(error.into())
    }
}

impl From<atelier_sandbox::Error> for Unready {
    fn from(error: atelier_sandbox::Error) -> Unready {
        Unready::Start(error.into())
    }
}

/// Finds out what data the start is given and brings it to the host, unless it is there. What was chosen must be had;
/// of what comes by itself, the start goes on without what cannot.
///
/// # Errors
/// If the start has to wait, or does not go on.
pub async fn ready(
    app: &App,
    agent: &Path,
    workload: &WorkloadRow,
    start: &StartRow,
) -> Result<Vec<VolumeMount>, Trouble> {
    let (of, asked_by) = (workload.clone(), start.asked_by.clone());
    let (policies, limits) = (app.policies.clone(), Limits::of(app));
    let Given { rows, chosen } = app
        .db
        .admit(move |connection| given::give(connection, &policies, &of, &asked_by, limits))
        .await?
        .map_err(Trouble::Final)?;
    let mounted: Vec<GivenRow> = rows.into_iter().filter(GivenRow::is_mounted).collect();
    let bytes = mounted.iter().fold(0_i64, |sum, row| sum.saturating_add(row.bytes));
    let watched = app.mounts.begin(&workload.id, bytes);
    let mut work = std::pin::pin!(all(app, agent, &workload.project_id, mounted, chosen, &watched));
    let mut tick = tokio::time::interval(TELL);
    let mut told = None;
    loop {
        tokio::select! {
            outcome = &mut work => return outcome,
            _ = tick.tick() => {
                let now = app.mounts.progress(&workload.id);
                if std::mem::replace(&mut told, now) != now {
                    tell(app, &workload.project_id, &workload.id);
                }
            }
        }
    }
}

async fn all(
    app: &App,
    agent: &Path,
    project_id: &str,
    given: Vec<GivenRow>,
    chosen: bool,
    watched: &Watched,
) -> Result<Vec<VolumeMount>, Trouble> {
    let mut mounts = Vec::new();
    for row in given {
        let tree = Tree { project_id: project_id.to_owned(), root: row.root.clone() };
        let filling = app.mounts.filling(&tree);
        let bytes = row.bytes;
        watched.at(&filling, bytes);
        match one(app, agent, &tree, on_disk(row.bytes, row.files), &filling).await {
            Ok(volume) => {
                let target = super::folder(&row.slug);
                mounts.push(VolumeMount { volume, target, read_only: true });
            }
            Err(Unready::This(place, why)) if !chosen => {
                tracing::warn!(
                    workload = row.workload_id,
                    dataset = row.slug,
                    detail = why.detail,
                    "a start goes on without data"
                );
                app.db.write(move |connection| rows::set_place(connection, &row, place)).await?;
            }
            Err(Unready::This(_, why)) => {
                let detail = format!("{} (version {}): {}", row.slug, row.number, why.detail);
                return Err(Trouble::Final(Failure { detail, ..why }));
            }
            Err(Unready::Start(trouble)) => return Err(trouble),
        }
        watched.done(bytes);
    }
    Ok(mounts)
}

/// The volume that holds all of the tree.
async fn one(
    app: &App,
    agent: &Path,
    tree: &Tree,
    bytes: i64,
    filling: &Arc<Filling>,
) -> Result<String, Unready> {
    let _alone = filling.alone.lock().await;
    let installation = app.workloads.installation();
    let wanted = tree.clone();
    if let Some(name) = app.db.write(move |connection| volumes::whole(connection, &wanted)).await?
        && app.docker.has_data_volume(installation, &name).await?
    {
        return Ok(name);
    }
    let _turn = app.mounts.turns().acquire().await.map_err(Error::internal)?;
    let no_room = |why| Unready::This(DataPlace::NoRoom, why);
    room::make(app, tree, bytes).await?.map_err(no_room)?;
    let name = volumes::new_name();
    let _at_work = app.mounts.works(&name);
    let (wanted, volume) = (tree.clone(), name.clone());
    app.db.write(move |connection| volumes::claim(connection, &wanted, &volume, bytes)).await?;
    tracing::info!(volume = name, root = tree.root, bytes, "data is copied to the host");
    let outcome = fill_new(app, agent, tree, &name, filling).await;
    if outcome.is_err() {
        let name = name.clone();
        app.db.write(move |connection| volumes::forget(connection, &name)).await?;
    }
    outcome?;
    let whole = name.clone();
    match app.db.write(move |connection| volumes::prepared(connection, &whole)).await? {
        true => Ok(name),
        // Another server has begun it anew.
        false => Err(Trouble::Later("the volume is another server's by now".to_owned()).into()),
    }
}

async fn fill_new(
    app: &App,
    agent: &Path,
    tree: &Tree,
    volume: &str,
    filling: &Arc<Filling>,
) -> Result<(), Unready> {
    let installation = app.workloads.installation();
    let store = app.objects.of(&tree.project_id).await.map_err(|error| waits(&error))?;
    let root = objects::root(&tree.root)?;
    app.docker.make_data_volume(installation, volume).await?;
    let identity = Identity {
        installation: installation.to_owned(),
        workload: volume.to_owned(),
        generation: 1,
        kind: FILL.to_owned(),
    };
    let bytes = fill::bytes(store, root, filling.clone());
    let fill = Fill { identity: &identity, agent, volume };
    match app.docker.fill(fill, bytes).await {
        Ok(()) => Ok(()),
        Err(FillError::Docker(error)) => Err(error.into()),
        Err(FillError::Source(error)) => Err(unread(error)),
        Err(FillError::Ended { code: EXIT_FULL, .. }) => {
            let detail = "The host's disk ran full while it was copied. Start it again with less data, or ask an \
                          administrator to free space.";
            Err(Unready::This(DataPlace::NoRoom, failure("data-no-room", detail)))
        }
        Err(FillError::Ended { code: EXIT_UNFIT, said }) => {
            let detail = format!(
                "It has a name that a folder on the host cannot hold ({said}). Read it through the API, or give it \
                 a shorter name in a new version."
            );
            Err(Unready::This(DataPlace::NotCopied, failure("data-not-copied", detail)))
        }
        // Docker or the host went down beneath it: that says nothing of the data.
        Err(FillError::Ended { code: code @ (EXIT_CUT_OFF | KILLED | TERMINATED | UNKNOWN), .. }) => {
            Err(Trouble::Later(format!("what copied data was ended with {code}")).into())
        }
        Err(FillError::Ended { code, said }) => {
            tracing::error!(volume, code, said, "data could not be copied to the host");
            let detail = format!(
                "It could not be copied to the host: {said}. Start it again; if it stays, show this to an \
                 administrator."
            );
            Err(Unready::This(DataPlace::NotCopied, failure("data-not-copied", detail)))
        }
    }
}

/// What the store's failure means for the start.
fn unread(error: StoreError) -> Unready {
    match error {
        StoreError::Damaged { .. } | StoreError::Missing(_) | StoreError::UnknownFormat { .. } => {
            tracing::error!(%error, "data cannot be copied to the host");
            let detail = "What is stored of it is damaged and not given out. Start with another version; an \
                          administrator sees by `atelier storage verify` what is damaged.";
            Unready::This(DataPlace::Damaged, failure("data-damaged", detail))
        }
        other => waits(&other.into()),
    }
}

fn waits(error: &Error) -> Unready {
    tracing::warn!(%error, "data cannot be read");
    let detail = "The storage of files does not answer, so the session's data cannot be copied. Nothing is lost: \
                  this goes on by itself as soon as it does. If it stays so, an administrator must look after the \
                  storage.";
    Unready::Start(Trouble::Waits(failure("storage-unavailable", detail)))
}
