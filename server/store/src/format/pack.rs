//! A pack: bodies of chunks one after the other, then a table of them, then a foot of fixed length that tells
//! where the table is. It describes itself, so that the index can be made anew from packs alone.

use super::wire::Wire;
use super::{Key, Magic};
use crate::{Error, Result};
use atelier_chunk::MAX_BYTES;

pub(crate) const MAGIC: &Magic = b"ATPACK\n";
/// Number of chunks (4 bytes), BLAKE3 of the table (32), [`MAGIC`] and version (8).
pub(crate) const FOOT_BYTES: usize = 44;
pub(crate) const ROW_BYTES: usize = 41;

const NODE: u8 = 1;
const ZSTD: u8 = 2;

/// One chunk in a pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) key: Key,
    /// A node of a tree, not bytes of a file: its key is made another way.
    pub(crate) is_node: bool,
    /// Its body is a zstd frame.
    pub(crate) is_zstd: bool,
    /// Bytes of the body.
    pub(crate) stored: u32,
    /// Bytes when unpacked.
    pub(crate) plain: u32,
}

impl Row {
    pub(crate) fn flags(&self) -> u8 {
        (u8::from(self.is_node) * NODE) | (u8::from(self.is_zstd) * ZSTD)
    }

    pub(crate) fn put(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.key);
        out.push(self.flags());
        out.extend_from_slice(&self.stored.to_le_bytes());
        out.extend_from_slice(&self.plain.to_le_bytes());
    }

    pub(crate) fn take(wire: &mut Wire<'_>) -> Option<Self> {
        let (key, flags) = (wire.key()?, wire.byte()?);
        let (stored, plain) = (wire.u32()?, wire.u32()?);
        // Nobody makes room for more than a chunk may have, whoever wrote the table.
        let known = flags & !(NODE | ZSTD) == 0 && plain as usize <= MAX_BYTES;
        known.then_some(Self { key, is_node: flags & NODE > 0, is_zstd: flags & ZSTD > 0, stored, plain })
    }
}

/// What follows the bodies: the table and the foot.
pub(crate) fn tail(rows: &[Row]) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows.len() * ROW_BYTES + FOOT_BYTES);
    rows.iter().for_each(|row| row.put(&mut out));
    let sum = blake3::hash(&out);
    out.extend_from_slice(&(rows.len() as u32).to_le_bytes());
    out.extend_from_slice(sum.as_bytes());
    out.extend_from_slice(&super::head(MAGIC));
    out
}

/// What the foot tells of the table.
pub(crate) struct Foot {
    count: u32,
    sum: Key,
}

impl Foot {
    pub(crate) fn parse(foot: &[u8; FOOT_BYTES], object: &str) -> Result<Self> {
        let mut wire = Wire(foot);
        let parsed = (|| Some((wire.u32()?, wire.key()?, wire.array::<7>()?, wire.byte()?)))();
        match parsed {
            Some((count, sum, letters, version)) if letters == *MAGIC => {
                super::known(version, object)?;
                Ok(Self { count, sum })
            }
            _ => Err(Error::damaged(object, "it does not end as a pack does")),
        }
    }

    pub(crate) fn table_bytes(&self) -> u64 {
        u64::from(self.count) * ROW_BYTES as u64
    }

    /// The rows of the table, in the order of the bodies, which fill the pack from its head to the table.
    pub(crate) fn rows(&self, table: &[u8], pack_bytes: u64, object: &str) -> Result<Vec<Row>> {
        if blake3::hash(table) != self.sum {
            return Err(Error::damaged(object, "the checksum of its table is wrong"));
        }
        let mut wire = Wire(table);
        let rows: Option<Vec<_>> = (0..self.count).map(|_| Row::take(&mut wire)).collect();
        let rows = rows.ok_or_else(|| Error::damaged(object, "its table is not one"))?;
        let bodies: u64 = rows.iter().map(|row| u64::from(row.stored)).sum();
        if 8 + bodies + self.table_bytes() + FOOT_BYTES as u64 != pack_bytes {
            return Err(Error::damaged(object, "its length is not what its table says"));
        }
        Ok(rows)
    }
}

/// A whole pack of these rows and bodies.
#[cfg(test)]
pub(crate) fn whole(rows: &[Row], bodies: &[u8]) -> Vec<u8> {
    [&super::head(MAGIC)[..], bodies, &tail(rows)].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_tells_what_is_in_it() {
        let row = Row { key: [7; 32], is_node: true, is_zstd: false, stored: 3, plain: 3 };
        let pack = whole(&[row], b"abc");
        let foot = Foot::parse(pack.last_chunk().unwrap(), "p").unwrap();
        let table = &pack[11..pack.len() - FOOT_BYTES];
        assert_eq!(foot.rows(table, pack.len() as u64, "p").unwrap(), [row]);
        assert!(foot.rows(table, pack.len() as u64 + 1, "p").is_err());
        let mut newer = *pack.last_chunk::<FOOT_BYTES>().unwrap();
        newer[FOOT_BYTES - 1] = 2;
        assert!(matches!(Foot::parse(&newer, "p"), Err(Error::UnknownFormat { .. })));
    }
}
