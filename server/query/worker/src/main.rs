//! The program that computes on tables: `atelier-query`. The server starts one for each organization and speaks to it
//! by its standard input, where it asks, and its standard output, where it hands out files. It can do nothing else:
//! see [`fence`].

mod answer;
mod csv;
mod engine;
mod fault;
mod feed;
mod fence;
mod files;
mod open;
mod rows;
mod shown;
mod sql;

use anyhow::Context;
use clap::Parser;
use engine::Engine;
use feed::Feed;
use std::os::fd::{AsFd, BorrowedFd};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::net::UnixStream;

/// Started by the server, not by people.
#[derive(Parser)]
struct Options {
    /// An empty folder for what does not fit into memory.
    #[arg(long)]
    spill_dir: PathBuf,
    /// Bytes of memory, of which most is for the rows of queries.
    #[arg(long)]
    memory_bytes: u64,
    /// Bytes of what is spilled.
    #[arg(long)]
    spill_bytes: u64,
}

/// A text that is nested, or a long sum, is walked through as deep as it is.
const STACK: usize = 16 << 20;

fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    // Not a fault of ours, as a rule: readers stumble over files that were made for it. Values are not told.
    std::panic::set_hook(Box::new(|about| {
        if let Some(place) = about.location() {
            eprintln!("a file or question made the worker for tables stumble at {place}");
        }
    }));
    let (asks, files) = (own(std::io::stdin().as_fd())?, own(std::io::stdout().as_fd())?);
    // Before there are threads: each takes it over from its parent.
    fence::files(&options.spill_dir)?;
    fence::memory(options.memory_bytes)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_io()
        .enable_time()
        .thread_stack_size(STACK)
        .build()?;
    fence::calls()?;
    runtime.block_on(async {
        let (asks, files) = (UnixStream::from_std(asks)?, UnixStream::from_std(files)?);
        let (feed, moving) = Feed::new(files).await?;
        tokio::spawn(moving);
        let engine =
            Arc::new(Engine::new(&options.spill_dir, options.memory_bytes, options.spill_bytes, feed)?);
        let served = atelier_query::serve(asks, move |request| answer::answer(engine.clone(), request)).await;
        // The server is gone, and what is still computed is for nobody: not waited for.
        std::process::exit(i32::from(served.is_err()))
    })
}

/// What the server handed over.
fn own(fd: BorrowedFd<'_>) -> anyhow::Result<std::os::unix::net::UnixStream> {
    let socket = std::os::unix::net::UnixStream::from(fd.try_clone_to_owned()?);
    socket.set_nonblocking(true).context("not a socket: this program is started by the server")?;
    Ok(socket)
}
