use super::cursor::Cursor;
use super::nodes::Nodes;
use super::{Entry, FileInfo, Kind, Root, Totals, cursor};
use crate::{Error, Result, Store, TreePath};
use std::ops::Bound;

/// What is at a path.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Info {
    /// A file.
    File(FileInfo),
    /// A folder and what it holds.
    Folder(Totals),
}

/// Some entries of a folder, in the order of their names' bytes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// Names and what they are.
    pub entries: Vec<(Box<str>, Info)>,
    /// Whether entries follow: ask for those after the last name.
    pub more: bool,
}

impl From<Kind> for Info {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::File(file) => Self::File(file),
            Kind::Folder(folder) => Self::Folder(folder.totals),
        }
    }
}

impl Store {
    /// What the whole version holds, read from its top node.
    pub async fn totals(&self, root: Root) -> Result<Totals> {
        Ok(Nodes::of(self).folder(root.0).await?.totals())
    }

    /// What is at a path of a version.
    pub async fn info(&self, root: Root, path: &TreePath) -> Result<Info> {
        Ok(lookup(&Nodes::of(self), root, path).await?.into())
    }

    /// The folder at a path as a version of its own.
    pub async fn folder(&self, root: Root, path: &TreePath) -> Result<Root> {
        match lookup(&Nodes::of(self), root, path).await? {
            Kind::Folder(folder) => Ok(Root(folder.node)),
            Kind::File(_) => Err(Error::Conflict { path: path.to_string(), is: "file" }),
        }
    }

    /// Up to `limit` entries of a folder (the top one without a path) whose names come after `after`.
    pub async fn list(
        &self,
        root: Root,
        folder: Option<&TreePath>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page> {
        let nodes = Nodes::of(self);
        let node = match folder {
            None => root.0,
            Some(path) => match lookup(&nodes, root, path).await? {
                Kind::Folder(folder) => folder.node,
                Kind::File(_) => return Err(Error::Conflict { path: path.to_string(), is: "file" }),
            },
        };
        let at = after.map_or(Bound::Unbounded, Bound::Excluded);
        let mut cursor = Cursor::after(&nodes, node, at).await?;
        let mut entries = Vec::new();
        while entries.len() < limit {
            match cursor.next(&nodes).await? {
                Some(Entry { name, kind }) => entries.push((name, kind.into())),
                None => break,
            }
        }
        Ok(Page { entries, more: cursor.peek().is_some() })
    }
}

pub(crate) async fn lookup(nodes: &Nodes<'_>, root: Root, path: &TreePath) -> Result<Kind> {
    let absent = || Error::NotFound { path: path.to_string() };
    let mut folder = root.0;
    let mut names = path.names().peekable();
    while let Some(name) = names.next() {
        let entry = cursor::find(nodes, folder, name).await?.ok_or_else(absent)?;
        match (entry.kind, names.peek()) {
            (kind, None) => return Ok(kind),
            (Kind::Folder(below), Some(_)) => folder = below.node,
            (Kind::File(_), Some(_)) => return Err(absent()),
        }
    }
    Err(absent())
}
