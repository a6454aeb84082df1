//! What became of a version on two ways, by file. A folder is looked at only if both ways changed it; what one of
//! them alone changed is taken as a whole.

use super::apply::Wanted;
use super::nodes::Nodes;
use super::pair::{Pair, Unequal};
use super::{Entry, Folder, Kind, NodeId, Root};
use crate::Result;

/// What has to be done to `theirs` so that it holds what changed in `ours` too.
pub(crate) enum Step {
    /// What is at this path makes way for this.
    Replace(String, Wanted),
    /// Both changed what is at this path, each in another way.
    Conflict(String),
}

/// The steps, in the order of a walk; a folder that nothing is left in goes after what was in it.
pub(crate) struct Merge<'a> {
    nodes: Nodes<'a>,
    stack: Vec<Level>,
}

/// A folder that both changed.
struct Level {
    /// Its path; empty at the top.
    path: String,
    ours: Side,
    theirs: Side,
    /// Whether ours has no such folder, so that it goes if theirs put nothing into it.
    goes: bool,
    /// Whether something in it stays for certain.
    stays: bool,
}

/// What one of them changed in a folder.
struct Side {
    pair: Pair,
    next: Option<Unequal>,
}

/// A folder in three versions; none where it is not there.
#[derive(Clone, Copy)]
struct Three {
    base: Option<Folder>,
    ours: Option<Folder>,
    theirs: Option<Folder>,
}

impl<'a> Merge<'a> {
    pub(crate) async fn new(nodes: Nodes<'a>, base: Root, ours: Root, theirs: Root) -> Result<Self> {
        let (base, ours, theirs) = (base.0, ours.0, theirs.0);
        let top = Level {
            path: String::new(),
            ours: Side::new(&nodes, base, ours).await?,
            theirs: Side::new(&nodes, base, theirs).await?,
            goes: false,
            stays: true,
        };
        Ok(Self { nodes, stack: vec![top] })
    }

    pub(crate) async fn next(&mut self) -> Result<Option<Step>> {
        while let Some(level) = self.stack.last_mut() {
            let ours = level.ours.name(&self.nodes).await?;
            let theirs = level.theirs.name(&self.nodes).await?;
            let Some(name) = [ours, theirs].into_iter().flatten().min().map(Box::<str>::from) else {
                if let Some(step) = self.leave() {
                    return Ok(Some(step));
                }
                continue;
            };
            let path =
                if level.path.is_empty() { name.to_string() } else { format!("{}/{name}", level.path) };
            let (ours, theirs) = (level.ours.take(&name), level.theirs.take(&name));
            if let Some(step) = self.decide(path, ours, theirs).await? {
                return Ok(Some(step));
            }
        }
        Ok(None)
    }

    /// What is left to do when all in a folder was looked at.
    fn leave(&mut self) -> Option<Step> {
        let left = self.stack.pop()?;
        if left.goes && !left.stays {
            return Some(Step::Replace(left.path, Wanted::Nothing));
        }
        self.stays(left.goes);
        None
    }

    fn stays(&mut self, stays: bool) {
        if let Some(level) = self.stack.last_mut() {
            level.stays |= stays;
        }
    }

    async fn decide(
        &mut self,
        path: String,
        ours: Option<Unequal>,
        theirs: Option<Unequal>,
    ) -> Result<Option<Step>> {
        let (base, ours, theirs) = match (ours, theirs) {
            (Some((_, ours)), None) => return Ok(Some(take(path, kind(ours)))),
            (None, theirs) => {
                self.stays(theirs.is_some_and(|(_, theirs)| theirs.is_some()));
                return Ok(None);
            }
            (Some((base, ours)), Some((_, theirs))) => (kind(base), kind(ours), kind(theirs)),
        };
        if let Some(three) = Three::of(base, ours, theirs) {
            if ours != theirs {
                self.enter(path, three).await?;
            }
            return Ok(None);
        }
        self.stays(theirs.is_some());
        Ok(match (base, ours, theirs) {
            _ if ours == theirs => None,
            (Some(Kind::File(_)), Some(Kind::File(_)), None)
            | (Some(Kind::File(_)), None, Some(Kind::File(_))) => Some(Step::Conflict(path)),
            // Both removed what was there; one has put something in its place.
            (_, ours @ Some(_), None) => Some(take(path, ours)),
            (_, None, _) => None,
            (_, Some(_), Some(_)) => Some(Step::Conflict(path)),
        })
    }

    async fn enter(&mut self, path: String, three: Three) -> Result<()> {
        let node = |folder: Option<Folder>| folder.map_or(Root::empty().0, |folder| folder.node);
        let base = node(three.base);
        self.stack.push(Level {
            path,
            ours: Side::new(&self.nodes, base, node(three.ours)).await?,
            theirs: Side::new(&self.nodes, base, node(three.theirs)).await?,
            goes: three.ours.is_none(),
            stays: false,
        });
        Ok(())
    }
}

impl Three {
    /// If it is one that both changed within, or one of them did while the other removed it.
    fn of(base: Option<Kind>, ours: Option<Kind>, theirs: Option<Kind>) -> Option<Self> {
        let folder = |kind| match kind {
            Some(Kind::Folder(folder)) => Some(folder),
            _ => None,
        };
        let three = Self { base: folder(base), ours: folder(ours), theirs: folder(theirs) };
        match (three.base.is_some(), ours, theirs) {
            (_, Some(Kind::Folder(_)), Some(Kind::Folder(_)))
            | (true, Some(Kind::Folder(_)), None)
            | (true, None, Some(Kind::Folder(_))) => Some(three),
            _ => None,
        }
    }
}

impl Side {
    async fn new(nodes: &Nodes<'_>, base: NodeId, changed: NodeId) -> Result<Self> {
        Ok(Self { pair: Pair::new(nodes, base, changed).await?, next: None })
    }

    /// The name of what comes next.
    async fn name(&mut self, nodes: &Nodes<'_>) -> Result<Option<&str>> {
        if self.next.is_none() {
            self.next = Some(self.pair.unequal(nodes).await?);
        }
        let entry = self.next.as_ref().and_then(|(before, after)| before.as_ref().or(after.as_ref()));
        Ok(entry.map(|entry| &*entry.name))
    }

    /// What comes next, if it has this name.
    fn take(&mut self, name: &str) -> Option<Unequal> {
        let is = |entry: &Option<Entry>| entry.as_ref().is_some_and(|entry| *entry.name == *name);
        self.next.take_if(|(before, after)| is(before) || is(after))
    }
}

fn kind(entry: Option<Entry>) -> Option<Kind> {
    entry.map(|entry| entry.kind)
}

fn take(path: String, kind: Option<Kind>) -> Step {
    let wanted = match kind {
        None => Wanted::Nothing,
        Some(Kind::File(file)) => Wanted::File(file),
        Some(Kind::Folder(folder)) => Wanted::Tree(folder),
    };
    Step::Replace(path, wanted)
}
