use super::news::{News, news};
use super::read::{Opened, open, parts};
use super::seen::{Line, Seen, Writer};
use super::walk::{Looks, Top};
use crate::session::Session;
use crate::tree::FileInfo;
use crate::{Change, Committed, Error, Result, Root, TreePath};
use futures::TryStreamExt;
use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Groups of files that are read at once.
const AT_ONCE: usize = 3;
/// A file that changed so short ago may change again and look the same, in seconds.
const FRESH: i64 = 2;
/// Entries that are named as left out, at most.
const NAMED: usize = 100;

/// A folder of this machine that became a version.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The version.
    pub committed: Committed,
    /// Files that were read; the others looked as they did last time.
    pub read: u64,
    /// Links, devices and the like, which a version does not hold: the first hundred.
    pub left_out: Vec<TreePath>,
}

/// News, or a file that was opened and whether a folder has to make way for it.
enum Told {
    News(News),
    Opened(TreePath, Opened, bool),
}

impl Session {
    /// Makes a version of a folder of this machine: all that is in it, and nothing else. `seen` is a file where
    /// it is kept how files looked; if it is about `base`, only files that look different are read.
    pub async fn commit_folder(&self, base: Root, folder: &Path, seen: &Path) -> Result<Imported> {
        let top = Arc::new(Top::open(folder)?);
        let past = Seen::open(seen, base);
        let base = if past.is_some() { base } else { Root::empty() };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs() as i64;
        let writer = Writer::new(seen)?;
        let mut folding =
            Folding { session: self, top: top.clone(), now, writer, read: 0, left_out: Vec::new() };
        let view = self.store.view();
        let groups = news(top.clone(), past).map_ok(move |group| {
            let (top, view) = (top.clone(), view.clone());
            let read = move |news| match news {
                News::File(path, way) => {
                    Ok(open(&top, &path, &view)?.map(|file| Told::Opened(path, file, way)))
                }
                news => Ok(Some(Told::News(news))),
            };
            let read =
                move || group.into_iter().filter_map(|news| read(news).transpose()).collect::<Result<_>>();
            let read = tokio::task::spawn_blocking(read);
            async { read.await.map_err(Error::from).flatten() }
        });
        let groups = Box::pin(groups.try_buffered(AT_ONCE));
        let begun = (&mut folding, groups, VecDeque::<Change>::new());
        let changes = futures::stream::try_unfold(begun, |(folding, mut groups, mut ready)| async move {
            loop {
                if let Some(change) = ready.pop_front() {
                    return Ok(Some((change, (folding, groups, ready))));
                }
                let Some(group): Option<Vec<Told>> = groups.try_next().await? else { return Ok(None) };
                for told in group {
                    folding.fold(told, &mut ready).await?;
                }
            }
        });
        let committed = self.commit::<Error>(base, changes).await?;
        let Folding { writer, read, left_out, .. } = folding;
        tokio::task::spawn_blocking(move || writer.finish(committed.root)).await??;
        Ok(Imported { committed, read, left_out })
    }
}

/// Makes changes of what is told, and writes down how files look.
struct Folding<'a> {
    session: &'a Session,
    top: Arc<Top>,
    now: i64,
    writer: Writer,
    read: u64,
    left_out: Vec<TreePath>,
}

impl Folding<'_> {
    async fn fold(&mut self, told: Told, changes: &mut VecDeque<Change>) -> Result<()> {
        match told {
            Told::News(News::Same(line)) => self.writer.add(&line)?,
            Told::News(News::Gone(path)) => changes.push_back(Change::Remove(path)),
            Told::News(News::Other(path)) if self.left_out.len() < NAMED => self.left_out.push(path),
            Told::News(News::Other(_) | News::File(..)) => {}
            Told::News(News::Folder(path, way)) => {
                changes.extend(way.then(|| Change::Remove(path.clone())));
                changes.push_back(Change::Folder(path.clone()));
                self.writer.add(&Line { path, file: None })?;
            }
            Told::Opened(path, opened, way) => {
                let (looks, file) = self.take(&path, opened).await?;
                self.read += 1;
                changes.extend(way.then(|| Change::Remove(path.clone())));
                changes.push_back(Change::Put(path.clone(), file));
                let is_fresh = looks.changed.0.max(looks.modified.0) >= self.now - FRESH;
                let looks =
                    if is_fresh || file.content.bytes != looks.bytes { looks.unlike() } else { looks };
                self.writer.add(&Line { path, file: Some((looks, file)) })?;
            }
        }
        Ok(())
    }

    async fn take(&mut self, path: &TreePath, opened: Opened) -> Result<(Looks, FileInfo)> {
        match opened {
            Opened::Small(looks, file, chunk) => {
                if let Some(chunk) = chunk {
                    self.session.packer.add(chunk).await?;
                }
                Ok((looks, file))
            }
            Opened::Large(looks, file) => {
                let content = self.session.write(parts(self.top.clone(), path.clone(), file)).await?;
                Ok((looks, FileInfo { content, executable: looks.executable }))
            }
        }
    }
}
