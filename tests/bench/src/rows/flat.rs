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
/// Each with a server of its own, whose data is gone before the next.
const TURNS: u64 = 5;
const FIRST: u64 = 64 << 20;
const FILE: &str = "all.bin";

/// # Errors
/// If an upload fails, or the disk has no room for about 30 GB.
pub async fn run() -> anyhow::Result<Vec<Row>> {
    let ([mut streamed, mut of_server, mut of_client], mut rows) =
        (<[[Samples; 2]; 3]>::default(), Vec::new());
    for turn in 0..TURNS {
        let ours = Ours::start(MIB).await?;
        let server = ours.world.server.id();
        let place = tempfile::Builder::new().prefix("atelier-bench-flat").tempdir()?;
        // What a server takes once, when the first data comes, is no growth.
        pushed::streamed(&ours, &pushed::dataset(&ours, "First").await, FILE, turn, FIRST).await?;
        for (which, length) in [SMALL, LARGE].into_iter().enumerate() {
            let seed = 4 * turn + which as u64;
            let dataset = pushed::dataset(&ours, &format!("Streamed {length}")).await;
            forget_peak(server)?;
            pushed::streamed(&ours, &dataset, FILE, seed, length).await?;
            streamed[which].push(peak_mb(server)?);
            if length == LARGE && turn == 0 {
                rows.push(first_byte(&ours, &dataset).await?);
            }
            let folder = place.path().join("folder");
            fs::create_dir(&folder)?;
            data::random_file(&folder.join(FILE), seed + 2, length)?;
            let dataset = pushed::dataset(&ours, &format!("Pushed {length}")).await;
            forget_peak(server)?;
            of_client[which].push(CommandLine::of(&ours).await?.push(&dataset, &folder).await?);
            of_server[which].push(peak_mb(server)?);
            fs::remove_dir_all(&folder)?;
        }
    }
    rows.extend(pair("Memory of the server, 8 GiB sent as a stream", streamed));
    rows.extend(pair("Memory of the server, 8 GiB pushed by the command line", of_server));
    rows.extend(pair("Memory of the command line, which pushes 8 GiB", of_client));
    Ok(rows)
}

/// The large one, and how much more that is than the small one of the same turn.
pub(super) fn pair(what: &str, [small, large]: [Samples; 2]) -> [Row; 2] {
    let more = large.minus(&small);
    let row = |what: String, ours, goal| Row { what, unit: "MB", ours, peers: Vec::new(), goal };
    let of_more = format!("{what}: more than for 1 GiB");
    [row(what.to_owned(), large, Goal::AtMost(MOST)), row(of_more, more, Goal::AtMost(MORE))]
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
