//! What is written to the ledger, and when. For the reconciler: it acts for nobody, so no proof is asked.

use super::clock::Moment;
pub use super::meter::Ending;
use super::meter::{self, Beat};
use crate::db::{Connection, new_id, schema};
use crate::error::Result;
use atelier_api::billing::SegmentKind;
use atelier_api::money::Micros;
use diesel::prelude::*;

/// The name by which the ledger knows a container.
pub fn container(workload_id: &str, generation: i64) -> String {
    format!("{workload_id}-{generation}")
}

/// Opens the bill of a start, in the transaction that allows its container to be created. A second call for
/// the same start changes nothing.
///
/// # Errors
/// If there is no such start.
pub fn open(connection: &mut Connection, workload_id: &str, generation: i64, now: i64) -> Result<()> {
    use schema::{projects, segments, users, workload_starts as starts, workloads};
    let container = container(workload_id, generation);
    let known: i64 =
        segments::table.filter(segments::container.eq(&container)).count().get_result(connection)?;
    if known > 0 {
        return Ok(());
    }
    let (workload_name, organization_id, project_id): (String, String, String) = workloads::table
        .find(workload_id)
        .select((workloads::name, workloads::organization_id, workloads::project_id))
        .first(connection)?;
    // The one who caused it pays.
    let (asked_by, tier_name, price): (String, String, i64) = starts::table
        .find((workload_id, generation))
        .select((starts::asked_by, starts::tier_name, starts::price_micros))
        .first(connection)?;
    let (project_slug, project_name): (String, String) =
        projects::table.find(&project_id).select((projects::slug, projects::name)).first(connection)?;
    let (user_name, user_email): (String, String) =
        users::table.find(&asked_by).select((users::name, users::email)).first(connection)?;
    diesel::insert_into(segments::table)
        .values((
            segments::id.eq(new_id()),
            segments::container.eq(container),
            segments::sequence.eq(0),
            segments::kind.eq(SegmentKind::Running.as_str()),
            segments::workload_id.eq(workload_id),
            segments::workload_name.eq(workload_name),
            segments::organization_id.eq(organization_id),
            segments::project_id.eq(project_id),
            segments::project_slug.eq(project_slug),
            segments::project_name.eq(project_name),
            segments::user_id.eq(asked_by),
            segments::user_name.eq(user_name),
            segments::user_email.eq(user_email),
            segments::tier_name.eq(tier_name),
            segments::price_micros.eq(price),
            segments::opened_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

/// Docker says that this container runs, since `started_at`: bills it up to now. At least every 10 s.
/// A container without an open segment is left alone.
pub fn beat(connection: &mut Connection, container: &str, started_at: i64, now: &Moment) -> Result<()> {
    use schema::heartbeats;
    let Some(Open { segment_id, opened_at, last, .. }) = open_segment(connection, container)? else {
        return Ok(());
    };
    let next = meter::beat(last.as_ref(), (started_at, opened_at), now);
    let what_is_certain = (
        heartbeats::billed_ms.eq(next.billed_ms),
        heartbeats::boot_id.eq(&next.seen.boot_id),
        heartbeats::boot_ms.eq(next.seen.boot_ms),
        heartbeats::seen_at.eq(next.seen.wall),
    );
    if last.is_some() {
        diesel::update(heartbeats::table.find(segment_id)).set(what_is_certain).execute(connection)?;
    } else {
        diesel::insert_into(heartbeats::table)
            .values((
                heartbeats::segment_id.eq(segment_id),
                heartbeats::started_at.eq(next.started_at),
                what_is_certain.0,
                what_is_certain.1,
                what_is_certain.2,
                what_is_certain.3,
            ))
            .execute(connection)?;
    }
    Ok(())
}

/// The container was started just now: by the clock that does not jump, `asked_ms` ago Docker was asked to, and
/// `done_ms` ago it said that it had. Docker's own `started_at` is believed if it is after the first; if its
/// clock is another, the second is as good.
pub fn began(
    connection: &mut Connection,
    container: &str,
    started_at: i64,
    (asked_ms, done_ms): (i64, i64),
    now: &Moment,
) -> Result<()> {
    use schema::heartbeats;
    let Some(Open { segment_id, last: None, .. }) = open_segment(connection, container)? else {
        return Ok(());
    };
    let ran_ms = now.wall - started_at;
    diesel::insert_into(heartbeats::table)
        .values((
            heartbeats::segment_id.eq(segment_id),
            heartbeats::started_at.eq(started_at),
            heartbeats::billed_ms.eq(if (0..=asked_ms).contains(&ran_ms) { ran_ms } else { done_ms }),
            heartbeats::boot_id.eq(&now.boot_id),
            heartbeats::boot_ms.eq(now.boot_ms),
            heartbeats::seen_at.eq(now.wall),
        ))
        .execute(connection)?;
    Ok(())
}

/// Its agent says that this container, which Docker has shown before, still ran at that moment.
pub fn still(connection: &mut Connection, container: &str, moment: &Moment) -> Result<()> {
    match open_segment(connection, container)? {
        Some(Open { last: Some(last), .. }) => beat(connection, container, last.started_at, moment),
        _ => Ok(()),
    }
}

/// The container has ended, or will never be: writes its bill, once. Says whether Docker was there until its
/// end; otherwise what it says of the end is worth nothing.
pub fn close(connection: &mut Connection, container: &str, ending: Ending, now: &Moment) -> Result<bool> {
    use schema::segment_ends as ends;
    let Some(Open { segment_id, price, last, .. }) = open_segment(connection, container)? else {
        return Ok(true);
    };
    let watched = meter::daemon_stayed(last.as_ref(), ending);
    let bill = meter::close(last.as_ref(), ending, now);
    diesel::insert_into(ends::table)
        .values((
            ends::segment_id.eq(segment_id),
            ends::started_at.eq(bill.started_at),
            ends::ended_at.eq(bill.ended_at),
            ends::milliseconds.eq(bill.milliseconds),
            ends::cost_micros.eq(Micros(price).for_duration(bill.milliseconds).0),
            ends::closed_at.eq(now.wall),
        ))
        .execute(connection)?;
    Ok(watched)
}

/// The containers (by [`container`]) whose bills are open.
pub fn open_containers(connection: &mut Connection) -> Result<Vec<String>> {
    use schema::{segment_ends as ends, segments};
    Ok(segments::table
        .left_join(ends::table)
        .filter(ends::segment_id.nullable().is_null())
        .select(segments::container)
        .load(connection)?)
}

/// An open segment and its last beat.
struct Open {
    segment_id: String,
    /// Micros per hour.
    price: i64,
    opened_at: i64,
    last: Option<Beat>,
}

/// The container's open segment.
fn open_segment(connection: &mut Connection, container: &str) -> Result<Option<Open>> {
    use schema::{heartbeats as beats, segment_ends as ends, segments};
    type Row = (String, i64, i64, Option<(i64, i64, String, i64, i64)>);
    let row: Option<Row> = segments::table
        .left_join(ends::table)
        .left_join(beats::table)
        .filter(segments::container.eq(container))
        .filter(ends::segment_id.nullable().is_null())
        .order(segments::sequence.desc())
        .select((
            segments::id,
            segments::price_micros,
            segments::opened_at,
            (beats::started_at, beats::billed_ms, beats::boot_id, beats::boot_ms, beats::seen_at).nullable(),
        ))
        .first(connection)
        .optional()?;
    Ok(row.map(|(segment_id, price, opened_at, beat)| {
        let last = beat.map(|(started_at, billed_ms, boot_id, boot_ms, wall)| Beat {
            started_at,
            billed_ms,
            seen: Moment { wall, boot_id, boot_ms },
        });
        Open { segment_id, price, opened_at, last }
    }))
}
