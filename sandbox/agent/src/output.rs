//! What the tool writes becomes the container's output. While Docker is away nobody empties that pipe: the
//! tool must not wait for it, so what does not fit is dropped then, and the log says so.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use std::{
    fmt::Write as _,
    io::{Read, Write},
    os::fd::AsFd,
    time::Duration,
};
use tokio::{
    task::{JoinHandle, spawn_blocking},
    time::timeout,
};

/// A pipe that is ready takes as much at once (`PIPE_BUF`).
const PART: usize = 4096;
/// A reader that is only slow is waited for this long.
const PATIENCE: Timespec = Timespec { tv_sec: 1, tv_nsec: 0 };
const NONE: Timespec = Timespec { tv_sec: 0, tv_nsec: 0 };
/// For the tool's last words.
const LAST_WORDS: Duration = Duration::from_millis(500);

/// The tool's two outputs on their way.
pub(crate) struct Output([JoinHandle<()>; 2]);

impl Output {
    pub(crate) fn pass_on(stdout: impl Read + Send + 'static, stderr: impl Read + Send + 'static) -> Self {
        Self([
            spawn_blocking(move || pass(stdout, std::io::stdout())),
            spawn_blocking(move || pass(stderr, std::io::stderr())),
        ])
    }

    /// Waits for what is on its way; not for processes that the tool left behind.
    pub(crate) async fn drained(self) {
        let [stdout, stderr] = self.0;
        let _ = timeout(LAST_WORDS, async { (stdout.await, stderr.await) }).await;
    }
}

fn pass(mut from: impl Read, mut to: impl Write + AsFd) {
    let mut part = [0; PART];
    let mut dropped: u64 = 0;
    while let Ok(read @ 1..) = from.read(&mut part) {
        let patience = if dropped == 0 { PATIENCE } else { NONE };
        if !takes_more(&to, patience) {
            dropped = dropped.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
            continue;
        }
        if dropped > 0 {
            let mut note = String::new();
            let _ =
                writeln!(note, "\natelier-agent: {dropped} bytes of output were dropped: Docker was away");
            dropped = 0;
            if to.write_all(note.as_bytes()).is_err() || !takes_more(&to, PATIENCE) {
                continue;
            }
        }
        if to.write_all(&part[..read]).and_then(|()| to.flush()).is_err() {
            return;
        }
    }
}

fn takes_more(to: &impl AsFd, patience: Timespec) -> bool {
    let mut asked = [PollFd::new(to, PollFlags::OUT)];
    match poll(&mut asked, Some(&patience)) {
        Ok(ready) => ready > 0,
        // Then a write may wait, as it would without us.
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::pass;
    use std::{
        io::{Read, pipe},
        thread,
    };

    #[test]
    fn everything_passes_to_who_reads() {
        let (mut reader, writer) = pipe().unwrap();
        let text = "x".repeat(300_000);
        let written = text.clone();
        let passing = thread::spawn(move || pass(written.as_bytes(), writer));
        let mut read = String::new();
        reader.read_to_string(&mut read).unwrap();
        passing.join().unwrap();
        assert_eq!(read, text);
    }

    #[test]
    fn who_does_not_read_holds_nobody_up() {
        let (mut reader, writer) = pipe().unwrap();
        // More than a pipe holds.
        let text = "x".repeat(1_000_000);
        pass(text.as_bytes(), &writer);
        let mut first = [0; 1000];
        reader.read_exact(&mut first).unwrap();
        assert_eq!(first, [b'x'; 1000]);
    }
}
