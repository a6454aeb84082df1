//! Programs that keep versions of a folder: ours and the peers, each in a process of its own.

use crate::data;
use anyhow::{Context, ensure};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// The folder, in each keeper's place.
const FOLDER: &str = "data";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Ours,
    Dvc,
    Restic,
    /// What the machine can do at all: all bytes hashed, written one after the other to one file, and synced.
    Limit,
}

impl Kind {
    pub const ALL: [Kind; 4] = [Kind::Ours, Kind::Dvc, Kind::Restic, Kind::Limit];

    pub fn name(self) -> &'static str {
        match self {
            Kind::Ours => "Atelier",
            Kind::Dvc => "DVC",
            Kind::Restic => "restic",
            Kind::Limit => "bare limit",
        }
    }
}

/// A keeper that has kept nothing yet. What it has goes with it.
pub struct Keeper {
    kind: Kind,
    place: PathBuf,
    /// Ours goes on from there.
    newest: String,
}

impl Keeper {
    /// # Errors
    /// If it cannot be set up.
    pub fn new(kind: Kind, place: &Path) -> anyhow::Result<Keeper> {
        let place = place.join(kind.name());
        fs::create_dir_all(&place)?;
        let keeper = Keeper { kind, place, newest: "-".to_owned() };
        match kind {
            Kind::Dvc => keeper.run(keeper.dvc().args(["init", "--no-scm", "--quiet"]))?,
            Kind::Restic => keeper.run(keeper.restic().arg("init"))?,
            Kind::Ours | Kind::Limit => String::new(),
        };
        Ok(keeper)
    }

    /// Makes what is in the folder a version; gives the seconds that this took.
    ///
    /// # Errors
    /// If it fails.
    pub fn keep(&mut self, folder: &Path) -> anyhow::Result<f64> {
        // Each finds it where it was before: as its own.
        let own = self.place.join(FOLDER);
        fs::rename(folder, &own)?;
        data::settle(&self.place)?;
        let begun = Instant::now();
        let said = match self.kind {
            Kind::Ours => {
                let store = [self.place.join("store"), self.place.join("seen")];
                self.run(beside()?.arg("commit").args(store).arg(&self.newest).arg(&own))
            }
            Kind::Dvc => self.run(self.dvc().args(["add", "--quiet", FOLDER])),
            Kind::Restic => self.run(self.restic().args(["backup", FOLDER])),
            Kind::Limit => self.run(beside()?.arg("limit").arg(self.place.join("limit")).arg(&own)),
        };
        let seconds = begun.elapsed().as_secs_f64();
        fs::rename(&own, folder)?;
        if self.kind == Kind::Ours {
            self.newest = said?.trim().to_owned();
        } else {
            said?;
        }
        Ok(seconds)
    }

    /// Bytes that it has stored.
    ///
    /// # Errors
    /// If it has no store.
    pub fn stored(&self) -> anyhow::Result<u64> {
        let store = match self.kind {
            Kind::Ours => "store",
            Kind::Dvc => ".dvc/cache",
            Kind::Restic => "store",
            Kind::Limit => return Ok(0),
        };
        data::size(&self.place.join(store))
    }

    fn dvc(&self) -> Command {
        let mut command = Command::new("dvc");
        command.env("DVC_NO_ANALYTICS", "1").env("DVC_SITE_CACHE_DIR", self.place.join("site"));
        command
    }

    fn restic(&self) -> Command {
        let mut command = Command::new("restic");
        command.env("RESTIC_PASSWORD", "bench").env("RESTIC_CACHE_DIR", self.place.join("cache"));
        command.arg("--quiet").arg("--repo").arg(self.place.join("store"));
        command
    }

    /// Gives what it said.
    fn run(&self, command: &mut Command) -> anyhow::Result<String> {
        let program = command.get_program().to_string_lossy().into_owned();
        let output = command.current_dir(&self.place).stdin(Stdio::null()).output();
        let output = output.with_context(|| format!("{program} cannot be started"))?;
        let complaint = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{program}: {}: {complaint}", output.status);
        Ok(String::from_utf8(output.stdout)?)
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.place).ok();
    }
}

/// Our own program, built beside this one.
fn beside() -> anyhow::Result<Command> {
    Ok(Command::new(std::env::current_exe()?.with_file_name("bench-store")))
}
