use crate::format::head;
use crate::format::pack::{MAGIC, Row, tail};
use bytes::Bytes;
use object_store::PutPayload;

/// A pack that is being filled.
#[derive(Default)]
pub(crate) struct Pack {
    bodies: Vec<Bytes>,
    pub(crate) rows: Vec<Row>,
    pub(crate) bytes: usize,
}

impl Pack {
    pub(crate) fn add(&mut self, row: Row, body: Bytes) {
        self.bytes += body.len();
        self.rows.push(row);
        self.bodies.push(body);
    }

    /// The whole object, and its table.
    pub(crate) fn close(self) -> (PutPayload, Vec<Row>) {
        let tail = Bytes::from(tail(&self.rows));
        let head = Bytes::copy_from_slice(&head(MAGIC));
        let parts = std::iter::once(head).chain(self.bodies).chain([tail]);
        (parts.collect(), self.rows)
    }
}
