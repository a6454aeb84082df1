//! F1 for the bill of storage: the server is killed while it bills many days of many projects. Each day is billed
//! once, and none is left out.

use atelier_api::calls;
use atelier_api::dataset::CreateDataset;
use atelier_tests::{Database, Depot, eventually, on_both_databases};
use std::time::Duration;

const PROJECTS: usize = 12;
const DAYS: i64 = 400;
const KILLS: u64 = 8;

on_both_databases!(each_day_is_billed_once_whenever_the_server_is_killed);

async fn each_day_is_billed_once_whenever_the_server_is_killed(database: Database) -> anyhow::Result<()> {
    let mut depot = Depot::new(database).await?;
    let owner = depot.owner.client.clone();
    for number in 0..PROJECTS {
        depot.project = depot.world.acme.project(&depot.owner, &format!("Project {number}")).await;
        let new = CreateDataset { name: "Data".to_owned(), description: String::new(), labels: Vec::new() };
        depot.dataset = owner.send(calls::dataset_create("acme", &depot.project.slug, &new)).await.good();
        depot.version(&owner, &[("file", format!("{number}").as_bytes())]).await;
    }
    for kill in 0..KILLS {
        depot.world.server.kill9()?;
        if kill == 0 {
            let back = format!("UPDATE project_storage SET billed_through = billed_through - {DAYS}");
            anyhow::ensure!(depot.world.server.database.execute(&back)? == PROJECTS, "all projects");
        }
        depot.world.server.restart().await?;
        // The moment of the fault, not a wait for something.
        tokio::time::sleep(Duration::from_millis(kill * 37 % 260)).await;
    }
    let database = &depot.world.server.database;
    let unbilled = "SELECT project_id AS line FROM project_storage WHERE billed_through < \
                    (SELECT MAX(billed_through) FROM project_storage)";
    eventually("all is billed", Duration::from_secs(90), || async {
        let rows = database.lines("SELECT CAST(COUNT(*) AS TEXT) AS line FROM storage_days");
        rows.is_ok_and(|rows| rows == [(PROJECTS as i64 * DAYS).to_string()])
            && database.lines(unbilled).is_ok_and(|rows| rows.is_empty())
    })
    .await;
    // So many days of each project, without a gap; that none is there twice is the key's.
    let spans = "SELECT CAST(COUNT(*) AS TEXT) || ' ' || CAST(MAX(day) - MIN(day) + 1 AS TEXT) AS line \
                 FROM storage_days GROUP BY project_id";
    assert_eq!(database.lines(spans)?, vec![format!("{DAYS} {DAYS}"); PROJECTS]);
    Ok(())
}
