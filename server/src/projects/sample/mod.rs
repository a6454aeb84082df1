//! What the work folders of a project "with a sample" begin with.

use crate::db::now;
use bytes::Bytes;
use std::io;

const FILES: [(&str, &[u8]); 3] = [
    ("README.md", include_bytes!("README.md")),
    ("digits.csv.gz", include_bytes!("digits.csv.gz")),
    ("train-digits.ipynb", include_bytes!("train-digits.ipynb")),
];
/// User and group of the tools.
const OWNER: u64 = 1000;

/// The files as a tar archive, owned by the tools' user.
///
/// # Errors
/// Never in practice: it is written to memory.
pub fn archive() -> io::Result<Bytes> {
    let since_epoch = u64::try_from(now() / 1000).unwrap_or_default();
    let mut archive = tar::Builder::new(Vec::new());
    for (name, contents) in FILES {
        let mut header = tar::Header::new_gnu();
        header.set_size(contents.len() as u64);
        header.set_mode(0o644);
        header.set_uid(OWNER);
        header.set_gid(OWNER);
        header.set_mtime(since_epoch);
        archive.append_data(&mut header, name, contents)?;
    }
    archive.into_inner().map(Bytes::from)
}
