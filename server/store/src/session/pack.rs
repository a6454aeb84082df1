use crate::format::head;
use crate::format::pack::{MAGIC, Row, tail};
use crate::index::Spot;
use crate::objects::PackId;
use bytes::Bytes;
use object_store::PutPayload;

/// Where the first body begins.
const HEAD_BYTES: usize = 8;

/// A pack that is being filled.
pub(crate) struct Pack {
    pub(crate) id: PackId,
    bodies: Vec<Bytes>,
    pub(crate) rows: Vec<Row>,
    /// Of the bodies.
    pub(crate) bytes: usize,
}

impl Default for Pack {
    fn default() -> Self {
        Self { id: PackId::new(), bodies: Vec::new(), rows: Vec::new(), bytes: 0 }
    }
}

impl Pack {
    /// Adds a chunk, and tells where it will be.
    pub(crate) fn add(&mut self, row: Row, body: Bytes) -> Spot {
        let offset = (HEAD_BYTES + self.bytes) as u32;
        self.bytes += body.len();
        self.rows.push(row);
        self.bodies.push(body);
        Spot { pack: self.id, offset, row }
    }

    /// The whole object, and its table.
    pub(crate) fn close(self) -> (PutPayload, Vec<Row>) {
        let tail = Bytes::from(tail(&self.rows));
        let head = Bytes::copy_from_slice(&head(MAGIC));
        let parts = std::iter::once(head).chain(self.bodies).chain([tail]);
        (parts.collect(), self.rows)
    }
}
