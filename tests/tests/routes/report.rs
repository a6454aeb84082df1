//! What was spent, from rows of the ledger as the meter writes them.

use atelier_api::billing::SegmentFilter;
use atelier_api::calls;
use atelier_api::money::Micros;
use atelier_api::project::Project;
use atelier_api::role::{OrganizationRole, ProjectRole};
use atelier_tests::{Database, Person, World, on_both_databases};

on_both_databases!(sums_are_of_the_rows_and_to_each_his_own);

/// Some hours in a month that is over.
const MAY: i64 = 1_778_000_000_000;
const HOUR: i64 = 3_600_000;

/// A closed row of the ledger, as the meter writes them.
fn bill(world: &World, number: i64, person: &Person, project: &Project, hours: i64) -> anyhow::Result<()> {
    let (price, from) = (120_000, MAY + number * 10 * HOUR);
    let (id, to) = (format!("0192f1c4-7b3e-7cc1-8a55-{number:012}"), from + hours * HOUR);
    let rows = [
        format!(
            "INSERT INTO segments (id, container, sequence, kind, workload_id, workload_name, organization_id, \
             project_id, project_slug, project_name, user_id, user_name, user_email, tier_name, price_micros, \
             opened_at) SELECT '{id}', 'container-{number}', 0, 'running', '{id}', '=cmd()', p.organization_id, \
             p.id, p.slug, p.name, '{}', '{}', '{}', 'Small', {price}, {from} FROM projects p WHERE p.id = '{}'",
            person.id, person.name, person.email, project.id
        ),
        format!(
            "INSERT INTO segment_ends (segment_id, started_at, ended_at, milliseconds, cost_micros, closed_at) \
             VALUES ('{id}', {from}, {to}, {}, {}, {to})",
            hours * HOUR,
            price * hours
        ),
    ];
    for row in rows {
        anyhow::ensure!(world.server.database.execute(&row)? == 1, "{row}");
    }
    Ok(())
}

async fn sums_are_of_the_rows_and_to_each_his_own(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator);
    let churn = acme.project(ada, "Churn").await;
    let prices = acme.project(ada, "Prices").await;
    let sam = acme.member(&churn, ProjectRole::DataScientist).await;
    bill(&world, 1, &sam, &churn, 2)?;
    bill(&world, 2, &sam, &prices, 1)?;
    bill(&world, 3, ada, &churn, 4)?;
    let (may, june) = (Some("2026-05"), Some("2026-06"));
    let filter = || SegmentFilter { month: Some("2026-05".to_owned()), ..SegmentFilter::default() };

    let all = ada.client.send(calls::spend_report("acme", may)).await.good();
    assert_eq!(all.total, Micros(7 * 120_000));
    assert_eq!(all.by_person.iter().map(|one| one.total).sum::<Micros>(), all.total);
    assert_eq!(all.by_project.iter().map(|one| one.total).sum::<Micros>(), all.total);
    assert_eq!(all.by_day.iter().map(|one| one.total).sum::<Micros>(), all.total);
    assert_eq!(ada.client.send(calls::spend_report("acme", june)).await.good().total, Micros(0));
    let rows = ada.client.send(calls::segment_list("acme", &filter())).await.good().items;
    assert_eq!(rows.iter().map(|row| row.cost).sum::<Micros>(), all.total);
    let sams = SegmentFilter { person: Some(sam.id.clone()), ..filter() };
    assert_eq!(ada.client.send(calls::segment_list("acme", &sams)).await.good().items.len(), 2);

    // One's own, and no more.
    let mine = sam.client.send(calls::spend_report_mine("acme", may)).await.good();
    assert_eq!((mine.total, mine.by_person.len()), (Micros(3 * 120_000), 1));
    let everybodys = SegmentFilter { person: Some(ada.id.clone()), ..filter() };
    let rows = sam.client.send(calls::segment_list_mine("acme", &everybodys)).await.good().items;
    assert!(rows.iter().all(|row| row.person == sam.id) && rows.len() == 2, "{rows:?}");
    let in_project = sam.client.send(calls::project_spend("acme", &churn.slug, may)).await.good();
    assert_eq!((in_project.total, in_project.by_person.len()), (Micros(2 * 120_000), 1));
    let in_project = ada.client.send(calls::project_spend("acme", &churn.slug, may)).await.good();
    assert_eq!(in_project.total, Micros(6 * 120_000));
    let globex = world.tenant("Globex").await.administrator;
    let theirs = globex.client.send(calls::spend_report("globex", may)).await.good();
    assert_eq!((theirs.total, theirs.by_person.len()), (Micros(0), 0));

    // The bill outlives the person and the project.
    ada.client.send(calls::person_remove("acme", &sam.id)).await.good();
    ada.client.send(calls::project_delete("acme", &prices.slug, "Prices")).await.good();
    let after = ada.client.send(calls::spend_report("acme", may)).await.good();
    assert_eq!(after.total, all.total);
    let deleted: Vec<_> = after.by_project.iter().filter(|one| one.deleted).map(|one| &one.name).collect();
    assert_eq!(deleted, ["Prices"]);

    // A spreadsheet gets text, not formulas.
    let csv = ada.client.get(&calls::segments_csv_path("acme", false, &filter())).await;
    assert!(csv.header("content-type").starts_with("text/csv"));
    assert!(csv.header("content-disposition").contains("attachment"));
    let csv = csv.text();
    assert_eq!(csv.lines().count(), 4, "{csv}");
    assert!(csv.contains(",'=cmd(),") && !csv.contains(",=cmd()"), "{csv}");
    assert!(csv.contains(",0.12,") && csv.contains(",0.48"), "{csv}");

    for wrong in ["2026", "2026-13", "may", "2026-5", "-"] {
        let answer = ada.client.send(calls::spend_report("acme", Some(wrong))).await;
        answer.blames(&["month"]);
    }
    let guest = acme.person(OrganizationRole::Guest).await;
    guest.client.send(calls::segment_list("acme", &filter())).await.refused(403, "forbidden");
    Ok(())
}
