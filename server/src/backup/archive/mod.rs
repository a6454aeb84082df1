//! The archive's form: a tar file that any tool can list.
//!
//! First `head.json` (what it is, and of which schema), then the settings, the tables in parts, and if they were
//! asked for the packs of the stores; last `end.json` with the size and BLAKE3 of each entry before it, of packs
//! those of each project's together. An archive without its end is not whole.

mod name;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use name::Name;
pub use read::Archive;
pub use write::Writer;

use super::tables::Table;
use atelier_store::PackId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Counts the changes after which an older version cannot read an archive. 2: packs may be in it.
const FORMAT: u32 = 2;
/// What is written where nothing needs a newer one.
const WITHOUT_PACKS: u32 = 1;

const HEAD: &str = "head.json";
pub const SETTINGS: &str = "settings.toml";
const END: &str = "end.json";

/// No entry is larger than this; parts and packs are held in memory one by one.
const ENTRY_LIMIT: u64 = 256 << 20;
/// Nor are these, of which more is made in memory.
const HEAD_LIMIT: u64 = 1 << 20;
const END_LIMIT: u64 = 32 << 20;
/// Parts of tables, and projects with packs, of which there are no more: all of their sums are held in memory.
/// Parts have 4 MiB, so these are 400 GB of rows.
const MOST: usize = 100_000;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Head {
    pub format: u32,
    /// Version of the program that wrote it.
    pub atelier: String,
    /// Milliseconds since the epoch, UTC.
    pub made_at: i64,
    /// The steps that the schema has been through.
    pub schema: Vec<String>,
    /// In the order in which they can be filled.
    pub tables: Vec<Table>,
    /// Settings that are not in it because they are secret or belong to the place.
    pub settings_left_out: Vec<String>,
}

impl Head {
    /// The format that it takes to read an archive.
    pub fn format(with_objects: bool) -> u32 {
        if with_objects { FORMAT } else { WITHOUT_PACKS }
    }

    /// Whether what rows need of the stores is in it.
    pub fn with_objects(&self) -> bool {
        self.format > WITHOUT_PACKS
    }
}

/// An entry that is not a pack.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    name: String,
    bytes: u64,
    blake3: String,
}

/// The packs of a project. So many are there that their sums are not told one by one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packs {
    pub project: String,
    pub packs: u64,
    pub bytes: u64,
    /// Of the name, the length (u64, little-endian) and the bytes of each, in order.
    pub blake3: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct End {
    entries: Vec<Entry>,
    /// Rows of each table.
    rows: BTreeMap<String, u64>,
    /// In the order of the entries.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    packs: Vec<Packs>,
}

/// The sum of a project's packs as they come: sorted, those of one project after the other.
struct Sum {
    project: String,
    last: PackId,
    packs: u64,
    bytes: u64,
    hasher: blake3::Hasher,
}

/// The sums of all projects' packs.
#[derive(Default)]
struct Sums {
    ended: Vec<Packs>,
    open: Option<Sum>,
}

impl Sums {
    /// Begins with a pack, and returns what its bytes go to.
    ///
    /// # Errors
    /// If it is not after those before it, or there are too many projects.
    fn begin(&mut self, project: &str, pack: PackId, bytes: u64) -> anyhow::Result<&mut blake3::Hasher> {
        let mut sum = match self.open.take() {
            Some(sum) if sum.project == project => {
                anyhow::ensure!(sum.last < pack, "the pack {pack} is there twice, or out of order");
                sum
            }
            open => {
                self.open = open;
                self.end_project();
                let in_order = self.ended.last().is_none_or(|last| last.project.as_str() < project);
                anyhow::ensure!(in_order, "the project {project} is there twice, or out of order");
                anyhow::ensure!(self.ended.len() < MOST, "it has more than {MOST} projects");
                let (project, hasher) = (project.to_owned(), blake3::Hasher::new());
                Sum { project, last: pack, packs: 0, bytes: 0, hasher }
            }
        };
        sum.last = pack;
        sum.packs += 1;
        sum.bytes += bytes;
        sum.hasher.update(pack.to_string().as_bytes()).update(&bytes.to_le_bytes());
        Ok(&mut self.open.insert(sum).hasher)
    }

    fn end_project(&mut self) {
        if let Some(Sum { project, packs, bytes, hasher, .. }) = self.open.take() {
            self.ended.push(Packs { project, packs, bytes, blake3: hasher.finalize().to_hex().to_string() });
        }
    }

    fn end(mut self) -> Vec<Packs> {
        self.end_project();
        self.ended
    }
}
