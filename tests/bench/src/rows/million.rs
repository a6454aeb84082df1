//! A million files in one folder: pushed while others go on working, listed, changed.

use crate::ours::Ours;
use crate::pushed::{self, CommandLine};
use crate::row::{Goal, Row};
use crate::stats::Samples;
use atelier_api::calls;
use atelier_api::data::DataFolder;
use atelier_tests::ArtifactPlace;
use std::fs;
use std::time::{Duration, Instant};

const FILES: u32 = 1_000_000;
const TURNS: usize = 5;
/// Between two requests of somebody else.
const PAUSE: Duration = Duration::from_millis(20);
/// Of memory for a container. None is started.
const MIB: i64 = 64;

/// # Errors
/// If a request fails, or the disk has no room for a million files.
pub async fn run() -> anyhow::Result<Vec<Row>> {
    let ours = Ours::start(MIB).await?;
    let folder = tempfile::Builder::new().prefix("atelier-bench-million").tempdir()?;
    for number in 0..FILES {
        fs::write(folder.path().join(format!("file {number:07}.txt")), number.to_string())?;
    }
    let dataset = pushed::dataset(&ours, "Million").await;
    let command_line = CommandLine::of(&ours).await?;
    let begun = Instant::now();
    let mut others = Samples::default();
    tokio::select! {
        pushed = command_line.push(&dataset, folder.path()) => drop(pushed?),
        () = meanwhile(&ours, &mut others) => {}
    }
    let seconds = begun.elapsed().as_secs_f64();
    let (listed, committed) = (list(&ours, &dataset).await, change(&ours, &dataset).await);
    let row = |what: &str, unit, ours, goal| Row {
        what: format!("A million files in one folder: {what}"),
        unit,
        ours,
        peers: Vec::new(),
        goal,
    };
    let one = |value: f64| std::iter::once(value).collect();
    Ok(vec![
        row("pushed by the command line", "s", one(seconds), Goal::None),
        row("requests of others meanwhile, p99", "ms", one(others.quantile(0.99)), Goal::AtMost(100.0)),
        row("a page of the list", "ms", listed, Goal::AtMost(200.0)),
        row("the commit of one that changed", "s", committed, Goal::AtMost(3.0)),
    ])
}

/// What pages ask for, as long as this is polled.
async fn meanwhile(ours: &Ours, times: &mut Samples) {
    loop {
        let begun = Instant::now();
        ours.owner.client.send(calls::project_get(ours.organization(), &ours.project.slug)).await.good();
        times.push(begun.elapsed().as_secs_f64() * 1e3);
        tokio::time::sleep(PAUSE).await;
    }
}

async fn list(ours: &Ours, place: &ArtifactPlace) -> Samples {
    let ArtifactPlace { organization, project, slug: dataset, .. } = place;
    let (mut times, mut cursor) = (Samples::default(), None);
    for _ in 0..TURNS {
        let folder = DataFolder { path: None, cursor: cursor.take() };
        let begun = Instant::now();
        let call = calls::dataset_files(organization, project, dataset, "latest", &folder);
        cursor = ours.owner.client.send(call).await.good().next;
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    times
}

async fn change(ours: &Ours, place: &ArtifactPlace) -> Samples {
    let client = &ours.owner.client;
    let mut times = Samples::default();
    for turn in 0..TURNS {
        let upload = place.begin(client).await.good_with(201).id;
        place.put(client, &upload, "file 0500000.txt", &format!("turn {turn}")).await.good();
        let begun = Instant::now();
        place.commit(client, &upload).await.good_with(201);
        times.push(begun.elapsed().as_secs_f64());
    }
    times
}
