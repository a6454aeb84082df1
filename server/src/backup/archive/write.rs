use super::{END, End, Entry, Head, MOST, Name, Sums};
use atelier_store::PackId;
use std::collections::BTreeMap;
use std::io::Write;

pub struct Writer<W: Write> {
    tar: tar::Builder<W>,
    made_at: i64,
    entries: Vec<Entry>,
    sums: Sums,
}

impl<W: Write> Writer<W> {
    /// # Errors
    /// If it cannot be written.
    pub fn begin(to: W, head: &Head) -> anyhow::Result<Writer<W>> {
        let (tar, made_at) = (tar::Builder::new(to), head.made_at);
        let mut writer = Writer { tar, made_at, entries: Vec::new(), sums: Sums::default() };
        writer.add(Name::Head, &serde_json::to_vec_pretty(head)?)?;
        Ok(writer)
    }

    /// Adds what is not a pack.
    ///
    /// # Errors
    /// If it cannot be written, or there are too many.
    pub fn add(&mut self, name: Name<'_>, bytes: &[u8]) -> anyhow::Result<()> {
        anyhow::ensure!(self.entries.len() < MOST, "there are too many rows for an archive");
        let name = name.to_string();
        let blake3 = blake3::hash(bytes).to_hex().to_string();
        self.append(&name, bytes)?;
        self.entries.push(Entry { name, bytes: bytes.len() as u64, blake3 });
        Ok(())
    }

    /// Adds a pack: those of a project together, and sorted.
    ///
    /// # Errors
    /// If it cannot be written, or is out of order.
    pub fn add_pack(&mut self, project: &str, pack: PackId, bytes: &[u8]) -> anyhow::Result<()> {
        self.sums.begin(project, pack, bytes.len() as u64)?.update(bytes);
        self.append(&Name::Pack { project, pack }.to_string(), bytes)
    }

    fn append(&mut self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o600);
        header.set_mtime(u64::try_from(self.made_at / 1000).unwrap_or_default());
        Ok(self.tar.append_data(&mut header, name, bytes)?)
    }

    /// # Errors
    /// If it cannot be written.
    pub fn end(mut self, rows: BTreeMap<String, u64>) -> anyhow::Result<W> {
        let entries = std::mem::take(&mut self.entries);
        let end = End { entries, rows, packs: std::mem::take(&mut self.sums).end() };
        self.append(END, &serde_json::to_vec(&end)?)?;
        Ok(self.tar.into_inner()?)
    }
}
