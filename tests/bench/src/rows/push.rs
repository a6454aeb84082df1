//! The same folder pushed again and again by the command line, beside what others need to keep it on the same machine.

use super::many::{CHANGED, Many};
use crate::data;
use crate::keepers::{Keeper, Kind};
use crate::ours::Ours;
use crate::pushed::{self, CommandLine};
use crate::row::{Goal, Row};
use crate::stats::Samples;
use std::path::Path;
use std::time::Instant;

const TURNS: u64 = 5;
/// Of memory for a container. None is started.
const MIB: i64 = 64;

/// What one of them needed over all turns.
#[derive(Default)]
struct Times {
    first: Samples,
    unchanged: Samples,
    changed: Samples,
}

/// # Errors
/// If one of them fails, or the disk has no room for about 3 GB.
pub async fn run() -> anyhow::Result<Vec<Row>> {
    let place = tempfile::Builder::new().prefix("atelier-bench-push").tempdir()?;
    let mut many = Many::create(place.path().join("many"))?;
    let [mut ours, mut dvc, mut restic]: [Times; 3] = Default::default();
    for _ in 0..TURNS {
        push(&mut many, &mut ours).await?;
        keep(Kind::Dvc, place.path(), &mut many, &mut dvc)?;
        keep(Kind::Restic, place.path(), &mut many, &mut restic)?;
    }
    let row = |what: &str, ours, dvc, restic| Row {
        what: format!("{} by the command line: {what}", Many::name()),
        unit: "s",
        ours,
        peers: vec![(Kind::Dvc.name(), dvc), (Kind::Restic.name(), restic)],
        goal: Goal::None,
    };
    Ok(vec![
        row("the first version", ours.first, dvc.first, restic.first),
        row("again, nothing changed", ours.unchanged, dvc.unchanged, restic.unchanged),
        row(&format!("again, {CHANGED} changed"), ours.changed, dvc.changed, restic.changed),
    ])
}

/// To a server that has nothing yet.
async fn push(many: &mut Many, times: &mut Times) -> anyhow::Result<()> {
    let ours = Ours::start(MIB).await?;
    let dataset = pushed::dataset(&ours, "Many").await;
    let command_line = CommandLine::of(&ours).await?;
    let push = async |folder: &Path| {
        data::settle(folder)?;
        let begun = Instant::now();
        command_line.push(&dataset, folder).await?;
        anyhow::Ok(begun.elapsed().as_secs_f64())
    };
    times.first.push(push(&many.folder).await?);
    times.unchanged.push(push(&many.folder).await?);
    many.change()?;
    times.changed.push(push(&many.folder).await?);
    Ok(())
}

fn keep(kind: Kind, place: &Path, many: &mut Many, times: &mut Times) -> anyhow::Result<()> {
    let mut keeper = Keeper::new(kind, place)?;
    times.first.push(keeper.keep(&many.folder)?);
    times.unchanged.push(keeper.keep(&many.folder)?);
    many.change()?;
    times.changed.push(keeper.keep(&many.folder)?);
    Ok(())
}
