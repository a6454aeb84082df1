//! Memory while data comes, which does not grow with it; and how soon some of it is read.

use crate::data;
use crate::ours::Ours;
use crate::processes::{forget_peak, peak_mb};
use crate::pushed::{self, CommandLine};
use crate::row::{Goal, Row};
use crate::stats::Samples;
use anyhow::ensure;
use atelier_api::calls;
use atelier_tests::ArtifactPlace;
use reqwest::header::RANGE;
use std::fs;
use std::time::Instant;

const GIB: u64 = 1 << 30;
pub(super) const SMALL: u64 = GIB;
pub(super) const LARGE: u64 = 8 * GIB;
/// Megabytes that the large one may need more.
const MORE: f64 = 20.0;
const MOST: f64 = 200.0;
/// Of memory for a container.
pub(super) const MIB: i64 = 64;
const READS: u64 = 21;
const FILE: &str = "all.bin";

/// # Errors
/// If an upload fails, or the disk has no room for about 30 GB.
pub async fn run() -> anyhow::Result<Vec<Row>> {
    let ours = Ours::start(MIB).await?;
    let server = ours.world.server.id();
    let place = tempfile::Builder::new().prefix("atelier-bench-flat").tempdir()?;
    let ([mut streamed, mut of_server, mut of_client], mut rows) = ([[0.0; 2]; 3], Vec::new());
    for (turn, length) in [SMALL, LARGE].into_iter().enumerate() {
        let seed = turn as u64;
        let dataset = pushed::dataset(&ours, &format!("Streamed {length}")).await;
        forget_peak(server)?;
        pushed::streamed(&ours, &dataset, FILE, seed, length).await?;
        streamed[turn] = peak_mb(server)?;
        if length == LARGE {
            rows.push(first_byte(&ours, &dataset).await?);
        }
        let folder = place.path().join("folder");
        fs::create_dir(&folder)?;
        data::random_file(&folder.join(FILE), seed + 10, length)?;
        let dataset = pushed::dataset(&ours, &format!("Pushed {length}")).await;
        forget_peak(server)?;
        of_client[turn] = CommandLine::of(&ours).await?.push(&dataset, &folder).await?;
        of_server[turn] = peak_mb(server)?;
        fs::remove_dir_all(&folder)?;
    }
    rows.extend(pair("Memory of the server, 8 GiB sent as a stream", streamed));
    rows.extend(pair("Memory of the server, 8 GiB pushed by the command line", of_server));
    rows.extend(pair("Memory of the command line, which pushes 8 GiB", of_client));
    Ok(rows)
}

/// The large one, and how much more that is than the small one.
pub(super) fn pair(what: &str, [small, large]: [f64; 2]) -> [Row; 2] {
    let row = |what: String, value: f64, goal| Row {
        what,
        unit: "MB",
        ours: std::iter::once(value).collect(),
        peers: Vec::new(),
        goal,
    };
    let more = format!("{what}: more than for 1 GiB");
    [row(what.to_owned(), large, Goal::AtMost(MOST)), row(more, large - small, Goal::AtMost(MORE))]
}

/// A byte from somewhere in the file, each time from elsewhere.
async fn first_byte(ours: &Ours, place: &ArtifactPlace) -> anyhow::Result<Row> {
    let ArtifactPlace { organization, project, slug: dataset, .. } = place;
    let address = calls::dataset_content_path(organization, project, dataset, "latest", FILE);
    let mut times = Samples::default();
    for read in 0..READS {
        let at = LARGE / READS * read;
        let client = &ours.owner.client;
        let begun = Instant::now();
        let request = client.request("GET", &address).header(RANGE, format!("bytes={at}-"));
        let (_, mut response) = client.begin(request).await;
        ensure!(response.status() == 206, "not a part: {}", response.status());
        ensure!(response.chunk().await?.is_some(), "no byte came");
        times.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    Ok(Row {
        what: "First byte from within a file of 8 GiB".to_owned(),
        unit: "ms",
        ours: times,
        peers: Vec::new(),
        goal: Goal::AtMost(100.0),
    })
}
