//! Rows of workloads over their lives, on both databases.

use super::end::End;
use super::rows::{StatusRow, WorkloadRow};
use super::wanted::{self, Goal, Wanted};
use super::{end, request, status};
use crate::db::testing::{both, surroundings};
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::tiers::store::TierRow;
use atelier_api::money::Micros;
use atelier_api::session::{AliveReason, EndCause, SessionState, StepName};
use diesel::prelude::*;

fn tier() -> TierRow {
    TierRow {
        id: "t".into(),
        name: "Small".into(),
        cpu_milli: 1000,
        memory_bytes: 1 << 30,
        archived_at: None,
        price: Micros(360_000),
    }
}

fn workload(id: &str) -> WorkloadRow {
    WorkloadRow {
        id: id.into(),
        kind: super::SESSION.into(),
        organization_id: "o".into(),
        project_id: "p".into(),
        owner_id: "u".into(),
        name: "Lab".into(),
        environment_id: "e".into(),
        tool: "jupyterlab".into(),
        wanted: Goal::Running.as_str().into(),
        stop_cause: None,
        generation: 1,
        created_at: 1,
        wanted_at: 1,
    }
}

/// The workload as the plan sees it.
fn seen(connection: &mut Connection, id: &str) -> Result<Wanted> {
    let found = wanted::load(connection, &[id.to_owned()])?;
    Ok(found.into_iter().find(|workload| workload.id == id).unwrap())
}

fn row(connection: &mut Connection, id: &str) -> Result<StatusRow> {
    Ok(schema::workload_status::table.find(id).select(StatusRow::as_select()).first(connection)?)
}

fn stopped(cause: EndCause) -> End {
    End { state: SessionState::Stopped, cause, failure: None, at: 90 }
}

/// Runs `check` on both databases, with a workload `w` that was asked to start.
async fn with_a_start(check: impl Fn(&mut Connection) -> Result<()> + Clone + Send + 'static) {
    for test in both() {
        let check = check.clone();
        test.db
            .write(move |connection| {
                surroundings(connection)?;
                request::create(connection, &workload("w"), "u", &tier())?;
                check(connection)
            })
            .await
            .unwrap();
    }
}

