//! Atelier: a collaborative data science workspace in one program.

mod access;
mod accounts;
mod app;
mod billing;
mod channel;
mod config;
mod db;
mod environments;
mod error;
mod events;
mod file_limit;
mod http;
mod inside;
mod organizations;
mod projects;
mod roles;
mod routes;
mod serve;
mod session_host;
mod sessions;
mod slug;
mod tiers;
mod workloads;

use clap::{Parser, Subcommand};

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
    /// Help people who cannot sign in.
    Admin(accounts::admin::Options),
    /// Print the OpenAPI document.
    Openapi,
}

fn main() -> anyhow::Result<()> {
    match Command::parse().verb {
        Verb::Serve(options) => actix_web::rt::System::new().block_on(serve::run(options)),
        Verb::Admin(options) => actix_web::rt::System::new().block_on(accounts::admin::run(options)),
        Verb::Openapi => {
            println!("{}", http::openapi::document(&routes::all()).to_pretty_json()?);
            Ok(())
        }
    }
}
