//! A folder becomes a version, beside what others need for the same bytes.

use super::many::{CHANGED, Many};
use crate::data;
use crate::keepers::{Keeper, Kind};
use crate::row::{Goal, Row};
use crate::stats::Samples;
use std::fs;
use std::path::Path;

const TURNS: u64 = 5;
const LARGE_BYTES: u64 = 2_000_000_000;
const INSERTED: usize = 1_000_000;

/// What a keeper needed over all turns.
#[derive(Default)]
struct Times {
    first: Samples,
    again: Samples,
    /// Megabytes that the second version added.
    grown: Samples,
}

/// # Errors
/// If a keeper fails, or the disk has no room for about 10 GB.
pub fn run() -> anyhow::Result<Vec<Row>> {
    let place = tempfile::Builder::new().prefix("atelier-bench-versions").tempdir()?;
    let mut rows = many(place.path())?;
    rows.extend(large(place.path())?);
    Ok(rows)
}

fn many(place: &Path) -> anyhow::Result<Vec<Row>> {
    let folder = place.join("many");
    let mut many = Many::create(folder.clone())?;
    let [ours, dvc, restic, limit] = turns(place, &folder, || many.change())?;
    fs::remove_dir_all(&folder)?;
    let name = Many::name();
    Ok(vec![
        Row {
            what: format!("{name}: the first version"),
            unit: "s",
            ours: ours.first,
            peers: vec![
                peer(Kind::Dvc, dvc.first),
                peer(Kind::Restic, restic.first),
                peer(Kind::Limit, limit.first),
            ],
            goal: Goal::All(vec![
                Goal::TimesOrLess(0.1, Kind::Dvc.name()),
                Goal::TimesOrLess(1.0, Kind::Restic.name()),
            ]),
        },
        Row {
            what: format!("{name}: again, {CHANGED} changed"),
            unit: "s",
            ours: ours.again,
            peers: vec![peer(Kind::Dvc, dvc.again), peer(Kind::Restic, restic.again)],
            goal: Goal::TimesOrLess(0.05, Kind::Dvc.name()),
        },
    ])
}

fn large(place: &Path) -> anyhow::Result<Vec<Row>> {
    let (folder, spare) = (place.join("large"), place.join("spare"));
    fs::create_dir(&folder)?;
    let file = folder.join("large.bin");
    data::random_file(&file, 0, LARGE_BYTES)?;
    data::inserted(&file, &spare, INSERTED)?;
    // The one file and the other, in turns.
    let [ours, dvc, restic, limit] = turns(place, &folder, || {
        let aside = place.join("aside");
        fs::rename(&file, &aside)?;
        fs::rename(&spare, &file)?;
        Ok(fs::rename(&aside, &spare)?)
    })?;
    let name = format!("One file of {} GB", LARGE_BYTES / 1_000_000_000);
    let inserted = format!("{name}: again, 1 MB inserted in its middle");
    Ok(vec![
        Row {
            what: format!("{name}: the first version"),
            unit: "s",
            ours: ours.first,
            peers: vec![
                peer(Kind::Dvc, dvc.first),
                peer(Kind::Restic, restic.first),
                peer(Kind::Limit, limit.first),
            ],
            goal: Goal::All(vec![
                Goal::TimesOrLess(0.59, Kind::Dvc.name()),
                Goal::TimesOrLess(1.33, Kind::Limit.name()),
            ]),
        },
        Row {
            what: inserted.clone(),
            unit: "s",
            ours: ours.again,
            peers: vec![peer(Kind::Dvc, dvc.again), peer(Kind::Restic, restic.again)],
            goal: Goal::TimesOrLess(1.0, Kind::Restic.name()),
        },
        Row {
            what: format!("{inserted}: stored more"),
            unit: "MB",
            ours: ours.grown,
            peers: vec![peer(Kind::Dvc, dvc.grown), peer(Kind::Restic, restic.grown)],
            goal: Goal::AtMost(4.0),
        },
    ])
}

fn peer(kind: Kind, samples: Samples) -> (&'static str, Samples) {
    (kind.name(), samples)
}

/// Each keeper in each turn: a first version, a change, and a second.
fn turns(
    place: &Path,
    folder: &Path,
    mut change: impl FnMut() -> anyhow::Result<()>,
) -> anyhow::Result<[Times; 4]> {
    let mut times: [Times; 4] = Default::default();
    for _ in 0..TURNS {
        for (kind, times) in Kind::ALL.into_iter().zip(&mut times) {
            let mut keeper = Keeper::new(kind, place)?;
            times.first.push(keeper.keep(folder)?);
            if kind == Kind::Limit {
                continue;
            }
            let before = keeper.stored()?;
            change()?;
            times.again.push(keeper.keep(folder)?);
            times.grown.push(keeper.stored()?.saturating_sub(before) as f64 / 1e6);
            // Of the large file, the shorter one is first.
            change()?;
        }
    }
    Ok(times)
}
