//! The ledger: against itself, and against Docker's own times.

use crate::studio::{Studio, container};
use crate::{TestDatabase, docker};
use anyhow::Context;
use atelier_api::money::Micros;
use atelier_api::session::Session;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// How far a row may be from what Docker says.
const OFF_MS: i64 = 1000;

/// The rows of this session's start are one contiguous stretch from the container's beginning to its end.
pub async fn is_exact(studio: &Studio, session: &Session) -> anyhow::Result<()> {
    let name = format!("{}-{}", session.id, session.generation);
    let mut rows: Vec<_> =
        studio.segments().await.into_iter().filter(|segment| segment.container == name).collect();
    rows.sort_by_key(|row| row.sequence);
    anyhow::ensure!(!rows.is_empty(), "{name} was never billed");

    let state = docker::inspect(&studio.docker, &container(session)).await?.state.unwrap_or_default();
    let (began, ended) = (at(state.started_at)?, at(state.finished_at)?);
    let billed = (rows.first().and_then(|row| row.started_at), rows.last().and_then(|row| row.ended_at));
    let (Some(from), Some(to)) = billed else { anyhow::bail!("{name} is not closed: {rows:#?}") };
    anyhow::ensure!((from - began).abs() <= OFF_MS, "{name} billed from {from}, Docker says {began}");
    anyhow::ensure!((to - ended).abs() <= OFF_MS, "{name} billed to {to}, Docker says {ended}");
    for pair in rows.windows(2) {
        let (one, next) = (&pair[0], &pair[1]);
        anyhow::ensure!(next.sequence == one.sequence + 1, "{name}: a row is missing: {rows:#?}");
        anyhow::ensure!(next.started_at == one.ended_at, "{name}: a gap or an overlap: {rows:#?}");
    }
    let billed: i64 = rows.iter().map(|row| row.milliseconds).sum();
    anyhow::ensure!((billed - (to - from)).abs() <= OFF_MS, "{name}: {billed} ms of {from} to {to}");
    for row in &rows {
        let cost = row.price_per_hour.for_duration(row.milliseconds);
        anyhow::ensure!(row.cost == cost, "{name}: {} for {} ms", row.cost, row.milliseconds);
    }
    Ok(())
}

/// A row of the ledger, whoever's it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub workload: String,
    /// The start that it bills.
    pub generation: i64,
    pub sequence: i64,
    /// Absent where it never ran.
    pub started_at: Option<i64>,
    /// Absent while it is open.
    pub ended_at: Option<i64>,
    pub milliseconds: Option<i64>,
    /// Milliseconds that are certain by the heartbeats.
    pub beaten: Option<i64>,
    price: i64,
    cost: Option<i64>,
}

/// Every row, container by container.
///
/// # Errors
/// If the database does not answer.
pub fn rows(database: &TestDatabase) -> anyhow::Result<Vec<Row>> {
    const COLUMNS: [&str; 9] = [
        "s.container",
        "s.sequence",
        "s.price_micros",
        "e.started_at",
        "e.ended_at",
        "e.milliseconds",
        "e.cost_micros",
        "b.started_at",
        "b.billed_ms",
    ];
    let text = COLUMNS.map(|column| format!("COALESCE(CAST({column} AS TEXT), '')"));
    let lines = database.lines(&format!(
        "SELECT {} AS line FROM segments s LEFT JOIN segment_ends e ON e.segment_id = s.id \
         LEFT JOIN heartbeats b ON b.segment_id = s.id ORDER BY s.opened_at, s.sequence",
        text.join(" || '|' || ")
    ))?;
    lines.iter().map(|line| read(line).with_context(|| format!("no row: {line}"))).collect()
}

fn read(line: &str) -> Option<Row> {
    let fields: Vec<&str> = line.split('|').collect();
    let (workload, generation) = fields.first()?.rsplit_once('-')?;
    let number = |at: usize| fields.get(at).and_then(|field| field.parse::<i64>().ok());
    Some(Row {
        workload: workload.to_owned(),
        generation: generation.parse().ok()?,
        sequence: number(1)?,
        price: number(2)?,
        started_at: number(3).or(number(7)),
        ended_at: number(4),
        milliseconds: number(5),
        cost: number(6),
        beaten: number(8),
    })
}

/// What holds of all rows at any time: a container's rows follow one another without a gap or an overlap, no
/// two starts of a workload are billed for the same moment, and the cost is that of the time.
///
/// # Errors
/// Names the rows that it does not hold for.
pub fn is_sound(database: &TestDatabase) -> anyhow::Result<Vec<Row>> {
    let mut rows = rows(database)?;
    rows.sort_by_key(|row| (row.workload.clone(), row.generation, row.sequence));
    for row in &rows {
        if let (Some(milliseconds), Some(cost)) = (row.milliseconds, row.cost) {
            anyhow::ensure!(milliseconds >= 0, "less than nothing: {row:?}");
            let right = Micros(row.price).for_duration(milliseconds).0;
            anyhow::ensure!(cost == right, "{cost} instead of {right}: {row:?}");
        }
    }
    for pair in rows.windows(2).filter(|pair| pair[0].workload == pair[1].workload) {
        let (one, next) = (&pair[0], &pair[1]);
        if one.generation == next.generation {
            anyhow::ensure!(next.sequence == one.sequence + 1, "one is missing or double: {one:?} {next:?}");
            anyhow::ensure!(next.started_at == one.ended_at, "a gap or an overlap: {one:?} {next:?}");
        } else {
            anyhow::ensure!(next.sequence == 0, "its first is missing: {next:?}");
            let (Some(ended), Some(begun)) = (one.ended_at, next.started_at) else { continue };
            anyhow::ensure!(ended <= begun, "two starts at once: {one:?} {next:?}");
        }
    }
    Ok(rows)
}

/// Milliseconds since the epoch of one of Docker's moments: `2026-11-24T08:00:00.123456789Z`.
fn at(moment: Option<String>) -> anyhow::Result<i64> {
    let text = moment.unwrap_or_default();
    let moment = OffsetDateTime::parse(&text, &Rfc3339).with_context(|| format!("no moment: {text}"))?;
    Ok(i64::try_from(moment.unix_timestamp_nanos() / 1_000_000)?)
}
