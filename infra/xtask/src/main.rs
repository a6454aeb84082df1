//! `cargo xtask`: builds, starts and tests Atelier. See `infra/xtask/README.md`.

mod agent;
mod base_image;
mod bench;
mod beside;
mod cargo;
mod check;
mod dockerd;
mod environment;
mod host;
mod postgres;
mod prerequisites;
mod progress;
mod settings;
mod stamp;
mod test;
mod tidy;
mod tools;
mod tree;
mod up;
mod web;

use clap::{Parser, Subcommand};
use std::process::ExitCode;
use tree::Tree;

/// Builds, starts and tests Atelier.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Builds and starts Atelier, from nothing to a set-up link.
    Up(up::Options),
    /// Runs every test; all that they need is set up first.
    Test(test::Options),
    /// Measures the figures of docs/performance.md, ours and the peers'.
    Bench(bench::Options),
    /// Format, lints, licences, unused dependencies, spelling, house rules.
    Check,
    /// Builds the page into target/embed/web.
    Web {
        /// Small and optimized, for people; without it, quick to build.
        #[arg(long)]
        release: bool,
    },
    /// Builds the agent that runs in containers into target/embed/agent.
    Agent,
    /// Makes the image that environments build upon, unless it is there.
    BaseImage,
    /// Builds an environment of sandbox/images.
    Environment {
        /// Name of its folder.
        id: String,
    },
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
    let tree = Tree::find()?;
    match task {
        Task::Up(options) => up::up(&tree, &options),
        Task::Test(options) => test::test(&tree, &options),
        Task::Bench(options) => bench::bench(&tree, &options),
        Task::Check => check::check(&tree),
        Task::Web { release: false } => web::build(&tree, web::Build::Dev),
        Task::Web { release: true } => web::build(&tree, web::Build::Release),
        Task::Agent => agent::build(&tree, agent::PROFILE),
        Task::BaseImage => {
            prerequisites::ensure()?;
            dockerd::ensure(&tree.scratch(""))?;
            base_image::make(&tree)
        }
        Task::Environment { id } => {
            let server = test::build(&tree)?;
            environment::build(&tree, &server, &id).map(|image| println!("{image}"))
        }
    }
}
