//! The settings, and what the program carries.

use super::finding::Finding;
use crate::config::Config;
use crate::environments::Environments;
use crate::http::page;
use crate::listen::tls;
use crate::workloads::{AGENT_MISSING, Agent};
use std::path::Path;

const HOW: &str = "docs/configuration.md says how";

pub(super) fn examine(config: &Config) -> Vec<Finding> {
    let files = [
        ("ca_certificates", &config.ca_certificates),
        ("pip_config", &config.pip_config),
        ("apt_config", &config.apt_config),
    ];
    let mut findings = vec![Finding::good("settings", "they can be read")];
    findings.extend(files.into_iter().filter_map(|(name, file)| readable(name, file.as_deref()?)));
    findings.push(cookies(config));
    let concerns = config.concerns().into_iter();
    findings.extend(concerns.map(|concern| Finding::warning("settings", concern, HOW)));
    findings.extend(certificates(config));
    findings.push(match Environments::new(config.environments_dir.as_deref()) {
        Ok(environments) => {
            Finding::good("environments", format!("{} are defined", environments.definitions().count()))
        }
        Err(error) => {
            Finding::bad("environments", format!("{error:#}"), "mend the definition in environments_dir")
        }
    });
    if !Agent::is_carried() {
        findings.push(Finding::bad("agent", AGENT_MISSING, "cargo xtask agent"));
    }
    if !page::is_carried() {
        let detail = "this server was built without its page";
        findings.push(Finding::bad("page", detail, "cargo xtask web"));
    }
    findings
}

/// Those by which the server itself speaks TLS.
fn certificates(config: &Config) -> Vec<Finding> {
    match tls::concerns(config) {
        Ok(concerns) => {
            concerns.into_iter().map(|concern| Finding::warning("certificates", concern, HOW)).collect()
        }
        Err(error) => vec![Finding::bad("certificates", format!("{error:#}"), HOW)],
    }
}

fn readable(name: &'static str, file: &Path) -> Option<Finding> {
    let error = std::fs::File::open(file).and_then(|file| file.metadata()).err()?;
    let mend = format!("correct the setting {name}, or the file's rights");
    Some(Finding::bad(name, format!("{}: {error}", file.display()), mend))
}

/// Over plain HTTP, passwords and cookies can be read on the way.
fn cookies(config: &Config) -> Finding {
    let url = &config.public_url;
    if config.secure_cookies() {
        return Finding::good("public_url", format!("{url} keeps passwords and cookies from being read"));
    }
    Finding::bad(
        "public_url",
        format!("{url} is not encrypted: passwords and cookies can be read on the way"),
        "give public_url an https:// address and the server a certificate (docs/configuration.md), or put a \
         proxy with TLS before it",
    )
}
