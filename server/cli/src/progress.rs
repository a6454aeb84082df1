use indicatif::{DecimalBytes, HumanCount, ProgressBar, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// How often a line is written where there is no terminal.
const LINES_EVERY: Duration = Duration::from_secs(10);

/// How far something is, on standard error: a bar on a terminal, a line now and then elsewhere.
pub(crate) struct Progress {
    verb: &'static str,
    bytes: AtomicU64,
    files: AtomicU64,
    of_bytes: u64,
    of_files: u64,
    bar: Option<ProgressBar>,
    last_line: Mutex<Instant>,
}

impl Progress {
    pub(crate) fn new(verb: &'static str, of_files: u64, of_bytes: u64, quiet: bool) -> Progress {
        let bar = (!quiet && stderr().is_terminal()).then(|| {
            let bar = ProgressBar::new(of_bytes);
            let style =
                "{msg} {wide_bar} {decimal_bytes}/{decimal_total_bytes} · {decimal_bytes_per_sec} · {eta}";
            if let Ok(style) = ProgressStyle::with_template(style) {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        // Who wants no words has his next line in a year.
        let first = if quiet { Duration::from_secs(31_536_000) } else { Duration::ZERO };
        let last_line = Mutex::new(Instant::now() + first);
        Progress { verb, bytes: 0.into(), files: 0.into(), of_bytes, of_files, bar, last_line }
    }

    /// So many bytes more.
    pub(crate) fn bytes(&self, count: u64) {
        self.bytes.fetch_add(count, Relaxed);
        match &self.bar {
            Some(bar) => bar.inc(count),
            None => self.perhaps_a_line(),
        }
    }

    /// A file more.
    pub(crate) fn file(&self) {
        self.files.fetch_add(1, Relaxed);
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{} {}/{} files", self.verb, self.files.load(Relaxed), self.of_files));
        }
    }

    /// Takes the bar away.
    pub(crate) fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn perhaps_a_line(&self) {
        let mut last = self.last_line.lock().unwrap_or_else(PoisonError::into_inner);
        // A time to come is not over yet.
        if Instant::now().checked_duration_since(*last).is_some_and(|since| since >= LINES_EVERY) {
            *last = Instant::now();
            let (files, bytes) = (self.files.load(Relaxed), self.bytes.load(Relaxed));
            eprintln!(
                "{} {} of {} files, {} of {}",
                self.verb,
                HumanCount(files),
                HumanCount(self.of_files),
                DecimalBytes(bytes),
                DecimalBytes(self.of_bytes)
            );
        }
    }
}
