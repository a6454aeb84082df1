use super::{END_LIMIT, ENTRY_LIMIT, End, Entry, FORMAT, HEAD, HEAD_LIMIT, Head, MOST, Name, Packs, Sums};
use anyhow::Context;
use atelier_store::PackId;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Seek};

/// An archive that has been read through once and is whole.
pub struct Archive<R: Read + Seek> {
    from: R,
    pub head: Head,
    /// Rows of each table.
    pub rows: BTreeMap<String, u64>,
    /// The packs of each project.
    pub packs: Vec<Packs>,
    /// Names what is in it: BLAKE3 of its end, which has the sums of all before.
    pub id: String,
}

/// What was seen of an archive before its end.
#[derive(Default)]
struct Seen {
    head: Option<Head>,
    entries: Vec<Entry>,
    sums: Sums,
    end: Option<(End, String)>,
}

impl<R: Read + Seek> Archive<R> {
    /// Reads all of it and compares every checksum. Whatever it says of itself, no more of it than one entry is
    /// held in memory.
    ///
    /// # Errors
    /// If it is no archive of ours, of a newer version, cut off or damaged; names the entry.
    pub fn open(mut from: R) -> anyhow::Result<Archive<R>> {
        let mut seen = Seen::default();
        // To the last byte: who skips by seeking does not see where the file ends.
        each_entry(tar::Archive::new(&mut from).entries()?, |name, entry| seen.take(name, entry))?;
        let head = seen.head.context("it is no archive of Atelier")?;
        let (end, id) = seen.end.context("it is cut off: its end is missing")?;
        for (expected, found) in end.entries.iter().zip(&seen.entries) {
            anyhow::ensure!(expected == found, "{} is damaged: its checksum is another", expected.name);
        }
        let names: BTreeSet<&str> = seen.entries.iter().map(|entry| entry.name.as_str()).collect();
        anyhow::ensure!(names.len() == seen.entries.len(), "an entry is there twice");
        let packs = seen.sums.end();
        for (expected, found) in end.packs.iter().zip(&packs) {
            let project = &expected.project;
            anyhow::ensure!(
                expected == found,
                "the packs of {project} are damaged: their checksum is another"
            );
        }
        let complete = end.entries.len() == seen.entries.len() && end.packs.len() == packs.len();
        anyhow::ensure!(complete, "entries are missing, or there are too many");
        Ok(Archive { from, head, rows: end.rows, packs, id })
    }

