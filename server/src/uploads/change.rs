//! What an author does to an upload.

use super::frames::Frames;
use super::sessions::Sending;
use super::{Committer, Row, rows, stream};
use crate::app::App;
use crate::data::Hidden;
use crate::db::Connection;
use crate::error::{Error, Result};
use crate::storage::{self, Room};
use actix_web::web;
use atelier_api::upload::{PutFiles, SentFile};
use atelier_store::{Change, ChunkId, Error as StoreError, FileInfo, TreePath};
use bytes::Bytes;
use futures::{Stream, TryStreamExt, stream as streams};
use std::collections::HashSet;
use std::sync::Arc;

/// Bytes of chunks that are hashed and packed together, at least.
const GROUP: usize = 1 << 20;
/// Bytes of a body after which it is asked whether there is still room.
const LOOK: usize = 16 << 20;
/// How often a change is made anew because another server changed the same upload.
const TRIES: usize = 5;

/// Which of these chunks must be sent.
pub async fn lacking(app: &App, who: &Committer, id: &str, chunks: &[String]) -> Result<Vec<String>> {
    let (sending, _) = open(app, who, id).await?;
    let chunks = ids(chunks)?;
    let lacking = sending.session.lacking(&chunks).await;
    let lacking = lacking.map_err(|error| app.uploads.heard(id, error))?;
    Ok(lacking.iter().map(ToString::to_string).collect())
}

/// Takes chunks as they come. What came before a fault is taken.
pub async fn chunks(app: web::Data<App>, who: &Committer, id: &str, body: web::Payload) -> Result<()> {
    let (sending, _) = open(&app, who, id).await?;
    let mut frames = Frames::of(Box::pin(stream::counted(app.clone(), body)));
    loop {
        let (mut group, mut bytes) = (Vec::new(), 0);
        while bytes < GROUP
            && let Some(chunk) = frames.next().await?
        {
            bytes += chunk.1.len();
            group.push(chunk);
        }
        if group.is_empty() {
            return Ok(());
        }
        sending.put(&app, group).await.map_err(|error| app.uploads.heard(id, error))?;
    }
}

/// Takes files away, then puts files that are made of chunks which were sent.
pub async fn files(app: &App, who: &Committer, id: &str, files: PutFiles) -> Result<Row> {
    let (sending, _) = open(app, who, id).await?;
    let changes = changes(&sending, files).await.map_err(|error| app.uploads.heard(id, error))?;
    apply(app, who, id, sending, changes).await
}

/// Puts one file, whose bytes come as a body of any length.
pub async fn file(
    app: web::Data<App>,
    who: &Committer,
    id: &str,
    sent: &SentFile,
    body: web::Payload,
) -> Result<Row> {
    let path = TreePath::new(&sent.path)?;
    let (sending, room) = open(&app, who, id).await?;
    let body = within(sending.clone(), room, stream::body(&app, body));
    let written = sending.session.write(body).await;
    let content = written.map_err(|error: Error| app.uploads.heard(id, error))?;
    let executable = sent.executable.unwrap_or_default();
    let change = Change::Put(path, FileInfo { content, executable });
    apply(&app, who, id, sending, vec![change]).await
}

/// Gives an upload up.
pub async fn cancel(app: &App, who: Committer, id: String) -> Result<()> {
    app.uploads.forget(&id);
    app.db.write(move |connection| rows::cancel(connection, &who, &id)).await
}

/// The session of an upload, and how much may be stored. Not if it has stored more already: who sends and never
/// commits must not fill the disk.
async fn open(app: &App, who: &Committer, id: &str) -> Result<(Arc<Sending>, Option<Room>)> {
    let (asks, upload) = (who.clone(), id.to_owned());
    let look = move |connection: &mut Connection| {
        let (row, late) = rows::going_on(connection, &asks, &upload)?;
        Ok((row, late, storage::room(connection, asks.holder.project_id())?))
    };
    let (row, late, room) = app.db.read(look).await?;
    if !row.draft {
        who.holder.is_whole()?;
    }
    if late {
        let row = row.clone();
        app.db.write(move |connection| rows::put_off(connection, &row)).await?;
    }
    let sending = app.uploads.session(app, who, &row).await?;
    if let Some(room) = room {
        room.beside(sending.untold().await)?;
    }
    Ok((sending, room))
}

