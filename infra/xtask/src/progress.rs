//! Long steps, told while they last: name, elapsed time, and what they do right now.

use anyhow::{Context, Result, bail};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// How often a step without a terminal says that it is still at work.
const SILENCE: Duration = Duration::from_secs(20);
/// How much of a failed command's output is shown.
const TAIL: usize = 60;

/// Steps may be under way beside each other: a terminal shows one below the other.
static BARS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// A step under way. Reports success with [`Step::done`]; dropped before, it says nothing.
pub(crate) struct Step {
    name: String,
    since: Instant,
    bar: Option<ProgressBar>,
    told: Instant,
}

impl Step {
    /// Begins a step and shows its name.
    pub(crate) fn start(name: impl Into<String>) -> Self {
        let name = name.into();
        let now = Instant::now();
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = BARS.add(ProgressBar::new_spinner().with_prefix(name.clone()));
            if let Ok(style) = ProgressStyle::with_template("{spinner} {prefix} {elapsed:>4} {wide_msg:.dim}")
            {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        if bar.is_none() {
            eprintln!("… {name}");
        }
        Self { name, since: now, bar, told: now }
    }

    /// Shows what the step does right now.
    pub(crate) fn tell(&mut self, line: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(line.to_owned()),
            None if self.told.elapsed() >= SILENCE => {
                eprintln!("… {} {}: {line}", self.name, self.elapsed());
                self.told = Instant::now();
            }
            None => {}
        }
    }

    /// Ends the step well.
    pub(crate) fn done(self) {
        self.end("");
    }

    /// Ends the step well, with a word on the outcome.
    pub(crate) fn end(self, outcome: &str) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let space = if outcome.is_empty() { "" } else { ": " };
        BARS.suspend(|| eprintln!("✓ {} ({}){space}{outcome}", self.name, self.elapsed()));
    }

    fn elapsed(&self) -> String {
        let seconds = self.since.elapsed().as_secs();
        match (seconds / 60, seconds % 60) {
            (0, seconds) => format!("{seconds} s"),
            (minutes, seconds) => format!("{minutes} min {seconds} s"),
        }
    }

    /// Runs a command, telling its latest line; its whole output is returned.
    ///
    /// # Errors
    /// With the end of the output, when the command cannot start or fails.
    pub(crate) fn run(&mut self, command: &mut Command) -> Result<String> {
        let program = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {program}"))?;
        let (sender, lines) = channel();
        forward(child.stdout.take(), sender.clone());
        forward(child.stderr.take(), sender);
        let output = self.follow(&lines);
        let status = child.wait()?;
        if !status.success() {
            if let Some(bar) = &self.bar {
                bar.finish_and_clear();
            }
            let skipped = output.len().saturating_sub(TAIL);
            let mut stderr = std::io::stderr().lock();
            for line in output.iter().skip(skipped) {
                writeln!(stderr, "  {line}")?;
            }
            bail!("{}: {program} failed with {status}", self.name);
        }
        Ok(output.join("\n"))
    }

    fn follow(&mut self, lines: &Receiver<String>) -> Vec<String> {
        let mut output: Vec<String> = Vec::new();
        loop {
            match lines.recv_timeout(SILENCE) {
                Ok(line) => {
                    if !line.trim().is_empty() {
                        self.tell(line.trim());
                    }
                    output.push(line);
                }
                Err(RecvTimeoutError::Timeout) => {
                    let line = output.last().cloned().unwrap_or_default();
                    self.tell(line.trim());
                }
                Err(RecvTimeoutError::Disconnected) => return output,
            }
        }
    }
}

/// Sends each line of a pipe; ends with the pipe.
fn forward(pipe: Option<impl Read + Send + 'static>, lines: Sender<String>) {
    let Some(pipe) = pipe else { return };
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            if lines.send(line).is_err() {
                return;
            }
        }
    });
}
