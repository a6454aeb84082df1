use super::nodes::Nodes;
use super::pair::Pair;
use super::walk::Walk;
use super::{Entry, Info, Kind, NodeId, Root};
use crate::{Result, Store};

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
    /// Folders by path, with a slash at its end.
    stack: Vec<(String, Pair)>,
    /// Folders that are next, in both versions.
    next: Option<(String, NodeId, NodeId)>,
    /// A folder of one version alone is being told; whether it is the later one.
    alone: Option<(Walk<'a>, bool)>,
    /// The later entry, if a file took the place of a folder or the other way round.
    replaced: Option<(String, Entry)>,
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
                self.stack.push((prefix, Pair::new(&self.nodes, before, after).await?));
            }
            let Some((prefix, pair)) = self.stack.last_mut() else { return Ok(None) };
            let (before, after) = pair.unequal(&self.nodes).await?;
            let name = before.as_ref().or(after.as_ref()).map(|entry| entry.name.clone());
            let Some(name) = name else {
                self.stack.pop();
                continue;
            };
            let path = format!("{prefix}{name}");
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