/// Breaks a body off that stores more than there is room for. What is stored already costs nothing, so its length
/// says nothing of that.
fn within(
    sending: Arc<Sending>,
    room: Option<Room>,
    body: impl Stream<Item = Result<Bytes>> + Send,
) -> impl Stream<Item = Result<Bytes>> + Send {
    let mut passed = 0;
    body.and_then(move |piece| {
        passed += piece.len();
        let look = room.filter(|_| passed >= LOOK);
        if look.is_some() {
            passed = 0;
        }
        let sending = sending.clone();
        async move {
            if let Some(room) = look {
                room.beside(sending.untold().await)?;
            }
            Ok(piece)
        }
    })
}

/// All chunks that are lacking are named at once.
async fn changes(sending: &Sending, files: PutFiles) -> Result<Vec<Change>> {
    let mut changes = Vec::new();
    for path in &files.remove {
        changes.push(Change::Remove(TreePath::new(path)?));
    }
    let mut lacking = Vec::new();
    for file in &files.put {
        let path = TreePath::new(&file.path)?;
        match sending.session.content(ids(&file.chunks)?).await {
            Ok(content) => {
                changes.push(Change::Put(path, FileInfo { content, executable: file.executable }));
            }
            Err(StoreError::Lacking(chunks)) => lacking.extend(chunks),
            Err(error) => return Err(error.into()),
        }
    }
    if lacking.is_empty() {
        return Ok(changes);
    }
    let mut named = HashSet::new();
    lacking.retain(|chunk| named.insert(*chunk));
    Err(StoreError::Lacking(lacking).into())
}

/// Applies changes to the tree of an upload as it is now: what another request put there meanwhile stays.
async fn apply(
    app: &App,
    who: &Committer,
    id: &str,
    begun: Arc<Sending>,
    changes: Vec<Change>,
) -> Result<Row> {
    let changes = possible(who.holder.hidden(), changes)?;
    // What the changes are made of is kept by the session in which it was sent, whichever is used below.
    let mut sending = begun.clone();
    for _ in 0..TRIES {
        let turn = sending.turn.lock().await;
        let (asks, upload) = (who.clone(), id.to_owned());
        let row = app.db.read(move |connection| rows::get(connection, &asks, &upload)).await?;
        let steps = streams::iter(changes.iter().cloned().map(Ok::<_, StoreError>));
        let committed = match sending.session.commit(row.root()?, steps).await {
            // Another server has moved it to a tree that this session does not know.
            Err(StoreError::NotReadable(_)) => None,
            committed => Some(committed.map_err(|error| app.uploads.heard(id, error))?),
        };
        if let Some(committed) = committed {
            let stored = sending.newly_stored(committed.stored);
            let (asks, upload) = (who.clone(), id.to_owned());
            let advance = move |connection: &mut Connection| {
                if !rows::advance(connection, &row, &committed, stored)? {
                    return Ok(None);
                }
                rows::get(connection, &asks, &upload).map(Some)
            };
            if let Some(row) = app.db.write(advance).await? {
                sending.tell_packs(app).await?;
                return Ok(row);
            }
        }
        drop(turn);
        app.uploads.forget(id);
        (sending, _) = open(app, who, id).await?;
    }
    Err(Error::conflict("upload-busy", "Another request changes this upload all the time. Try again."))
}

/// What may not be read is not there: to take it away is no fault, and does nothing.
///
/// # Errors
/// If something is put there.
fn possible(hidden: &Hidden, mut changes: Vec<Change>) -> Result<Vec<Change>> {
    let is_hidden = |change: &Change| hidden.covers(change.path().as_str());
    changes.retain(|change| !matches!(change, Change::Remove(_)) || !is_hidden(change));
    match changes.iter().find(|change| is_hidden(change)) {
        Some(change) => {
            Err(Error::invalid_field("path", format!("`{}` is not yours to write to", change.path())))
        }
        None => Ok(changes),
    }
}

fn ids(hashes: &[String]) -> Result<Vec<ChunkId>> {
    let wrong = |_| Error::invalid_field("chunks", "must be 64 hexadecimal digits each");
    hashes.iter().map(|hash| hash.parse().map_err(wrong)).collect()
}
