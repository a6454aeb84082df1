use super::cursor::Cursor;
use super::nodes::Nodes;
use super::{Info, Kind, NodeId, Root};
use crate::{Result, Store};

/// A file or folder of a version, and where it is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// Its path.
    pub path: String,
    /// What it is.
    pub info: Info,
}

/// All files and folders of a version, a folder before what is in it. It holds a node per level, no more.
pub struct Walk<'a> {
    nodes: Nodes<'a>,
    stack: Vec<(String, Cursor)>,
    next: Option<(String, NodeId)>,
}

impl Store {
    /// Walks through a version.
    pub fn walk(&self, root: Root) -> Walk<'_> {
        Walk::below(Nodes::of(self), String::new(), root.0)
    }
}

impl<'a> Walk<'a> {
    /// Walks through a folder whose entries' paths begin with `prefix`.
    pub(super) fn below(nodes: Nodes<'a>, prefix: String, node: NodeId) -> Self {
        Self { nodes, stack: Vec::new(), next: Some((prefix, node)) }
    }

    /// The folder whose entries come now, with a slash at its end; empty at the top.
    pub(crate) fn here(&self) -> &str {
        let next = self.next.as_ref().map(|(prefix, _)| prefix);
        next.or(self.stack.last().map(|(prefix, _)| prefix)).map_or("", String::as_str)
    }

    /// The next file or folder. After an error it goes on behind what could not be read.
    pub async fn next(&mut self) -> Result<Option<Found>> {
        if let Some((prefix, node)) = self.next.take() {
            self.stack.push((prefix, Cursor::first(&self.nodes, node).await?));
        }
        while let Some((prefix, cursor)) = self.stack.last_mut() {
            let Some(entry) = cursor.next(&self.nodes).await? else {
                self.stack.pop();
                continue;
            };
            let path = format!("{prefix}{}", entry.name);
            if let Kind::Folder(folder) = entry.kind {
                self.next = Some((format!("{path}/"), folder.node));
            }
            return Ok(Some(Found { path, info: entry.kind.into() }));
        }
        Ok(None)
    }
}
