//! Rows of the ledger, closed and open alike, as far as they are certain.

use crate::db::{Connection, schema};
use crate::error::Result;
use crate::storage::Days;
use atelier_api::billing::Segment;
use atelier_api::money::Micros;
use diesel::prelude::*;
use std::collections::HashMap;

/// Beyond the last beat an open segment is shown as running on for at most this long.
const GRACE_MS: i64 = 15_000;

/// A segment with its length.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) segment: SegmentRow,
    pub(super) started_at: Option<i64>,
    pub(super) ended_at: Option<i64>,
    pub(super) milliseconds: i64,
    pub(super) open: bool,
}

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = schema::segments)]
pub(super) struct SegmentRow {
    pub(super) id: String,
    pub(super) container: String,
    pub(super) sequence: i64,
    pub(super) kind: String,
    pub(super) workload_name: String,
    pub(super) project_id: String,
    pub(super) project_slug: String,
    pub(super) project_name: String,
    pub(super) user_id: String,
    pub(super) user_name: String,
    pub(super) user_email: String,
    pub(super) tier_name: String,
    pub(super) price_micros: i64,
}

/// Which rows.
#[derive(Clone, Debug, Default)]
pub(super) struct Selection {
    pub(super) organization_id: String,
    pub(super) user_id: Option<String>,
    pub(super) project_id: Option<String>,
    /// Only what ran at some time in `from..to`.
    pub(super) from: i64,
    pub(super) to: i64,
}

impl Selection {
    /// The days of storage in the same time, of everybody.
    pub(super) fn days(&self) -> Days {
        Days {
            organization_id: self.organization_id.clone(),
            project_id: self.project_id.clone(),
            from: self.from,
            to: self.to,
        }
    }
}

impl Row {
    /// What the part of it that lies in `from..to` cost. Parts add up to the whole, to the last micro.
    pub(super) fn cost_in(&self, from: i64, to: i64) -> Micros {
        let Some(started_at) = self.started_at else { return Micros(0) };
        let price = Micros(self.segment.price_micros);
        let until = |moment: i64| price.for_duration((moment - started_at).clamp(0, self.milliseconds));
        Micros(until(to).0 - until(from).0)
    }

    /// How much of it lies in `from..to`.
    pub(super) fn milliseconds_in(&self, from: i64, to: i64) -> i64 {
        let Some(started_at) = self.started_at else { return 0 };
        let until = |moment: i64| (moment - started_at).clamp(0, self.milliseconds);
        until(to) - until(from)
    }

    pub(super) fn to_api(&self) -> Segment {
        let segment = &self.segment;
        Segment {
            id: segment.id.clone(),
            container: segment.container.clone(),
            sequence: segment.sequence,
            kind: segment.kind.parse().unwrap_or(atelier_api::billing::SegmentKind::Running),
            person: segment.user_id.clone(),
            person_name: segment.user_name.clone(),
            project: segment.project_slug.clone(),
            project_name: segment.project_name.clone(),
            session_name: segment.workload_name.clone(),
            tier_name: segment.tier_name.clone(),
            price_per_hour: Micros(segment.price_micros),
            started_at: self.started_at,
            ended_at: self.ended_at,
            milliseconds: self.milliseconds,
            cost: Micros(segment.price_micros).for_duration(self.milliseconds),
        }
    }
}

type End = (Option<i64>, Option<i64>, i64);
type Beat = (i64, i64, i64);

