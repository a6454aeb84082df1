use crate::{Error, Result};
use std::time::Duration;

/// How a store works. The defaults suit a server; tests make packs small and times short.
#[derive(Debug, Clone)]
pub struct Options {
    /// A pack is closed when it has so many bytes. 16 to 64 MiB keep both memory and the number of objects low.
    pub pack_bytes: usize,
    /// Packs of one session that may be on their way to the object store at once.
    pub uploads: usize,
    /// Plain chunks and tree nodes that are kept in memory, in bytes.
    pub cache_bytes: u64,
    /// How long a session may use what it was told. Not more than half of `grace`.
    pub session_life: Duration,
    /// Nothing younger is collected as garbage, and nothing is removed that was not garbage for so long.
    pub grace: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            pack_bytes: 16 << 20,
            uploads: 3,
            cache_bytes: 32 << 20,
            session_life: Duration::from_secs(12 * 3600),
            grace: Duration::from_secs(24 * 3600),
        }
    }
}

impl Options {
    pub(crate) fn check(&self) -> Result<()> {
        if self.session_life > self.grace / 2 {
            return Err(Error::Setting(
                "a session must not live longer than half the grace of the garbage".to_owned(),
            ));
        }
        if self.uploads == 0 || self.pack_bytes == 0 || self.pack_bytes > 1 << 30 {
            return Err(Error::Setting("packs need 1 byte to 1 GiB, uploads at least 1".to_owned()));
        }
        Ok(())
    }
}
