//! Whether a person may start something now. What is read here must hold at the commit: call it within
//! `Db::admit`.

use crate::access::{GrantsOn, Viewer};
use crate::app::App;
use crate::billing::spent_this_month;
use crate::db::{Connection, now, schema};
use crate::error::{Error, Result};
use crate::organizations::{self, Organization};
use crate::projects::Project;
use crate::tiers::store::{TierRow, all};
use crate::workloads::Goal;
use atelier_api::money::Micros;
use atelier_api::role::{Action, Object};
use atelier_api::session::SessionState;
use atelier_api::tier::TierUnavailable;
use diesel::prelude::*;
use std::time::Duration;

/// For Docker to answer while a person waits.
const PATIENCE: Duration = Duration::from_secs(5);

/// An administrator's limits for a person, and what is used of them.
pub(super) struct Limits {
    pub(super) running: i64,
    pub(super) sessions_at_once: Option<i64>,
    pub(super) spent_this_month: Micros,
    pub(super) monthly_limit: Option<Micros>,
}

impl Limits {
    pub(super) fn load(connection: &mut Connection, organization_id: &str, user_id: &str) -> Result<Limits> {
        use schema::{organization_members as members, workload_status as status, workloads};
        let (sessions_at_once, monthly_limit): (Option<i64>, Option<i64>) = members::table
            .find((organization_id, user_id))
            .select((members::sessions_at_once, members::monthly_limit_micros))
            .first(connection)?;
        // What is still stopping counts: its container is still there.
        let over = [SessionState::Stopped, SessionState::Failed].map(SessionState::as_str);
        let running = workloads::table
            .inner_join(status::table)
            .filter(workloads::organization_id.eq(organization_id))
            .filter(workloads::owner_id.eq(user_id))
            .filter(workloads::wanted.eq(Goal::Running.as_str()).or(status::state.ne_all(over)))
            .count()
            .get_result(connection)?;
        let spent_this_month = spent_this_month(connection, organization_id, user_id, now())?;
        Ok(Limits { running, sessions_at_once, spent_this_month, monthly_limit: monthly_limit.map(Micros) })
    }

    fn check(&self, currency: &str) -> Result<()> {
        if let Some(most) = self.sessions_at_once
            && self.running >= most
        {
            let detail = format!(
                "You have {} running and may have {most} at once. Stop one first, or ask an administrator \
                 for more.",
                sessions(self.running)
            );
            return Err(Error::refused("sessions-at-once", detail));
        }
        if let Some(limit) = self.monthly_limit
            && self.spent_this_month >= limit
        {
            let detail = format!(
                "You have spent {} {currency} this month and your limit is {limit} {currency}. Ask an \
                 administrator to raise it.",
                self.spent_this_month
            );
            return Err(Error::refused("monthly-limit", detail));
        }
        Ok(())
    }
}

fn sessions(count: i64) -> String {
    if count == 1 { "1 session".to_owned() } else { format!("{count} sessions") }
}

/// Nothing is started while Docker does not answer.
pub(super) async fn docker_answers(app: &App) -> Result<()> {
    let ask = async {
        match app.host.capacity() {
            // What was true at the last look may have been the daemon before it froze.
            Some(_) => app.docker.ping().await,
            None => app.host.look(&app.docker).await,
        }
    };
    let asked = tokio::time::timeout(PATIENCE, ask).await;
    asked.map_err(anyhow::Error::new).and_then(|seen| seen.map_err(anyhow::Error::new)).map_err(|error| {
        Error::unavailable(
            "docker-unreachable",
            "Docker does not answer, so nothing can be started now. Try again in a moment; if it stays, an \
             administrator must look after Docker on the host.",
            error,
        )
    })
}

