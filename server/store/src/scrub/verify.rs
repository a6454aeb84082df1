use super::pack::{check, rows};
use crate::format::Key;
use crate::objects::{Area, PackId};
use crate::tree::content::Chunks;
use crate::tree::nodes::Nodes;
use crate::tree::{FileInfo, Info};
use crate::{ChunkId, Error, Result, Root, Store};
use std::collections::HashSet;

/// Damaged files that are named at most.
const NAMED: usize = 1_000;

/// What a verification found.
#[derive(Debug, Clone, Default)]
pub struct Verified {
    /// Packs that were read.
    pub packs: u64,
    /// Chunks and nodes whose hashes were made anew.
    pub chunks: u64,
    /// Their bytes, as stored.
    pub bytes: u64,
    /// What is damaged.
    pub damaged: Vec<Damage>,
    /// What that means for the versions, up to 1,000 files and folders.
    pub broken: Vec<Broken>,
}

/// Bytes that are not what was written.
#[derive(Debug, Clone)]
pub struct Damage {
    /// The object they are in.
    pub object: String,
    /// The chunk, if it can be told.
    pub chunk: Option<ChunkId>,
    /// What is wrong.
    pub error: Error,
}

/// A file or folder of a version that cannot be read.
#[derive(Debug, Clone)]
pub struct Broken {
    /// The version.
    pub root: Root,
    /// The file; or the folder, with a slash at its end, whose list of entries has a gap.
    pub path: String,
    /// What is wrong.
    pub error: Error,
}

impl Verified {
    /// Whether all is well.
    pub fn is_whole(&self) -> bool {
        self.damaged.is_empty() && self.broken.is_empty()
    }
}

impl Store {
    /// Reads everything there is, makes every hash anew, and looks whether these versions have all they need.
    pub async fn verify(&self, roots: &[Root]) -> Result<Verified> {
        let mut found = Verified::default();
        let view = self.refresh().await?;
        let packs = self.0.objects.list(Area::Packs).await?;
        let mut bad = HashSet::new();
        for meta in &packs {
            let Some(pack) = meta.location.filename().and_then(PackId::parse) else { continue };
            if let Err(error) = self.verify_pack(pack, meta.size, &mut found, &mut bad).await {
                // A pack may be removed while this goes on.
                if error.is_absent() {
                    continue;
                }
                bad.extend(view.all().filter(|spot| spot.pack == pack).map(|spot| spot.row.key));
                found.damaged.push(Damage { object: format!("packs/{pack}"), chunk: None, error });
            }
        }
        for root in roots {
            self.verify_version(*root, &bad, &mut found).await?;
        }
        Ok(found)
    }

    async fn verify_pack(
        &self,
        pack: PackId,
        bytes: u64,
        found: &mut Verified,
        bad: &mut HashSet<Key>,
    ) -> Result<()> {
        let objects = &self.0.objects;
        let rows = rows(objects, pack, bytes).await?;
        found.packs += 1;
        found.chunks += rows.len() as u64;
        found.bytes += rows.iter().map(|row| u64::from(row.stored)).sum::<u64>();
        check(objects, pack, rows, |row, error| {
            bad.insert(row.key);
            let chunk = Some(ChunkId::from_bytes(row.key));
            found.damaged.push(Damage { object: format!("packs/{pack}"), chunk, error });
        })
        .await
    }

    async fn verify_version(&self, root: Root, bad: &HashSet<Key>, found: &mut Verified) -> Result<()> {
        let mut walk = self.walk(root);
        while found.broken.len() < NAMED {
            let here = walk.here().to_owned();
            let (path, result) = match walk.next().await {
                Ok(None) => return Ok(()),
                Ok(Some(entry)) => match entry.info {
                    Info::Folder(_) => continue,
                    Info::File(file) => (entry.path, self.verify_file(&file, bad).await),
                },
                Err(error) => (here, Err(error)),
            };
            match result {
                Err(error @ (Error::Damaged { .. } | Error::Missing(_) | Error::UnknownFormat { .. })) => {
                    found.broken.push(Broken { root, path, error });
                }
                other => other?,
            }
        }
        Ok(())
    }

    async fn verify_file(&self, file: &FileInfo, bad: &HashSet<Key>) -> Result<()> {
        let (nodes, view) = (Nodes::of(self), self.view());
        let (mut chunks, _) = Chunks::from(&nodes, &file.content, 0).await?;
        while let Some((chunk, _)) = chunks.next(&nodes).await? {
            if bad.contains(chunk.as_bytes()) {
                return Err(Error::damaged(format!("the chunk {chunk}"), "its hash is wrong"));
            }
            if view.read_from(chunk.as_bytes()).is_none() {
                return Err(Error::Missing(chunk.to_string()));
            }
        }
        Ok(())
    }
}
