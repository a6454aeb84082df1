//! The bytes of everything that is stored, as docs/store-format.md tells. Pure: no I/O.

pub(crate) mod condemned;
pub(crate) mod content;
pub(crate) mod folder;
pub(crate) mod pack;
pub(crate) mod segment;
pub(crate) mod wire;

use crate::{Error, Result};

/// The format that this program reads and writes.
pub const FORMAT_VERSION: u8 = 1;

/// 32 bytes that name a chunk or a node.
pub(crate) type Key = [u8; 32];

/// The first eight bytes of an object: seven letters and the version.
pub(crate) type Magic = [u8; 7];

pub(crate) fn head(magic: &Magic) -> [u8; 8] {
    let [a, b, c, d, e, f, g] = *magic;
    [a, b, c, d, e, f, g, FORMAT_VERSION]
}

/// What follows the head, if it is of this kind and version.
pub(crate) fn body<'a>(bytes: &'a [u8], magic: &Magic, object: &str) -> Result<&'a [u8]> {
    let Some(([letters @ .., version], rest)) = bytes.split_first_chunk::<8>() else {
        return Err(Error::damaged(object, "it is cut short"));
    };
    if letters != magic {
        return Err(Error::damaged(object, "it does not begin as such a file does"));
    }
    known(*version, object)?;
    Ok(rest)
}

pub(crate) fn known(version: u8, object: &str) -> Result<()> {
    if version == FORMAT_VERSION {
        return Ok(());
    }
    Err(Error::UnknownFormat { object: object.to_owned(), found: version.to_string(), known: FORMAT_VERSION })
}

/// Puts the BLAKE3 of everything before behind it.
pub(crate) fn seal(mut bytes: Vec<u8>) -> Vec<u8> {
    let sum = blake3::hash(&bytes);
    bytes.extend_from_slice(sum.as_bytes());
    bytes
}

/// What was sealed, if not a bit of it has changed.
pub(crate) fn unseal<'a>(bytes: &'a [u8], object: &str) -> Result<&'a [u8]> {
    match bytes.split_last_chunk::<32>() {
        Some((rest, sum)) if blake3::hash(rest) == *sum => Ok(rest),
        _ => Err(Error::damaged(object, "its checksum is wrong")),
    }
}
