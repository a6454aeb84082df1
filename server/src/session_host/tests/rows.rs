use super::super::port::{assign, session_on};
use super::super::store::{Admitted, admitted, use_entry};
use crate::access::{Policies, hash_token};
use crate::config::Ports;
use crate::db::{Connection, schema, testing::both};
use crate::error::Result;
use atelier_api::session::SessionState;
use diesel::prelude::*;
use diesel::sql_query;

const NOW: i64 = 1_794_744_000_000;
const MINUTE: i64 = 60_000;
const DAY: i64 = 1440 * MINUTE;

/// Uma, signed in for a day, has a session `w` in a project of hers, and a code for it.
fn an_open_session(connection: &mut Connection) -> Result<()> {
    use schema::{
        organization_members as om, organizations as o, project_members as pm, projects as p,
        session_entries as e, sign_ins as s, users as u, workload_status as ws, workloads as w,
    };
    diesel::insert_into(u::table)
        .values((
            (u::id.eq("u"), u::email.eq("u@x.org"), u::email_key.eq("u@x.org"), u::name.eq("Uma")),
            (u::password_hash.eq(""), u::language.eq("en"), u::theme.eq("system")),
            (u::operator.eq(false), u::created_at.eq(0)),
        ))
        .execute(connection)?;
    diesel::insert_into(s::table)
        .values((
            (
                s::id.eq("s"),
                s::user_id.eq("u"),
                s::token_hash.eq("t"),
                s::user_agent.eq(""),
                s::address.eq(""),
            ),
            (s::created_at.eq(0), s::last_seen_at.eq(0), s::expires_at.eq(NOW + DAY)),
        ))
        .execute(connection)?;
    diesel::insert_into(o::table)
        .values((
            o::id.eq("o"),
            o::slug.eq("acme"),
            o::name.eq("O"),
            o::currency.eq("USD"),
            o::created_at.eq(0),
        ))
        .execute(connection)?;
    diesel::insert_into(om::table)
        .values((
            om::organization_id.eq("o"),
            om::user_id.eq("u"),
            om::role.eq("member"),
            om::joined_at.eq(0),
        ))
        .execute(connection)?;
    diesel::insert_into(p::table)
        .values((
            (p::id.eq("p"), p::organization_id.eq("o"), p::slug.eq("churn"), p::name.eq("P")),
            (p::description.eq(""), p::sample.eq(false), p::created_by.eq("u"), p::created_at.eq(0)),
        ))
        .execute(connection)?;
    diesel::insert_into(pm::table)
        .values((pm::project_id.eq("p"), pm::user_id.eq("u"), pm::role.eq("owner"), pm::since.eq(0)))
        .execute(connection)?;
    for id in ["w", "other"] {
        diesel::insert_into(w::table)
            .values((
                (w::id.eq(id), w::kind.eq("session"), w::organization_id.eq("o"), w::project_id.eq("p")),
                (w::owner_id.eq("u"), w::name.eq("Lab"), w::environment_id.eq("e"), w::tool.eq("jupyterlab")),
                (w::wanted.eq("running"), w::generation.eq(1), w::created_at.eq(0), w::wanted_at.eq(0)),
            ))
            .execute(connection)?;
    }
    diesel::insert_into(ws::table)
        .values((
            (ws::workload_id.eq("w"), ws::state.eq("running"), ws::alive.eq("{}")),
            (ws::last_active_at.eq(0), ws::updated_at.eq(0)),
        ))
        .execute(connection)?;
    diesel::insert_into(e::table)
        .values((
            (e::code_hash.eq(hash_token("code")), e::workload_id.eq("w")),
            (e::sign_in_id.eq("s"), e::expires_at.eq(NOW + MINUTE)),
        ))
        .execute(connection)?;
    Ok(())
}

fn enters(connection: &mut Connection, workload_id: &str, now: i64) -> Result<bool> {
    Ok(use_entry(connection, workload_id, "code", now)?.is_some())
}

#[actix_web::test]
async fn a_code_works_once_in_its_minute_for_its_session_and_sign_in() {
    for test in both() {
        let change = |connection: &mut Connection| {
            an_open_session(connection)?;
            assert_eq!(use_entry(connection, "w", "guess", NOW)?, None);
            assert!(!enters(connection, "other", NOW)?);
            assert!(!enters(connection, "w", NOW + MINUTE)?);
            sql_query("UPDATE sign_ins SET id = 'another'").execute(connection)?;
            assert!(!enters(connection, "w", NOW)?);
            sql_query("UPDATE sign_ins SET id = 's'").execute(connection)?;
            let (_, expires_at) = use_entry(connection, "w", "code", NOW)?.unwrap();
            assert_eq!(expires_at, NOW + DAY);
            assert!(!enters(connection, "w", NOW)?);
            Ok(())
        };
        test.db.write(change).await.unwrap();
    }
}

