//! A draft becomes a version: merged with the newest one, by file.

use super::hide::without;
use super::resolve::{Resolver, Three};
use crate::access::Caller;
use crate::app::App;
use crate::data::{self, NewVersion, VersionRow};
use crate::db::{Connection, now, schema};
use crate::error::{Error, Result};
use crate::events::Change;
use crate::files::restrictions;
use crate::objects;
use crate::uploads::draft;
use crate::uploads::{Committer, Row};
use atelier_api::data::DataOrigin;
use atelier_api::draft::DraftSave;
use atelier_store::{Committed, Error as StoreError, Root};
use diesel::prelude::*;
use futures::stream;

/// Files that are named in the outcome.
const NAMED: usize = 100;

/// Who saves his or her draft.
#[derive(Clone)]
pub struct Saver {
    who: Committer,
    /// As files that are kept beside others are called.
    name: String,
}

impl Saver {
    pub fn of(who: Committer, caller: &Caller) -> Saver {
        Saver { who, name: caller.user.name.clone() }
    }

    /// The workload whose copy it is, for whoever saves it from outside.
    pub fn in_workload(mut self, id: &str) -> Saver {
        self.who.author.workload_id = Some(id.to_owned());
        self
    }
}

/// Makes a version of what the draft has changed and of the newest one. What both changed is put together where
/// that goes, else both are kept. No version is made if there is nothing new.
///
/// # Errors
/// Not found, if there is no draft.
pub async fn save(app: &App, saver: &Saver, message: &str) -> Result<DraftSave> {
    let message = match message.trim() {
        "" => automatic(app, saver).await?,
        message => message.to_owned(),
    };
    let outcome =
        draft::revise(app, &saver.who, async |_, row| attempt(app, saver, row, &message).await).await?;
    if outcome.version.is_some() {
        app.events.tell(Change::Files { project_id: saver.who.holder.project_id().to_owned() });
    }
    Ok(outcome)
}

/// `None`: somebody was quicker.
async fn attempt(app: &App, saver: &Saver, row: &Row, message: &str) -> Result<Option<DraftSave>> {
    let holder = saver.who.holder.clone();
    let newest = app.db.read(move |connection| data::latest(connection, &holder)).await?;
    let theirs = newest.as_ref().map_or(Ok(Root::empty()), |newest| objects::root(&newest.root))?;
    let (base, ours) = (row.base_root()?, row.root()?);
    let (at, store) = (now(), app.objects.of(saver.who.holder.project_id()).await?);
    // Not the one that the draft is sent in: its author may be one who may not read all of what it is merged with.
    let session = store.session([base, ours, theirs]).await?;
    let hidden = saver.who.holder.hidden();
    // What may not be read any more is not changed by this draft, whatever it had of it: it stays as it is.
    let base = without(&store, &session, base, hidden).await?.map_or(base, |made| made.root);
    let less = without(&store, &session, ours, hidden).await?;
    let ours = less.map_or(ours, |made| made.root);
    let three = Three { base, ours, theirs };
    let merged = session.merge(three.base, three.ours, three.theirs).await?;
    let resolver = Resolver { store: &store, session: &session, three, person: &saver.name, at };
    let resolved = resolver.resolve(&merged).await?;
    let changes = stream::iter(resolved.changes.into_iter().map(Ok::<_, StoreError>));
    let tree = session.commit(merged.root, changes).await?;
    let beside = resolved.kept.iter().filter_map(|kept| Some((kept.path.clone(), kept.beside.clone()?)));
    let beside = beside.collect();
    let mut outcome = DraftSave {
        at,
        version: None,
        merged_count: resolved.merged.len() as i64,
        kept_count: resolved.kept.len() as i64,
        merged: resolved.merged,
        kept: resolved.kept,
    };
    outcome.merged.truncate(NAMED);
    outcome.kept.truncate(NAMED);
    let (who, message) = (saver.who.clone(), message.to_owned());
    let onto = newest.map(|newest| newest.number);
    let merge = Merge { row: row.clone(), onto, theirs, tree, less, beside, outcome };
    app.db.admit(move |connection| merge.write(connection, &who, &message)).await
}

/// What was made of a draft and the newest version.
struct Merge {
    row: Row,
    onto: Option<i64>,
    theirs: Root,
    tree: Committed,
    /// The draft without what is hidden from its person, if it had any of that.
    less: Option<Committed>,
    /// Which files and folders are kept under another name, and which.
    beside: Vec<(String, String)>,
    outcome: DraftSave,
}

impl Merge {
    /// Writes the version and where the draft stands then, unless one of them is no longer what was merged.
    fn write(
        &self,
        connection: &mut Connection,
        who: &Committer,
        message: &str,
    ) -> Result<Option<DraftSave>> {
        let Merge { row, onto, theirs, tree, less, beside, outcome } = self;
        who.writable(connection)?;
        let newest: Option<VersionRow> = data::latest(connection, &who.holder)?;
        if newest.map(|newest| newest.number) != *onto {
            return Ok(None);
        }
        let (mut number, mut outcome) = (*onto, outcome.clone());
        if tree.root != *theirs {
            let new = NewVersion {
                parent: *onto,
                restored: None,
                root: &tree.root.to_string(),
                message,
                author: &who.author,
                origin: DataOrigin::Session,
                files: tree.totals.files.cast_signed(),
                bytes: tree.totals.bytes.cast_signed(),
                stored_bytes: row.stored_bytes,
                at: outcome.at,
            };
            number = Some(data::insert_version(connection, &who.holder, &new)?);
            outcome.version = number;
            for (path, name) in beside {
                restrictions::repeat(connection, who.holder.project_id(), path, name)?;
            }
        }
        let told = serde_json::to_string(&outcome).map_err(Error::internal)?;
        Ok(draft::saved(connection, row, less.as_ref(), number, &told)?.then_some(outcome))
    }
}

/// What is said of a version of which its author says nothing.
async fn automatic(app: &App, saver: &Saver) -> Result<String> {
    use schema::workloads;
    let Some(id) = saver.who.author.workload_id.clone() else { return Ok(String::new()) };
    let found = app.db.read(move |connection| {
        Ok(workloads::table.find(&id).select(workloads::name).first::<String>(connection).optional()?)
    });
    Ok(found.await?.map(|name| format!("Saved from the session {name}")).unwrap_or_default())
}