    /// Gives the settings and each part of a table, in order.
    ///
    /// # Errors
    /// If it cannot be read any more, or `take` fails.
    pub fn read(
        &mut self,
        mut take: impl FnMut(Name<'_>, &[u8]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.from.rewind()?;
        let mut tar = tar::Archive::new(&mut self.from);
        each_entry(tar.entries_with_seek()?, |name, entry| match name {
            Name::Settings | Name::Rows { .. } => take(name, &entry.bytes(ENTRY_LIMIT)?),
            Name::Head | Name::Pack { .. } | Name::End => Ok(()),
        })
    }

    /// Gives each pack, in order.
    ///
    /// # Errors
    /// If it cannot be read any more, or `take` fails.
    pub fn read_packs(
        &mut self,
        mut take: impl FnMut(&str, PackId, Vec<u8>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        self.from.rewind()?;
        let mut tar = tar::Archive::new(&mut self.from);
        each_entry(tar.entries_with_seek()?, |name, entry| match name {
            Name::Pack { project, pack } => take(project, pack, entry.bytes(ENTRY_LIMIT)?),
            _ => Ok(()),
        })
    }
}

impl Seen {
    fn take(&mut self, name: Name<'_>, entry: &mut Reading<'_>) -> anyhow::Result<()> {
        anyhow::ensure!(self.end.is_none(), "something follows its end: {name}");
        anyhow::ensure!(self.head.is_some() || name == Name::Head, "it does not begin with {HEAD}");
        anyhow::ensure!(entry.size <= ENTRY_LIMIT, "{name} is too large for an archive of Atelier");
        match name {
            Name::Pack { project, pack } => {
                let known = self.head.as_ref().is_some_and(Head::with_objects);
                anyhow::ensure!(known, "{name} is nothing that its version knows");
                let hasher = self.sums.begin(project, pack, entry.size)?;
                entry.hash(hasher)
            }
            Name::Head => {
                anyhow::ensure!(self.head.is_none(), "{name} is there twice");
                let bytes = entry.bytes(HEAD_LIMIT)?;
                self.head = Some(head_of(&bytes)?);
                self.add(name, bytes.len() as u64, blake3::hash(&bytes))
            }
            Name::End => {
                let bytes = entry.bytes(END_LIMIT)?;
                let end = serde_json::from_slice(&bytes).context("its end is damaged")?;
                self.end = Some((end, blake3::hash(&bytes).to_hex().to_string()));
                Ok(())
            }
            Name::Settings | Name::Rows { .. } => {
                if let Name::Rows { table, .. } = name {
                    let tables = self.head.iter().flat_map(|head| &head.tables);
                    let known = tables.into_iter().any(|known| known.name == table);
                    anyhow::ensure!(known, "{name} is nothing that this version knows");
                }
                let mut hasher = blake3::Hasher::new();
                entry.hash(&mut hasher)?;
                self.add(name, entry.size, hasher.finalize())
            }
        }
    }

    fn add(&mut self, name: Name<'_>, bytes: u64, blake3: blake3::Hash) -> anyhow::Result<()> {
        let name = name.to_string();
        anyhow::ensure!(self.entries.len() < MOST, "it has more than {MOST} parts");
        self.entries.push(Entry { name, bytes, blake3: blake3.to_hex().to_string() });
        Ok(())
    }
}

/// What every version can read of a head.
#[derive(Deserialize)]
struct AnyHead {
    format: u32,
    atelier: String,
}

fn head_of(bytes: &[u8]) -> anyhow::Result<Head> {
    let any: AnyHead = serde_json::from_slice(bytes).context("its head is damaged")?;
    anyhow::ensure!(
        any.format <= FORMAT,
        "it was made by Atelier {}, whose archives this version ({}) cannot read yet",
        any.atelier,
        env!("CARGO_PKG_VERSION")
    );
    serde_json::from_slice(bytes).context("its head is damaged")
}

/// An entry that is being read.
struct Reading<'a> {
    name: &'a str,
    size: u64,
    from: &'a mut dyn Read,
}

impl Reading<'_> {
    /// All of it, if it is no larger than this. Memory is taken for what is there, not for what is said.
    fn bytes(&mut self, limit: u64) -> anyhow::Result<Vec<u8>> {
        anyhow::ensure!(self.size <= limit, "{} is too large for an archive of Atelier", self.name);
        let mut bytes = Vec::new();
        self.from.read_to_end(&mut bytes).with_context(|| format!("{} is cut off", self.name))?;
        self.whole(bytes.len() as u64)?;
        Ok(bytes)
    }

    fn hash(&mut self, hasher: &mut blake3::Hasher) -> anyhow::Result<()> {
        let read = std::io::copy(self.from, hasher).with_context(|| format!("{} is cut off", self.name))?;
        self.whole(read)
    }

    fn whole(&self, read: u64) -> anyhow::Result<()> {
        anyhow::ensure!(read == self.size, "{} is cut off", self.name);
        Ok(())
    }
}

/// Goes through all entries. What is not read of one is skipped.
///
/// They are taken raw: what a header says is followed by nothing but these bytes. Links, devices, holes, and
/// headers that change the next one are of no use here and refused.
fn each_entry<R: Read>(
    entries: tar::Entries<'_, R>,
    mut take: impl FnMut(Name<'_>, &mut Reading<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    for entry in entries.raw(true) {
        let mut entry = entry.context("it is no archive of Atelier, or damaged")?;
        let text = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let plain = entry.header().entry_type().is_file();
        let name = Name::parse(&text).filter(|_| plain);
        let name = name.with_context(|| format!("{text:?} is nothing that this version knows"))?;
        let size = entry.size();
        take(name, &mut Reading { name: &text, size, from: &mut entry })?;
    }
    Ok(())
}
