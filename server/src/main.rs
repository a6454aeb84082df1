//! Atelier: a collaborative data science workspace in one program.

mod access;
mod accounts;
mod app;
mod artifacts;
mod backup;
mod billing;
mod channel;
mod config;
mod data;
mod datasets;
mod db;
mod disk;
mod doctor;
mod environments;
mod error;
mod events;
mod file_limit;
mod files;
#[cfg(test)]
mod fuzz;
mod grants;
mod groups;
mod http;
mod inside;
mod leases;
mod listen;
mod metrics;
mod models;
mod mounts;
mod objects;
mod organizations;
mod projects;
mod results;
mod roles;
mod routes;
mod serve;
mod session_host;
mod sessions;
mod slug;
mod storage;
mod tables;
mod tiers;
mod tokens;
mod trees;
mod uploads;
mod workloads;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Gives back what was freed, as the 19 MiB of each password; told how in `.cargo/config.toml`.
#[cfg(feature = "jemalloc")]
#[global_allocator]
static MEMORY: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

#[derive(Parser)]
#[command(version, about = "A collaborative data science workspace")]
struct Command {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Run the server.
    Serve(serve::Options),
    /// Sign in to a server from this machine with an access token.
    Login(atelier_cli::Login),
    /// Push, pull and compare versions of datasets.
    Data(atelier_cli::Data),
    /// Say what is missing and what is not safe, each with what mends it.
    Doctor(doctor::Options),
    /// Write the database and the settings into one file, and if asked for the files of versions. The server may run meanwhile.
    Backup(backup::BackupOptions),
    /// Fill an empty installation from such a file, on either database; broken off, it goes on when run again.
    Restore(backup::Options),
    /// Help people who cannot sign in.
    Admin(accounts::admin::Options),
    /// What is stored of people's data, whether it is whole, what is not needed.
    Storage(objects::command::Options),
    /// Read all of people's data and compare every checksum; first make its index anew if need be.
    Check(objects::command::CheckOptions),
    /// Build an environment's image now, without a server.
    BuildEnvironment(environments::by_hand::Options),
    /// Print the OpenAPI document.
    Openapi,
}

fn main() -> anyhow::Result<ExitCode> {
    let system = actix_web::rt::System::new;
    match Command::parse().verb {
        Verb::Serve(options) => system().block_on(serve::run(options))?,
        Verb::Login(options) => return Ok(atelier_cli::login(&options)),
        Verb::Data(options) => return Ok(atelier_cli::data(&options)),
        Verb::Doctor(options) => return system().block_on(doctor::run(options)),
        Verb::Backup(options) => backup::backup(&options)?,
        Verb::Restore(options) => backup::restore(&options)?,
        Verb::Admin(options) => system().block_on(accounts::admin::run(options))?,
        Verb::Storage(options) => return system().block_on(objects::command::run(options)),
        Verb::Check(options) => return system().block_on(objects::command::check(options)),
        Verb::BuildEnvironment(options) => system().block_on(environments::by_hand::run(options))?,
        Verb::Openapi => println!("{}", http::openapi::document(&routes::all()).to_pretty_json()?),
    }
    Ok(ExitCode::SUCCESS)
}
