//! Drafts without what their person may not read any more. It was never sent back, and whatever was changed of it is no
//! version: it stays as others have it.

use crate::app::App;
use crate::data::Hidden;
use crate::db::Connection;
use crate::error::Result;
use crate::uploads::{Committer, draft};
use atelier_store::{Change, Committed, Error as StoreError, Root, Session, Store, TreePath};
use futures::stream;

/// Takes out of the person's draft what is hidden by now.
pub(super) async fn hide(app: &App, who: &Committer) -> Result<()> {
    let hidden = who.holder.hidden();
    if hidden.is_none() {
        return Ok(());
    }
    let store = app.objects.of(who.holder.project_id()).await?;
    draft::revise(app, who, async |session, row| {
        let (base, root) = (row.base_root()?, row.root()?);
        let without_it = without(&store, session, root, hidden).await?;
        let base_without = without(&store, session, base, hidden).await?.map_or(base, |made| made.root);
        let Some(to) = without_it else { return Ok(Some(())) };
        let row = row.clone();
        let advance = move |connection: &mut Connection| draft::advance(connection, &row, base_without, &to);
        Ok(app.db.write(advance).await?.then_some(()))
    })
    .await
}

/// A tree without what is hidden; none if nothing of it is in there.
pub(super) async fn without(
    store: &Store,
    session: &Session,
    root: Root,
    hidden: &Hidden,
) -> Result<Option<Committed>> {
    let mut there = Vec::new();
    for path in hidden.paths() {
        let path = TreePath::new(path)?;
        match store.info(root, &path).await {
            Ok(_) => there.push(Ok::<_, StoreError>(Change::Remove(path))),
            Err(StoreError::NotFound { .. } | StoreError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(if there.is_empty() { None } else { Some(session.commit(root, stream::iter(there)).await?) })
}