/// The tier, if the person may start something of its size in the project now.
pub(super) fn start(
    connection: &mut Connection,
    app: &App,
    project: &Project,
    user_id: &str,
    tier_id: &str,
) -> Result<TierRow> {
    use schema::projects;
    // The guard asked before this transaction began; a role may have ended since.
    let viewer = Viewer::load(connection, &app.policies, &project.organization.id, user_id)?;
    let may = |viewer: &Viewer| viewer.may_own_in(&project.row.id, Object::Session, Action::Start);
    let viewer = viewer.filter(may).ok_or_else(Error::not_found)?;
    let open: i64 = projects::table
        .find(&project.row.id)
        .filter(projects::archived_at.is_null())
        .filter(projects::deleted_at.is_null())
        .count()
        .get_result(connection)?;
    if open == 0 {
        let detail = "The project is archived: nothing is started in it. Bring it back first.";
        return Err(Error::conflict("project-archived", detail));
    }
    let organization = &project.organization;
    Limits::load(connection, &organization.id, user_id)?.check(&organization.currency)?;
    let tier = all(connection, &organization.id)?.into_iter().find(|tier| tier.id == tier_id);
    let tier = tier.ok_or_else(|| Error::invalid_field("tier", "is not a tier of this organization"))?;
    if tier.archived_at.is_some() {
        return Err(Error::invalid_field("tier", "is no longer offered; choose another"));
    }
    let said = GrantsOn::load(connection, Object::Tier, [tier.id.as_str()], user_id, &[])?;
    if !viewer.may_in(&project.row.id, said.of(&tier.id), Object::Tier, Action::Start) {
        return Err(kept_for_others(connection, organization, &tier)?);
    }
    match app.host.refuses(tier.cpu_milli, tier.memory_bytes) {
        None => Ok(tier),
        Some(why) => Err(Error::invalid_field("tier", too_large(&why))),
    }
}

/// In words, with whom to ask.
fn kept_for_others(
    connection: &mut Connection,
    organization: &Organization,
    tier: &TierRow,
) -> Result<Error> {
    let administrators = organizations::administrators(connection, &organization.id)?.join(", ");
    let detail = format!(
        "{} is kept for chosen people and groups. Choose another size, or ask one of the administrators: \
         {administrators}.",
        tier.name
    );
    Ok(Error::refused("tier-restricted", detail))
}

fn too_large(why: &TierUnavailable) -> String {
    match why {
        TierUnavailable::Cpu { host_milli } => {
            format!("wants more CPUs than the host's {}; choose a smaller one", host_milli / 1000)
        }
        TierUnavailable::Memory { host_bytes } => {
            format!("wants more memory than the host's {} GiB; choose a smaller one", host_bytes >> 30)
        }
        TierUnavailable::Unknown => "cannot be checked: Docker does not answer".to_owned(),
        TierUnavailable::Restricted { .. } => "is kept for others".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(running: i64, most: Option<i64>, spent: i64, limit: Option<i64>) -> Limits {
        Limits {
            running,
            sessions_at_once: most,
            spent_this_month: Micros(spent),
            monthly_limit: limit.map(Micros),
        }
    }

    fn code(limits: &Limits) -> Option<String> {
        limits.check("EUR").err().map(|error| error.problem().code.clone())
    }

    #[test]
    fn limits_are_refused_in_words_with_figures() {
        assert_eq!(code(&limits(9, None, 9_000_000, None)), None);
        assert_eq!(code(&limits(1, Some(2), 0, Some(1))), None);
        assert_eq!(code(&limits(2, Some(2), 0, None)).as_deref(), Some("sessions-at-once"));
        assert_eq!(code(&limits(0, Some(0), 0, None)).as_deref(), Some("sessions-at-once"));
        assert_eq!(code(&limits(0, None, 5_000_000, Some(5_000_000))).as_deref(), Some("monthly-limit"));
        let detail = limits(0, None, 5_250_000, Some(5_000_000)).check("EUR").unwrap_err();
        let detail = &detail.problem().detail;
        assert!(detail.contains("5.25 EUR") && detail.contains("5.00 EUR"), "{detail}");
    }
}
