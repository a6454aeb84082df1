//! Tells on standard error how far a long work has come.

use std::time::{Duration, Instant};

/// Between two lines about one table or project.
const EVERY: Duration = Duration::from_secs(2);

pub struct Progress {
    begun: Instant,
    told: Instant,
    rows: u64,
}

impl Default for Progress {
    fn default() -> Progress {
        Progress { begun: Instant::now(), told: Instant::now(), rows: 0 }
    }
}

impl Progress {
    /// In the middle of a table.
    pub fn rows(&mut self, table: &str, rows: u64) {
        if self.told.elapsed() >= EVERY {
            self.told = Instant::now();
            eprintln!("{table}: {rows} rows so far");
        }
    }

    /// At a table's end.
    pub fn table(&mut self, table: &str, rows: u64) {
        self.rows += rows;
        eprintln!("{table}: {rows} rows");
    }

    /// So many packs of a project's are done.
    pub fn packs(&mut self, project: &str, done: u64, of: u64) {
        if done == of || self.told.elapsed() >= EVERY {
            self.told = Instant::now();
            eprintln!("files of the project {project}: {done} of {of} packs");
        }
    }

    pub fn end(&self, what: &str) {
        eprintln!("{what}: {} rows in {:.1} s", self.rows, self.begun.elapsed().as_secs_f64());
    }
}
