use super::seen::{Line, Seen};
use super::walk::{Met, Top, Walk};
use crate::{Error, Result, TreePath};
use futures::Stream;
use std::cmp::Ordering;
use std::sync::Arc;
use tokio::sync::mpsc;

/// Entries that go from one thread to the next together.
const GROUP: usize = 256;
/// Groups that wait.
const WAITING: usize = 4;

/// What a folder says of a path, compared with its past.
pub(super) enum News {
    Same(Line),
    Gone(TreePath),
    /// Whether a file has to make way first.
    Folder(TreePath, bool),
    /// Whether a folder has to make way first.
    File(TreePath, bool),
    /// What a version does not hold.
    Other(TreePath),
}

/// Compares a folder with its past on a thread of its own.
pub(super) fn news(top: Arc<Top>, past: Option<Seen>) -> impl Stream<Item = Result<Vec<News>>> {
    let (sender, receiver) = mpsc::channel(WAITING);
    tokio::task::spawn_blocking(move || {
        let mut group = Vec::with_capacity(GROUP);
        let told = compare(&top, past, |news| {
            group.push(news);
            match group.len() < GROUP {
                true => Ok(()),
                // Nobody listens any more when the commit has failed.
                false => sender.blocking_send(Ok(std::mem::take(&mut group))).map_err(|_| Error::Stopped),
            }
        });
        // The same: then nobody misses it.
        sender.blocking_send(told.map(|()| group)).ok();
    });
    futures::stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|group| (group, receiver))
    })
}

fn compare(top: &Top, mut past: Option<Seen>, mut tell: impl FnMut(News) -> Result<()>) -> Result<()> {
    let mut walk = Walk::new(top)?;
    let mut next = || match &mut past {
        Some(seen) => seen.next().map_err(|error| top.fault("what was seen last", error)),
        None => Ok(None),
    };
    let mut old = next()?;
    while let Some((path, met)) = walk.next()? {
        while let Some(gone) = old.take_if(|line| order(&line.path, &path).is_lt()) {
            tell(News::Gone(gone.path))?;
            old = next()?;
        }
        let was = old.take_if(|line| line.path == path);
        if was.is_some() {
            old = next()?;
        }
        let (is_there, was_file) = (was.is_some(), was.as_ref().is_some_and(|line| line.file.is_some()));
        let news = match (met, was) {
            (Met::Folder, Some(line)) if !was_file => News::Same(line),
            (Met::Folder, _) => News::Folder(path, is_there),
            (Met::File(looks), Some(line)) if line.file.is_some_and(|(past, _)| past == looks) => {
                News::Same(line)
            }
            (Met::File(_), _) => News::File(path, is_there && !was_file),
            (Met::Other, None) => News::Other(path),
            (Met::Other, Some(line)) => {
                tell(News::Other(path))?;
                News::Gone(line.path)
            }
        };
        tell(news)?;
    }
    while let Some(gone) = old {
        tell(News::Gone(gone.path))?;
        old = next()?;
    }
    Ok(())
}

/// The order of a walk.
fn order(one: &TreePath, other: &TreePath) -> Ordering {
    one.names().cmp(other.names())
}
