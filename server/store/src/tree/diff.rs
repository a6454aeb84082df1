use super::cursor::Cursor;
use super::nodes::Nodes;
use super::walk::Walk;
use super::{Entry, Info, Kind, NodeId, Root};
use crate::format::folder::Slot;
use crate::{Result, Store};
use std::cmp::Ordering;

/// A file or folder that is not the same in two versions. A folder is one only if it is in one version and not
/// in the other; what is in it follows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Its path.
    pub path: String,
    /// What it was.
    pub before: Option<Info>,
    /// What it is.
    pub after: Option<Info>,
}

/// What changed between two versions. Nodes that are equal are not read.
pub struct Diff<'a> {
    nodes: Nodes<'a>,
    stack: Vec<Pair>,
    /// Folders that are next, in both versions.
    next: Option<(String, NodeId, NodeId)>,
    /// A folder of one version alone is being told; whether it is the later one.
    alone: Option<(Walk<'a>, bool)>,
    /// The later entry, if a file took the place of a folder or the other way round.
    replaced: Option<(String, Entry)>,
}

struct Pair {
    prefix: String,
    before: Cursor,
    after: Cursor,
}

impl Store {
    /// What changed from one version to another.
    pub fn diff(&self, before: Root, after: Root) -> Diff<'_> {
        let next = (before != after).then(|| (String::new(), before.0, after.0));
        Diff { nodes: Nodes::of(self), stack: Vec::new(), next, alone: None, replaced: None }
    }
}

impl Diff<'_> {
    /// The next difference, in the order of a walk.
    pub async fn next(&mut self) -> Result<Option<Difference>> {
        loop {
            if let Some((walk, is_later)) = &mut self.alone {
                match walk.next().await? {
                    Some(found) => return Ok(Some(one_sided(found.path, found.info, *is_later))),
                    None => self.alone = None,
                }
            }
            if let Some((path, entry)) = self.replaced.take() {
                return Ok(Some(self.alone(path, entry, true)));
            }
            if let Some((prefix, before, after)) = self.next.take() {
                let before = Cursor::first(&self.nodes, before).await?;
                let after = Cursor::first(&self.nodes, after).await?;
                self.stack.push(Pair { prefix, before, after });
            }
            let Some(pair) = self.stack.last_mut() else { return Ok(None) };
            let (before, after) = pair.unequal(&self.nodes).await?;
            let name = before.as_ref().or(after.as_ref()).map(|entry| entry.name.clone());
            let Some(name) = name else {
                self.stack.pop();
                continue;
            };
            let path = format!("{}{name}", pair.prefix);
            if let Some(difference) = self.compare(path, before, after) {
                return Ok(Some(difference));
            }
        }
    }

    fn compare(&mut self, path: String, before: Option<Entry>, after: Option<Entry>) -> Option<Difference> {
        match (before, after) {
            (Some(before), Some(after)) => match (before.kind, after.kind) {
                (Kind::Folder(b), Kind::Folder(a)) => {
                    self.next = Some((format!("{path}/"), b.node, a.node));
                    None
                }
                (Kind::File(_), Kind::File(_)) => {
                    let (before, after) = (Some(before.kind.into()), Some(after.kind.into()));
                    Some(Difference { path, before, after })
                }
                _ => {
                    self.replaced = Some((path.clone(), after));
                    Some(self.alone(path, before, false))
                }
            },
            (Some(before), None) => Some(self.alone(path, before, false)),
            (None, Some(after)) => Some(self.alone(path, after, true)),
            (None, None) => None,
        }
    }

    /// What is in one version alone; what is below it is told next.
    fn alone(&mut self, path: String, entry: Entry, is_later: bool) -> Difference {
        if let Kind::Folder(folder) = entry.kind {
            self.alone = Some((Walk::below(self.nodes, format!("{path}/"), folder.node), is_later));
        }
        one_sided(path, entry.kind.into(), is_later)
    }
}

fn one_sided(path: String, info: Info, is_later: bool) -> Difference {
    let (before, after) = if is_later { (None, Some(info)) } else { (Some(info), None) };
    Difference { path, before, after }
}

impl Pair {
    /// The next entries of the same name that are not equal, or one alone; both absent at the end.
    async fn unequal(&mut self, nodes: &Nodes<'_>) -> Result<(Option<Entry>, Option<Entry>)> {
        loop {
            let order = match (self.before.peek(), self.after.peek()) {
                (None, None) => return Ok((None, None)),
                (before, after) if before == after => {
                    self.before.step();
                    self.after.step();
                    continue;
                }
                // Of two nodes the one that ends first is entered: the other may turn out equal to a later one.
                (Some(Slot::Branch(before)), Some(Slot::Branch(after))) => {
                    let order = before.last.cmp(&after.last);
                    if order.is_le() {
                        self.before.enter(nodes).await?;
                    }
                    if order.is_ge() {
                        self.after.enter(nodes).await?;
                    }
                    continue;
                }
                (Some(Slot::Branch(_)), _) => {
                    self.before.enter(nodes).await?;
                    continue;
                }
                (_, Some(Slot::Branch(_))) => {
                    self.after.enter(nodes).await?;
                    continue;
                }
                (Some(before), Some(after)) => before.name().cmp(after.name()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
            };
            let before = if order.is_le() { self.before.next(nodes).await? } else { None };
            let after = if order.is_ge() { self.after.next(nodes).await? } else { None };
            return Ok((before, after));
        }
    }
}