#[actix_web::test]
async fn from_a_start_to_its_end_and_to_the_next() {
    with_a_start(|connection| {
        let asked = seen(connection, "w")?;
        assert_eq!((asked.goal, asked.state, asked.started), (Goal::Running, SessionState::Starting, false));
        status::step_began(connection, "w", 1, StepName::Container)?;
        status::runs(connection, "w", 1, 50)?;
        let waiting = seen(connection, "w")?;
        assert!(waiting.started && !waiting.ready && waiting.tool_since.is_some());
        assert!(status::ready(connection, "w", 1)?);
        assert!(!status::ready(connection, "w", 1)?, "the agent says so again after a reconnection");
        let running = seen(connection, "w")?;
        assert_eq!((running.state, running.tool_since, running.ready), (SessionState::Running, None, true));

        request::stop(connection, "w", EndCause::Idle)?;
        request::stop(connection, "w", EndCause::User)?;
        assert_eq!(seen(connection, "w")?.goal, Goal::Stopped);
        let cause: Option<String> =
            schema::workloads::table.find("w").select(schema::workloads::stop_cause).first(connection)?;
        assert_eq!(cause.as_deref(), Some("idle"), "the first cause stays");
        status::ended(connection, "w", 1, &stopped(EndCause::Idle))?;
        assert!(wanted::load(connection, &[])?.is_empty(), "what is over is not looked at");

        request::start_again(connection, &workload("w"), "u", &tier())?;
        let again = seen(connection, "w")?;
        assert_eq!((again.generation, again.goal, again.state), (2, Goal::Running, SessionState::Starting));
        assert!(!again.started && !again.ready, "nothing of the former start is left");
        let row = row(connection, "w")?;
        assert_eq!(
            (row.ended_at, row.end_cause, row.alive),
            (None, None, super::alive_json(&AliveReason::Starting))
        );
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn a_former_start_changes_nothing_any_more() {
    with_a_start(|connection| {
        status::ended(connection, "w", 1, &stopped(EndCause::User))?;
        request::start_again(connection, &workload("w"), "u", &tier())?;
        let before = row(connection, "w")?;
        status::runs(connection, "w", 1, 50)?;
        assert!(!status::ready(connection, "w", 1)?);
        status::out_of_memory(connection, "w", 1, (1, 2))?;
        status::stopping(connection, "w", 1)?;
        status::unknown(connection, "w", 1)?;
        assert!(!status::give_up(connection, "w", 1, EndCause::StartFailed, None)?);
        status::ended(connection, "w", 1, &stopped(EndCause::User))?;
        assert_eq!(row(connection, "w")?, before);
        assert_eq!(seen(connection, "w")?.goal, Goal::Running);
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn an_end_that_nobody_asked_for_is_not_followed_by_a_start() {
    with_a_start(|connection| {
        status::runs(connection, "w", 1, 50)?;
        let lost = end::without_container(Goal::Running, None, None, 90);
        status::ended(connection, "w", 1, &lost)?;
        let after = seen(connection, "w")?;
        assert_eq!((after.goal, after.state), (Goal::Stopped, SessionState::Failed));
        status::runs(connection, "w", 1, 50)?;
        assert_eq!(seen(connection, "w")?.state, SessionState::Failed, "a late look does not undo it");
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn while_docker_is_away_what_ran_is_unknown_and_what_starts_waits() {
    with_a_start(|connection| {
        request::create(connection, &workload("starting"), "u", &tier())?;
        request::create(connection, &workload("over"), "u", &tier())?;
        status::ended(connection, "over", 1, &stopped(EndCause::User))?;
        status::runs(connection, "w", 1, 50)?;
        let mut changed: Vec<String> =
            status::docker_away(connection)?.into_iter().map(|(_, id)| id).collect();
        changed.sort();
        assert_eq!(changed, ["starting", "w"]);
        assert!(status::docker_away(connection)?.is_empty(), "it is said once");
        assert_eq!(seen(connection, "w")?.state, SessionState::Unknown);
        assert_eq!(seen(connection, "starting")?.state, SessionState::Starting);
        assert_eq!(row(connection, "starting")?.failure_code.as_deref(), Some(status::DOCKER_AWAY));
        assert_eq!(row(connection, "over")?.failure_code, None);

        status::runs(connection, "w", 1, 50)?;
        let back = row(connection, "w")?;
        assert_eq!((back.state(), back.failure_code), (SessionState::Starting, None));
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn what_is_deleted_stops_and_disappears() {
    with_a_start(|connection| {
        request::create(connection, &workload("over"), "u", &tier())?;
        status::ended(connection, "over", 1, &stopped(EndCause::User))?;
        let mut ids = request::delete_all_of_project(connection, "p")?;
        ids.sort();
        assert_eq!(ids, ["over", "w"]);
        let deleted = seen(connection, "w")?;
        assert_eq!((deleted.goal, deleted.state), (Goal::Deleted, SessionState::Stopping));
        assert_eq!(seen(connection, "over")?.state, SessionState::Stopped);
        assert!(request::delete_all_of_project(connection, "p")?.is_empty());
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn whoever_may_no_longer_has_nothing_running() {
    with_a_start(|connection| {
        assert!(request::stop_all_of_person(connection, "other", "u")?.is_empty());
        let stopped = request::stop_all_of_person(connection, "o", "u")?;
        assert_eq!(stopped, [("p".to_owned(), "w".to_owned())]);
        assert_eq!(seen(connection, "w")?.goal, Goal::Stopped);
        assert!(request::stop_all_of_person(connection, "o", "u")?.is_empty());
        Ok(())
    })
    .await;
}

#[actix_web::test]
async fn an_installation_keeps_its_name() {
    for test in both() {
        let first = test.db.admit(super::installation_id).await.unwrap();
        assert_eq!(test.db.admit(super::installation_id).await.unwrap(), first);
    }
}
