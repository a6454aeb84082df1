use super::pack::Pack;
use super::pins::Pinned;
use super::squeeze::Squeezed;
use crate::format::pack::Row;
use crate::format::segment;
use crate::index::{Run, Spot};
use crate::objects::{Area, PackId};
use crate::tree::NodeId;
use crate::{Error, Result, Store};
use bytes::Bytes;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use uuid::Uuid;

/// After so many packs the index is written, so that an upload that breaks off does not begin from nothing.
const PACKS_PER_SEGMENT: usize = 8;

/// Fills packs and writes them, then the index of them.
pub(crate) struct Packer {
    store: Store,
    pinned: Arc<Pinned>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    open: Pack,
    /// Nodes that are not in the index, to be read back while the tree grows: where they will be, and their
    /// bodies until they are there.
    nodes: HashMap<NodeId, (Spot, Option<Bytes>)>,
    writing: JoinSet<Result<(PackId, Vec<Row>)>>,
    written: Vec<(PackId, Vec<Row>)>,
    /// Packs that are on disk and in the index.
    listed: Vec<PackId>,
    /// What was written since the beginning, in bytes.
    stored: u64,
    failed: Option<Error>,
}

impl Packer {
    pub(crate) fn new(store: Store, pinned: Arc<Pinned>) -> Self {
        Self { store, pinned, state: Mutex::default() }
    }

    /// Adds a chunk, unless it is there already. Waits while too many packs are on their way.
    pub(crate) async fn add(&self, chunk: Squeezed) -> Result<()> {
        let mut state = self.state.lock().await;
        if self.pinned.insert(&chunk.row.key, chunk.row.plain)
            && let Some(body) = chunk.body
        {
            state.open.add(chunk.row, body);
            self.close_if_full(&mut state).await?;
        }
        Ok(())
    }

    /// Adds a node of a tree.
    pub(crate) async fn add_node(&self, plain: Vec<u8>) -> Result<NodeId> {
        let plain = Bytes::from(plain);
        let (id, node) = Squeezed::node(plain.clone(), &self.store.view());
        let mut state = self.state.lock().await;
        if id != crate::Root::empty().0
            && self.pinned.insert(&id.0, node.row.plain)
            && let Some(body) = node.body
        {
            self.store.keep(id.0, plain);
            let spot = state.open.add(node.row, body.clone());
            state.nodes.insert(id, (spot, Some(body)));
            self.close_if_full(&mut state).await?;
        }
        Ok(id)
    }

    /// A node that was added and is not yet in the index.
    pub(crate) async fn node(&self, id: &NodeId) -> Result<Option<Bytes>> {
        let found = self.state.lock().await.nodes.get(id).cloned();
        let Some((spot, body)) = found else { return Ok(None) };
        let body = match body {
            Some(body) => body,
            None => self.store.body(spot).await?,
        };
        crate::store::plain(body, &spot).map(Some)
    }

    /// Bytes written to packs so far.
    pub(crate) async fn stored(&self) -> u64 {
        self.state.lock().await.stored
    }

    /// The packs that are on disk and in the index.
    pub(crate) async fn listed(&self) -> Vec<PackId> {
        self.state.lock().await.listed.clone()
    }

    /// All that was added is on disk and in the index after this.
    pub(crate) async fn finish(&self) -> Result<()> {
        let mut state = self.state.lock().await;
        self.close(&mut state).await?;
        while !state.writing.is_empty() {
            state.landed().await?;
        }
        self.list(&mut state).await
    }

    async fn close_if_full(&self, state: &mut State) -> Result<()> {
        if state.open.bytes < self.store.0.options.pack_bytes {
            return Ok(());
        }
        self.close(state).await?;
        if state.written.len() >= PACKS_PER_SEGMENT {
            self.list(state).await?;
        }
        Ok(())
    }

    async fn close(&self, state: &mut State) -> Result<()> {
        if let Some(error) = &state.failed {
            return Err(error.clone());
        }
        if state.open.rows.is_empty() {
            return Ok(());
        }
        while state.writing.len() >= self.store.0.options.uploads {
            state.landed().await?;
        }
        let pack = std::mem::take(&mut state.open);
        state.stored += pack.bytes as u64;
        let objects = self.store.0.objects.clone();
        let id = pack.id;
        self.pinned.add_pack(id);
        state.writing.spawn(async move {
            let (payload, rows) = pack.close();
            objects.create(Area::Packs, &id.to_string(), payload).await?;
            Ok((id, rows))
        });
        Ok(())
    }

    /// Writes the index of what was written.
    async fn list(&self, state: &mut State) -> Result<()> {
        if state.written.is_empty() {
            return Ok(());
        }
        let run = Arc::new(Run::of(state.written.iter().cloned()));
        let name = Uuid::now_v7().simple().to_string();
        let bytes = segment::encode(&run);
        self.store.0.objects.create(Area::Index, &name, bytes.into()).await?;
        self.store.set_view(async |view| Ok(view.with(name, run))).await?;
        for (pack, rows) in std::mem::take(&mut state.written) {
            state.listed.push(pack);
            for row in rows.iter().filter(|row| row.is_node) {
                state.nodes.remove(&NodeId(row.key));
            }
        }
        Ok(())
    }
}

impl State {
    /// Waits for a pack that is on its way.
    async fn landed(&mut self) -> Result<()> {
        let Some(landed) = self.writing.join_next().await else { return Ok(()) };
        match landed.map_err(Error::from).flatten() {
            Ok((pack, rows)) => {
                for row in rows.iter().filter(|row| row.is_node) {
                    if let Some((_, body)) = self.nodes.get_mut(&NodeId(row.key)) {
                        *body = None;
                    }
                }
                self.written.push((pack, rows));
                Ok(())
            }
            // What was in it is lost to this session for good.
            Err(error) => {
                self.failed = Some(error.clone());
                Err(error)
            }
        }
    }
}
