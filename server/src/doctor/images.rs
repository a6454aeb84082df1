//! The images: what environments are built from, and whether each is built.

use super::finding::Finding;
use crate::config::Config;
use crate::environments::Environments;
use atelier_sandbox::Docker;

/// What the environments that come with Atelier build upon.
const BASE: &str = "atelier/base:trixie";

pub(super) async fn examine(config: &Config, docker: &Docker) -> Vec<Finding> {
    let base = match docker.image(BASE).await {
        Ok(Some(_)) => Finding::good("base_image", format!("{BASE} is there")),
        Ok(None) => {
            let detail = format!("{BASE} is missing: the environments cannot be built");
            Finding::bad("base_image", detail, "cargo xtask base-image")
        }
        Err(error) => Finding::warning("base_image", error.to_string(), "docker image ls"),
    };
    let mut findings = vec![base];
    // What is wrong with a definition is among the findings of the configuration.
    let Ok(environments) = Environments::new(config.environments_dir.as_deref()) else { return findings };
    for environment in environments.definitions() {
        let id = &environment.about.id;
        findings.push(match docker.image(&environment.tag()).await {
            Ok(Some(_)) => Finding::good("environment", format!("{id} is built")),
            Ok(None) => {
                let detail = format!("{id} is not built: its first session waits for that");
                Finding::warning("environment", detail, format!("atelier build-environment {id}"))
            }
            Err(error) => Finding::warning("environment", format!("{id}: {error}"), "docker image ls"),
        });
    }
    findings
}
