//! `atelier doctor`: what is missing and what is not safe, each with what mends it. It changes nothing.

mod configuration;
mod database;
mod docker;
mod finding;
mod host;
mod images;
mod network;
mod objects;
mod reach;

use crate::config::{Config, Flags};
use clap::Args;
use finding::{Finding, Level};
use std::process::ExitCode;

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    flags: Flags,
    /// Print one JSON document instead of lines.
    #[arg(long)]
    json: bool,
}

/// Prints what was found. The exit code is 1 if something is bad, else 0.
///
/// # Errors
/// If the findings have no form in JSON.
pub async fn run(options: Options) -> anyhow::Result<ExitCode> {
    let findings = match Config::load(&options.flags) {
        Ok(config) => examine(&config).await,
        Err(error) => {
            vec![Finding::bad("settings", format!("{error:#}"), "change the setting; docs/configuration.md")]
        }
    };
    if options.json {
        println!("{}", serde_json::to_string_pretty(&findings)?);
    } else {
        findings.iter().for_each(Finding::print);
    }
    let bad = findings.iter().any(|finding| finding.level == Level::Bad);
    Ok(if bad { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

async fn examine(config: &Config) -> Vec<Finding> {
    let mut findings = configuration::examine(config);
    findings.extend(host::examine(config));
    findings.extend(database::examine(config));
    findings.push(objects::examine(config).await);
    findings.extend(network::examine(config).await);
    findings.extend(docker::examine(config).await);
    findings
}