#[actix_web::test]
async fn of_many_who_use_a_code_at_once_one_enters() {
    for test in both() {
        test.db.write(an_open_session).await.unwrap();
        let uses = (0..8).map(|_| test.db.admit(|connection| enters(connection, "w", NOW)));
        let outcomes = futures::future::join_all(uses).await;
        assert_eq!(outcomes.into_iter().filter(|outcome| matches!(outcome, Ok(true))).count(), 1);
    }
}

#[actix_web::test]
async fn a_cookie_admits_for_as_long_as_the_right_lasts() {
    let policies = Policies::load().unwrap();
    for test in both() {
        let policies = policies.clone();
        let change = move |connection: &mut Connection| {
            an_open_session(connection)?;
            let (token, _) = use_entry(connection, "w", "code", NOW)?.unwrap();
            let asks = |connection: &mut Connection, id: &str, token: &str, now| {
                admitted(connection, &policies, id, &hash_token(token), now)
            };
            let granted =
                Admitted { state: SessionState::Running, page: "/acme/churn/sessions/w".to_owned() };
            assert_eq!(asks(connection, "w", &token, NOW)?.as_ref(), Some(&granted));
            assert_eq!(asks(connection, "other", &token, NOW)?, None);
            assert_eq!(asks(connection, "w", "guess", NOW)?, None);
            assert_eq!(asks(connection, "w", &token, NOW + DAY)?, None);
            for (lost, regained) in [
                ("UPDATE sign_ins SET id = 'ended'", "UPDATE sign_ins SET id = 's'"),
                (
                    "UPDATE organization_members SET disabled_at = 1",
                    "UPDATE organization_members SET disabled_at = NULL",
                ),
                (
                    "UPDATE organization_members SET role = 'guest'",
                    "UPDATE organization_members SET role = 'member'",
                ),
                (
                    "UPDATE project_members SET role = 'client'",
                    "UPDATE project_members SET role = 'data-scientist'",
                ),
                ("UPDATE projects SET deleted_at = 1", "UPDATE projects SET deleted_at = NULL"),
                ("UPDATE workloads SET deleted_at = 1", "UPDATE workloads SET deleted_at = NULL"),
            ] {
                sql_query(lost).execute(connection)?;
                let after = asks(connection, "w", &token, NOW)?;
                sql_query(regained).execute(connection)?;
                assert_eq!(asks(connection, "w", &token, NOW)?.as_ref(), Some(&granted), "{regained}");
                // A guest keeps what a role in the project gives.
                assert_eq!(after.is_some(), lost.contains("guest"), "{lost}");
            }
            sql_query("DELETE FROM project_members").execute(connection)?;
            assert_eq!(asks(connection, "w", &token, NOW)?, None);
            Ok(())
        };
        test.db.write(change).await.unwrap();
    }
}

#[actix_web::test]
async fn a_port_is_kept_for_as_long_as_it_is_needed() {
    for test in both() {
        let change = |connection: &mut Connection| {
            an_open_session(connection)?;
            let ports = |range: &str| range.parse::<Ports>().unwrap();
            let (one, two) = (ports("20000-20000"), ports("20000-20001"));
            assert_eq!(assign(connection, "w", &one, NOW)?, 20000);
            assert_eq!(assign(connection, "w", &two, NOW)?, 20000);
            assert_eq!(session_on(connection, 20000)?.as_deref(), Some("w"));
            let refused = assign(connection, "other", &one, NOW).err().unwrap();
            assert_eq!(refused.problem().code, "no-port");
            assert_eq!(assign(connection, "other", &two, NOW)?, 20001);
            // The range was changed.
            assert_eq!(assign(connection, "other", &ports("21000-21000"), NOW)?, 21000);
            assert_eq!(session_on(connection, 20001)?, None);
            // Whoever was there has ended.
            sql_query("UPDATE workload_status SET state = 'stopped'").execute(connection)?;
            assert_eq!(assign(connection, "other", &one, NOW)?, 20000);
            assert_eq!(session_on(connection, 20000)?.as_deref(), Some("other"));
            assert_eq!(assign(connection, "w", &two, NOW)?, 20001);
            Ok(())
        };
        test.db.write(change).await.unwrap();
    }
}
