//! A network of the test's own. What a test does there reaches nobody else, and it ends with the test.

use anyhow::Context;
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use std::fs::File;
use std::os::fd::AsFd;
use std::process::{Command, Stdio};

/// Moves this thread, and whatever it starts from now on, into a new network that has nothing but a
/// loopback. Call it before anything else: threads and processes that are there already stay outside.
///
/// # Errors
/// If this is not root.
pub fn enter() -> anyhow::Result<()> {
    // The network lives as long as somebody is in it; `cat` only until this thread is.
    let mut holder = Command::new("unshare")
        .args(["--net", "sh", "-c", "echo ready; exec cat"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("unshare cannot be started")?;
    let mut ready = [0; 6];
    let output = holder.stdout.as_mut().context("unshare has no output")?;
    std::io::Read::read_exact(output, &mut ready).context("a network of the test's own needs root")?;
    let network = File::open(format!("/proc/{}/ns/net", holder.id()))?;
    move_into_link_name_space(network.as_fd(), Some(LinkNameSpaceType::Network))?;
    drop(holder.stdin.take());
    holder.wait()?;
    ip(&["link", "set", "lo", "up"])
}

/// `ip` with these words, in the network of this thread.
///
/// # Errors
/// With what `ip` says.
pub fn ip(words: &[&str]) -> anyhow::Result<()> {
    let output = Command::new("ip").args(words).output().context("ip cannot be started")?;
    let said = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "ip {}: {said}", words.join(" "));
    Ok(())
}
