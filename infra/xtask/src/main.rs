//! `cargo xtask`: builds, starts and tests Atelier. See `infra/xtask/README.md`.

mod agent;
mod cargo;
mod progress;
mod stamp;
mod tree;
mod web;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Builds, starts and tests Atelier.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds the page into target/embed/web.
    Web {
        /// Small and optimized, for people; without it, quick to build.
        #[arg(long)]
        release: bool,
    },
    /// Builds the agent that runs in containers into target/embed/agent.
    Agent,
}

fn main() -> ExitCode {
    match run(Arguments::parse().task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("✗ {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: Task) -> anyhow::Result<()> {
    let tree = tree::Tree::find()?;
    match task {
        Task::Web { release } => web::build(&tree, release),
        Task::Agent => agent::build(&tree),
    }
}
