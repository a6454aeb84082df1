//! The host is closed to containers before any of them gets a network.

use crate::app::App;
use actix_web::web::Data;
use atelier_sandbox::firewall::Allowed;
use std::time::Duration;

/// A restart of Docker, which is noticed, or of its host's firewall, which is not, takes the rules away; setting
/// them again changes nothing.
const AGAIN: Duration = Duration::from_secs(60);
const RETRY: Duration = Duration::from_secs(5);

/// Runs until the server ends.
pub(super) async fn keep(app: Data<App>) {
    let mut said = String::new();
    loop {
        let set = set(&app).await;
        app.workloads.0.firewall.send_replace(Some(set.is_ok()));
        let wait = match set {
            Ok(()) => {
                said.clear();
                AGAIN
            }
            Err(cause) => {
                if said != cause {
                    tracing::warn!(
                        cause,
                        "the firewall could not be set: sessions have no network until it is. Run the \
                         server as root, or let it run containers with NET_ADMIN on the host's network; \
                         `iptables -n -L DOCKER-USER` must answer there"
                    );
                    said = cause;
                }
                RETRY
            }
        };
        let mut known = app.workloads.0.firewall.subscribe();
        tokio::time::timeout(wait, known.wait_for(Option::is_none)).await.ok();
    }
}

async fn set(app: &App) -> Result<(), String> {
    let agent = app.workloads.0.agent.path().ok_or_else(|| super::agent::MISSING.to_owned())?;
    let allowed: Vec<Allowed> =
        app.config.egress_allow.iter().map(|entry| entry.parse()).collect::<Result<_, _>>()?;
    app.docker
        .set_firewall(app.workloads.installation(), agent, &allowed)
        .await
        .map_err(|error| error.to_string())
}