/// The rows that ran in the selection's time or are about to, newest first.
pub(super) fn load(connection: &mut Connection, which: &Selection, now: i64) -> Result<Vec<Row>> {
    use schema::{heartbeats as beats, segment_ends as ends, segments};
    let mut query = segments::table
        .left_join(ends::table)
        .left_join(beats::table)
        .filter(segments::organization_id.eq(&which.organization_id))
        // Opened by the server's clock, which may have been ahead of the container's.
        .filter(segments::opened_at.lt(which.to).or(ends::started_at.nullable().lt(which.to)))
        // Closed by the same clock, which may have been late: then it is older than the end that it wrote down.
        .filter(
            ends::segment_id
                .nullable()
                .is_null()
                .or(ends::closed_at.nullable().ge(which.from))
                .or(ends::ended_at.nullable().ge(which.from)),
        )
        .order(segments::id.desc())
        .select((
            SegmentRow::as_select(),
            (ends::started_at, ends::ended_at, ends::milliseconds).nullable(),
            (beats::started_at, beats::billed_ms, beats::seen_at).nullable(),
        ))
        .into_boxed();
    if let Some(user_id) = &which.user_id {
        query = query.filter(segments::user_id.eq(user_id));
    }
    if let Some(project_id) = &which.project_id {
        query = query.filter(segments::project_id.eq(project_id));
    }
    let rows: Vec<(SegmentRow, Option<End>, Option<Beat>)> = query.load(connection)?;
    Ok(rows
        .into_iter()
        .map(|(segment, end, beat)| row(segment, end, beat, now))
        .filter(|row| row.open || row.milliseconds_in(which.from, which.to) > 0)
        .collect())
}

fn row(segment: SegmentRow, end: Option<End>, beat: Option<Beat>, now: i64) -> Row {
    match (end, beat) {
        (Some((started_at, ended_at, milliseconds)), _) => {
            Row { segment, started_at, ended_at, milliseconds, open: false }
        }
        (None, Some((started_at, billed_ms, seen_at))) => Row {
            segment,
            started_at: Some(started_at),
            ended_at: None,
            milliseconds: billed_ms + (now - seen_at).clamp(0, GRACE_MS),
            open: true,
        },
        (None, None) => Row { segment, started_at: None, ended_at: None, milliseconds: 0, open: true },
    }
}

/// What each workload cost: its start of the given generation, and all its starts.
pub fn costs(
    connection: &mut Connection,
    workloads: &[(String, i64)],
    now: i64,
) -> Result<HashMap<String, (Micros, Micros)>> {
    use schema::{heartbeats as beats, segment_ends as ends, segments};
    let ids: Vec<&str> = workloads.iter().map(|(id, _)| id.as_str()).collect();
    type Costs = (String, SegmentRow, Option<End>, Option<Beat>);
    let rows: Vec<Costs> = segments::table
        .left_join(ends::table)
        .left_join(beats::table)
        .filter(segments::workload_id.eq_any(ids))
        .select((
            segments::workload_id,
            SegmentRow::as_select(),
            (ends::started_at, ends::ended_at, ends::milliseconds).nullable(),
            (beats::started_at, beats::billed_ms, beats::seen_at).nullable(),
        ))
        .load(connection)?;
    let current: HashMap<&str, String> = workloads
        .iter()
        .map(|(id, generation)| (id.as_str(), super::ledger::container(id, *generation)))
        .collect();
    let mut costs: HashMap<String, (Micros, Micros)> = HashMap::new();
    for (workload_id, segment, end, beat) in rows {
        let is_current = current.get(workload_id.as_str()) == Some(&segment.container);
        let price = Micros(segment.price_micros);
        let cost = price.for_duration(row(segment, end, beat, now).milliseconds);
        let sums = costs.entry(workload_id).or_default();
        sums.1 += cost;
        if is_current {
            sums.0 += cost;
        }
    }
    Ok(costs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_add_up_to_the_whole() {
        let segment = SegmentRow {
            id: String::new(),
            container: String::new(),
            sequence: 0,
            kind: "running".into(),
            workload_name: String::new(),
            project_id: String::new(),
            project_slug: String::new(),
            project_name: String::new(),
            user_id: String::new(),
            user_name: String::new(),
            user_email: String::new(),
            tier_name: String::new(),
            price_micros: 123_457,
        };
        let row = row(segment, Some((Some(1_000), Some(1_000 + 7_777_777), 7_777_777)), None, 0);
        let borders = [i64::MIN / 2, 0, 1_500, 999_999, 3_600_001, 7_000_000, i64::MAX / 2];
        let parts: Micros = borders.windows(2).map(|pair| row.cost_in(pair[0], pair[1])).sum();
        assert_eq!(parts, Micros(123_457).for_duration(7_777_777));
        let times: i64 = borders.windows(2).map(|pair| row.milliseconds_in(pair[0], pair[1])).sum();
        assert_eq!(times, 7_777_777);
    }
}
