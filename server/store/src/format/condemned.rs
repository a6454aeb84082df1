//! A list of packs that hold nothing that is needed, and will be removed when the grace is over.

use super::wire::Wire;
use super::{Magic, body, head, seal, unseal};
use crate::objects::PackId;
use crate::{Error, Result};

const MAGIC: &Magic = b"ATCOND\n";

pub(crate) fn encode(packs: &[PackId]) -> Vec<u8> {
    let mut out = head(MAGIC).to_vec();
    packs.iter().for_each(|pack| out.extend_from_slice(pack.as_bytes()));
    seal(out)
}

pub(crate) fn decode(bytes: &[u8], object: &str) -> Result<Vec<PackId>> {
    body(bytes, MAGIC, object)?;
    let mut wire = Wire(body(unseal(bytes, object)?, MAGIC, object)?);
    let packs = std::iter::from_fn(|| wire.array().map(PackId::from_bytes)).collect();
    if wire.is_empty() { Ok(packs) } else { Err(Error::damaged(object, "it is cut short")) }
}
