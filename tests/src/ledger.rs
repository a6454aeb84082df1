//! The ledger against Docker's own times.

use crate::docker;
use crate::studio::{Studio, container};
use anyhow::Context;
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

/// Milliseconds since the epoch of one of Docker's moments: `2026-11-24T08:00:00.123456789Z`.
fn at(moment: Option<String>) -> anyhow::Result<i64> {
    let text = moment.unwrap_or_default();
    let moment = OffsetDateTime::parse(&text, &Rfc3339).with_context(|| format!("no moment: {text}"))?;
    Ok(i64::try_from(moment.unix_timestamp_nanos() / 1_000_000)?)
}
