use super::{NodeId, Root};
use crate::format::content::ListNode;
use crate::format::folder::FolderNode;
use crate::session::packer::Packer;
use crate::{Result, Store};
use bytes::Bytes;
use std::sync::LazyLock;

/// Where nodes are read from: the store, and before it what a session has written but not finished.
#[derive(Clone, Copy)]
pub(crate) struct Nodes<'a> {
    pub(crate) store: &'a Store,
    pub(crate) writing: Option<&'a Packer>,
}

impl<'a> Nodes<'a> {
    pub(crate) fn of(store: &'a Store) -> Self {
        Self { store, writing: None }
    }

    pub(crate) async fn bytes(&self, id: NodeId) -> Result<Bytes> {
        if id == EMPTY.0 {
            return Ok(Bytes::from_static(EMPTY_NODE));
        }
        if let Some(bytes) = self.store.cached(&id.0) {
            return Ok(bytes);
        }
        if let Some(packer) = self.writing
            && let Some(bytes) = packer.node(&id).await?
        {
            return Ok(bytes);
        }
        self.store.chunk(&id.0).await
    }

    pub(crate) async fn folder(&self, id: NodeId) -> Result<FolderNode> {
        FolderNode::decode(&self.bytes(id).await?, id)
    }

    pub(crate) async fn list(&self, id: NodeId) -> Result<ListNode> {
        ListNode::decode(&self.bytes(id).await?, id)
    }
}

/// The node of a folder with nothing in it, as [`FolderNode`] encodes it.
const EMPTY_NODE: &[u8] = &[1, b'D', 0, 0];
static EMPTY: LazyLock<Root> = LazyLock::new(|| Root(NodeId::of(EMPTY_NODE)));

impl Root {
    /// A version with nothing in it. It is kept nowhere, and can be read everywhere.
    pub fn empty() -> Self {
        *EMPTY
    }
}

#[cfg(test)]
#[test]
fn nothing_is_encoded_as_said() {
    assert_eq!(FolderNode::default().encode(), EMPTY_NODE);
}
