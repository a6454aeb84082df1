//! The archive's form: a tar file that any tool can list.
//!
//! First `head.json` (what it is, and of which schema), then the settings and the tables in parts, last
//! `end.json` with the size and BLAKE3 of each entry before it. An archive without its end is not whole.

use super::tables::Table;
use anyhow::Context;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{Read, Seek, Write};

/// Counts the changes after which an older version cannot read an archive.
pub const FORMAT: u32 = 1;
pub const HEAD: &str = "head.json";
pub const SETTINGS: &str = "settings.toml";
const END: &str = "end.json";
/// No entry is larger than this; parts are held in memory one by one.
const ENTRY_LIMIT: u64 = 256 << 20;

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

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    name: String,
    bytes: u64,
    blake3: String,
}

#[derive(Debug, Serialize, Deserialize)]
struct End {
    entries: Vec<Entry>,
    /// Rows of each table.
    rows: BTreeMap<String, u64>,
}

pub struct Writer<W: Write> {
    tar: tar::Builder<W>,
    made_at: i64,
    entries: Vec<Entry>,
}

impl<W: Write> Writer<W> {
    /// # Errors
    /// If it cannot be written.
    pub fn begin(to: W, head: &Head) -> anyhow::Result<Writer<W>> {
        let made_at = head.made_at;
        let mut writer = Writer { tar: tar::Builder::new(to), made_at, entries: Vec::new() };
        writer.add(HEAD, &serde_json::to_vec_pretty(head)?)?;
        Ok(writer)
    }

    /// # Errors
    /// If it cannot be written.
    pub fn add(&mut self, name: &str, bytes: &[u8]) -> anyhow::Result<()> {
        let blake3 = blake3::hash(bytes).to_hex().to_string();
        self.entries.push(Entry { name: name.to_owned(), bytes: bytes.len() as u64, blake3 });
        self.append(name, bytes)
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
        let end = End { entries: std::mem::take(&mut self.entries), rows };
        self.append(END, &serde_json::to_vec(&end)?)?;
        Ok(self.tar.into_inner()?)
    }
}

/// An archive that has been read through once and is whole.
pub struct Archive<R: Read + Seek> {
    from: R,
    pub head: Head,
    /// Rows of each table.
    pub rows: BTreeMap<String, u64>,
}

impl<R: Read + Seek> Archive<R> {
    /// Reads all of it and compares every checksum.
    ///
    /// # Errors
    /// If it is no archive of ours, of a newer version, cut off or damaged; names the entry.
    pub fn open(mut from: R) -> anyhow::Result<Archive<R>> {
        let (mut head, mut end, mut seen) = (None, None, Vec::new());
        each_entry(&mut from, |name, bytes| {
            anyhow::ensure!(end.is_none(), "something follows its end: {name}");
            match name {
                END => end = Some(serde_json::from_slice::<End>(bytes).context("its end is damaged")?),
                HEAD => head = Some(head_of(bytes)?),
                _ => anyhow::ensure!(head.is_some(), "it does not begin with {HEAD}"),
            }
            if name != END {
                let blake3 = blake3::hash(bytes).to_hex().to_string();
                seen.push(Entry { name: name.to_owned(), bytes: bytes.len() as u64, blake3 });
            }
            Ok(())
        })?;
        let head = head.context("it is no archive of Atelier")?;
        let end = end.context("it is cut off: its end is missing")?;
        for (expected, found) in end.entries.iter().zip(&seen) {
            anyhow::ensure!(expected == found, "{} is damaged: its checksum is another", expected.name);
        }
        anyhow::ensure!(end.entries.len() == seen.len(), "entries are missing, or there are too many");
        Ok(Archive { from, head, rows: end.rows })
    }

    /// Gives each entry after the head, in order.
    ///
    /// # Errors
    /// If it cannot be read any more, or `take` fails.
    pub fn read(&mut self, mut take: impl FnMut(&str, &[u8]) -> anyhow::Result<()>) -> anyhow::Result<()> {
        each_entry(&mut self.from, |name, bytes| match name {
            HEAD | END => Ok(()),
            _ => take(name, bytes),
        })
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

fn each_entry<R: Read + Seek>(
    from: &mut R,
    mut take: impl FnMut(&str, &[u8]) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    from.rewind()?;
    let mut bytes = Vec::new();
    let mut tar = tar::Archive::new(from);
    for entry in tar.entries()? {
        let mut entry = entry.context("it is no archive of Atelier, or damaged")?;
        let name = entry.path().context("an entry's name is damaged")?.to_string_lossy().into_owned();
        anyhow::ensure!(entry.size() <= ENTRY_LIMIT, "{name} is too large for an archive of Atelier");
        bytes.clear();
        entry.read_to_end(&mut bytes).with_context(|| format!("{name} is cut off"))?;
        take(&name, &bytes)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn archive() -> Vec<u8> {
        let head = Head {
            format: FORMAT,
            atelier: "1.0.0".to_owned(),
            made_at: 1_764_000_000_000,
            schema: vec!["0001_foundation".to_owned()],
            tables: Vec::new(),
            settings_left_out: Vec::new(),
        };
        let mut writer = Writer::begin(Vec::new(), &head).unwrap();
        writer.add(SETTINGS, b"listen = \"127.0.0.1:8080\"\n").unwrap();
        writer.add("tables/users/000001.jsonl", b"[\"1\",\"Ada\"]\n").unwrap();
        writer.end(BTreeMap::from([("users".to_owned(), 1)])).unwrap()
    }

    fn refusal(bytes: Vec<u8>) -> String {
        format!("{:#}", Archive::open(Cursor::new(bytes)).err().expect("it was accepted"))
    }

    #[test]
    fn what_is_written_is_read() {
        let mut archive = Archive::open(Cursor::new(archive())).unwrap();
        assert_eq!(archive.rows["users"], 1);
        let mut names = Vec::new();
        archive
            .read(|name, bytes| {
                names.push((name.to_owned(), bytes.len()));
                Ok(())
            })
            .unwrap();
        assert_eq!(names, [(SETTINGS.to_owned(), 26), ("tables/users/000001.jsonl".to_owned(), 12)]);
    }

    #[test]
    fn f10_no_changed_byte_of_an_entry_passes() {
        let whole = archive();
        let text = |needle: &[u8]| whole.windows(needle.len()).position(|w| w == needle).unwrap();
        for at in [text(b"1.0.0"), text(b"8080"), text(b"Ada"), text(b"\"blake3\":\"") + 12] {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            assert!(refusal(bytes).contains("damaged"));
        }
    }

    #[test]
    fn f10_a_cut_archive_is_refused_wherever_it_is_cut() {
        let whole = archive();
        for end in (0..whole.len() - 1024).step_by(97) {
            refusal(whole[..end].to_vec());
        }
    }

    #[test]
    fn a_newer_format_is_named() {
        let text = String::from_utf8_lossy(&archive()).replace("\"format\": 1", "\"format\": 9");
        assert!(refusal(text.into_bytes()).contains("made by Atelier 1.0.0"));
    }

    #[test]
    fn another_file_is_no_archive() {
        assert!(refusal(b"SQLite format 3".repeat(100)).contains("no archive of Atelier"));
        assert!(refusal(Vec::new()).contains("no archive of Atelier"));
    }
}
