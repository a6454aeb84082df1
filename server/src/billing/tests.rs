use super::clock::Moment;
use super::ledger::{self, Ending};
use super::{costs, spent_this_month};
use crate::db::testing::{both, surroundings};
use crate::db::{Connection, schema};
use crate::error::Result;
use atelier_api::money::Micros;
use diesel::prelude::*;

const HOUR: i64 = 3_600_000;
/// 2026-11-15 12:00 UTC
const NOON: i64 = 1_794_744_000_000;

fn moment(wall: i64) -> Moment {
    Moment { wall, boot_id: "boot".into(), boot_ms: wall - NOON + 1_000_000_000 }
}

/// A person with a workload that was started once, at 0.36 an hour.
fn a_start(connection: &mut Connection) -> Result<()> {
    use schema::{workload_starts as s, workloads as w};
    surroundings(connection)?;
    diesel::insert_into(w::table)
        .values((
            (w::id.eq("w"), w::kind.eq("session"), w::organization_id.eq("o"), w::project_id.eq("p")),
            (w::owner_id.eq("u"), w::name.eq("Lab"), w::environment_id.eq("e"), w::tool.eq("jupyterlab")),
            (w::wanted.eq("running"), w::generation.eq(1), w::created_at.eq(0), w::wanted_at.eq(0)),
        ))
        .execute(connection)?;
    diesel::insert_into(s::table)
        .values((
            (s::workload_id.eq("w"), s::generation.eq(1), s::asked_by.eq("u"), s::asked_at.eq(NOON)),
            (s::tier_id.eq("t"), s::tier_name.eq("Small"), s::cpu_milli.eq(1000)),
            (s::memory_bytes.eq(1 << 30), s::price_micros.eq(360_000)),
        ))
        .execute(connection)?;
    Ok(())
}

#[actix_web::test]
async fn a_start_is_billed_once_from_its_first_second_to_its_last() {
    for test in both() {
        let (cost, spent) = test
            .db
            .write(|connection| {
                a_start(connection)?;
                ledger::open(connection, "w", 1, NOON)?;
                ledger::open(connection, "w", 1, NOON)?;
                for seconds in [5, 10, 10, 900] {
                    let now = moment(NOON + seconds * 1000);
                    ledger::beat(connection, "w-1", NOON + 2000, &now)?;
                }
                let ending = Ending {
                    started_at: Some(NOON + 2000),
                    finished_at: Some(NOON + HOUR + 2000),
                    daemon_started_at: Some(NOON - HOUR),
                };
                let now = moment(NOON + HOUR + 5000);
                ledger::close(connection, "w-1", ending, &now)?;
                ledger::close(connection, "w-1", ending, &now)?;
                ledger::beat(connection, "w-1", NOON + 2000, &moment(NOON + 2 * HOUR))?;
                assert!(ledger::open_containers(connection)?.is_empty());
                let costs = costs(connection, &[("w".into(), 1)], now.wall)?;
                Ok((costs["w"], spent_this_month(connection, "o", "u", now.wall)?))
            })
            .await
            .unwrap();
        assert_eq!(cost, (Micros(360_000), Micros(360_000)));
        assert_eq!(spent, Micros(360_000));
    }
}

#[actix_web::test]
async fn what_runs_now_counts_and_last_month_does_not() {
    for test in both() {
        let first_of_december = NOON + (15 * 24 + 12) * HOUR;
        let spent = test
            .db
            .write(move |connection| {
                a_start(connection)?;
                ledger::open(connection, "w", 1, NOON)?;
                // Ten hours before the turn of the month to one hour after it.
                let started_at = first_of_december - 10 * HOUR;
                let now = moment(first_of_december + HOUR);
                ledger::beat(connection, "w-1", started_at, &now)?;
                assert_eq!(ledger::open_containers(connection)?, ["w-1"]);
                spent_this_month(connection, "o", "u", now.wall)
            })
            .await
            .unwrap();
        assert_eq!(spent, Micros(360_000));
    }
}

#[actix_web::test]
async fn what_a_clock_that_was_late_has_closed_is_in_the_month_in_which_it_ran() {
    for test in both() {
        let begun = NOON + (15 * 24 + 12) * HOUR + HOUR;
        let spent = test
            .db
            .write(move |connection| {
                a_start(connection)?;
                ledger::open(connection, "w", 1, begun)?;
                ledger::beat(connection, "w-1", begun, &moment(begun + HOUR))?;
                // The server's clock is a day late now; that of the machine's boot went on.
                let late = Moment { wall: begun - 23 * HOUR, ..moment(begun + HOUR) };
                let ending = Ending {
                    started_at: Some(begun),
                    finished_at: Some(begun + HOUR),
                    daemon_started_at: Some(NOON),
                };
                ledger::close(connection, "w-1", ending, &late)?;
                spent_this_month(connection, "o", "u", begun + 2 * HOUR)
            })
            .await
            .unwrap();
        assert_eq!(spent, Micros(360_000));
    }
}
