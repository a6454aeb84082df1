//! What is stored, how much may be, and what it costs.

use atelier_api::billing::SegmentFilter;
use atelier_api::calls;
use atelier_api::dataset::CreateDataset;
use atelier_api::money::Micros;
use atelier_api::storage::{
    ProjectStorageReport, SetStorageQuota, StorageDayFilter, StoragePart, UpdateStorage,
};
use atelier_tests::{Client, Database, Depot, frames, on_both_databases, until};
use std::time::Duration;

on_both_databases!(
    what_versions_share_is_stored_once_and_shown,
    no_more_is_stored_than_may_be,
    t19_commits_at_once_do_not_get_beyond_the_quota,
    who_sends_and_never_commits_is_stopped_too,
    the_day_is_billed_and_shown_wherever_spending_is,
    prices_keep_their_history,
);

/// Bytes that cannot be squeezed.
fn noise(seed: u64, bytes: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut word = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()
    };
    (0..bytes.div_ceil(8)).flat_map(|_| word()).take(bytes).collect()
}

/// When all versions have been measured.
async fn measured(depot: &Depot, client: &Client, versions: i64) -> ProjectStorageReport {
    until("it is measured", Duration::from_secs(30), || async {
        let report = client.send(calls::project_storage("acme", &depot.project.slug)).await.good();
        (report.total.versions == versions).then_some(report)
    })
    .await
}

fn part<'a>(report: &'a ProjectStorageReport, slug: &str) -> &'a StoragePart {
    let named = |part: &&StoragePart| part.slug.as_deref() == Some(slug);
    report.parts.iter().find(named).unwrap_or_else(|| panic!("no {slug} in {report:?}"))
}

async fn what_versions_share_is_stored_once_and_shown(database: Database) -> anyhow::Result<()> {
    let mut depot = Depot::new(database).await?;
    let client = depot.owner.client.clone();
    let empty = client.send(calls::project_storage("acme", &depot.project.slug)).await.good();
    assert_eq!((empty.total.stored_bytes, empty.total.measured_at, empty.parts.len()), (0, None, 0));

    let (big, small) = (noise(1, 900_000), noise(2, 100_000));
    depot.version(&client, &[("big", &big)]).await;
    depot.version(&client, &[("small", &small)]).await;
    let first = depot.dataset.slug.clone();
    let new = CreateDataset { name: "Copy".to_owned(), description: String::new(), labels: Vec::new() };
    depot.dataset = client.send(calls::dataset_create("acme", &depot.project.slug, &new)).await.good();
    depot.version(&client, &[("the same under another name", &big)]).await;

    // What was added since it was measured is in the total, and in nobody's part yet.
    let report = until("all of it is measured", Duration::from_secs(30), || async {
        let report = measured(&depot, &client, 3).await;
        let all = report.total.measured_at.is_some() && report.total.other_bytes == 0;
        all.then_some(report)
    })
    .await;
    let (one, copy) = (part(&report, &first), part(&report, "copy"));
    assert_eq!((one.versions, one.version_bytes, one.newest_bytes), (2, 1_900_000, 1_000_000));
    assert_eq!((copy.versions, copy.version_bytes, copy.newest_bytes), (1, 900_000, 900_000));
    // Trees are small beside the files.
    let about = |bytes: i64, expected: i64| (expected..expected + 10_000).contains(&bytes);
    assert!(about(one.stored_bytes, 1_000_000) && about(one.own_bytes, 100_000), "{one:?}");
    assert!(about(copy.stored_bytes, 900_000) && about(copy.own_bytes, 0), "{copy:?}");
    assert_eq!(report.total.version_bytes, 2_800_000);
    assert!(about(report.total.stored_bytes, 1_000_000), "{:?}", report.total);
    // The organization's figures are the same.
    let all = depot.world.acme.administrator.client.send(calls::storage_report("acme")).await.good();
    let of_project = all.projects.iter().find(|project| project.project == depot.project.id);
    assert_eq!(of_project, Some(&report.total));

    // In the trash it still counts, and is shown to those who may take it out.
    client.send(calls::dataset_delete("acme", &depot.project.slug, "copy")).await.good();
    let scientist = &depot.scientist.client;
    let seen = scientist.send(calls::project_storage("acme", &depot.project.slug)).await.good();
    assert_eq!(seen.total.stored_bytes, report.total.stored_bytes);
    assert_eq!(seen.parts.iter().map(|part| part.slug.as_deref()).collect::<Vec<_>>(), [Some(&*first)]);
    let seen = client.send(calls::project_storage("acme", &depot.project.slug)).await.good();
    assert!(part(&seen, "copy").trashed);
    // The figures outlive the server.
    depot.world.server.kill9()?;
    depot.world.server.restart().await?;
    let after = client.send(calls::project_storage("acme", &depot.project.slug)).await.good();
    assert_eq!(after.total, seen.total);
    Ok(())
}

async fn no_more_is_stored_than_may_be(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let (client, slug) = (&depot.owner.client, depot.project.slug.as_str());
    let admin = &depot.world.acme.administrator.client;
    let quota = |bytes| calls::storage_quota_set("acme", slug, &SetStorageQuota { bytes });
    client.send(quota(Some(1))).await.refused(403, "forbidden");
    admin.send(quota(Some(-1))).await.blames(&["bytes"]);
    let absent = calls::storage_quota_set("acme", "absent", &SetStorageQuota::default());
    admin.send(absent).await.refused(404, "not-found");
    assert_eq!(admin.send(quota(Some(500_000))).await.good().quota_bytes, Some(500_000));

    depot.version(client, &[("a", &noise(1, 300_000))]).await;
    // Two that fit alone, but not together: the first to be committed becomes a version.
    let (one, two) = (depot.begin(client, false).await.good(), depot.begin(client, false).await.good());
    depot.put(client, &one.id, "one", &noise(2, 150_000)).await.good();
    // Early: what is sent already counts, whoever has sent it.
    depot.put(client, &two.id, "two", &noise(3, 150_000)).await.good();
    depot.put(client, &two.id, "three", &noise(4, 1_000)).await.refused(409, "storage-quota");
    depot.begin(client, false).await.refused(409, "storage-quota");
    depot.commit(client, &one.id, "").await.good_with(201);
    let refused = depot.commit(client, &two.id, "").await.refused(409, "storage-quota");
    assert!(refused.detail.contains("This project may store 488.2 KB"), "{}", refused.detail);
    let fields: Vec<&str> = refused.fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!(fields, ["quota", "taken", "needed"]);

    // What adds nothing goes on: tags, older versions made anew, the trash.
    depot.cancel(client, &two.id).await.good();
    let (o, p, d) = depot.place();
    let again = atelier_api::data::RestoreDataVersion { message: String::new() };
    client.send(calls::dataset_version_restore(o, p, d, "1", &again)).await.good_with(201);
    // And with more room all goes on.
    assert_eq!(admin.send(quota(None)).await.good().quota_bytes, None);
    depot.version(client, &[("two", &noise(3, 150_000))]).await;
    let report = measured(&depot, client, 4).await;
    assert!(report.total.stored_bytes > 600_000, "{:?}", report.total);
    Ok(())
}

async fn t19_commits_at_once_do_not_get_beyond_the_quota(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let (client, slug) = (&depot.owner.client, depot.project.slug.as_str());
    let mut uploads = Vec::new();
    for number in 0..8 {
        let upload = depot.begin(client, false).await.good_with(201);
        depot.put(client, &upload.id, &format!("file {number}"), &noise(number, 100_000)).await.good();
        uploads.push(upload.id);
    }
    // Room for three of them, said when all have been sent.
    let bytes = Some(350_000);
    let admin = &depot.world.acme.administrator.client;
    admin.send(calls::storage_quota_set("acme", slug, &SetStorageQuota { bytes })).await.good();
    let commits = uploads.iter().map(|upload| depot.commit(client, upload, ""));
    let answers = futures::future::join_all(commits).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 3, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    for answer in answers.iter().filter(|answer| answer.status != 201) {
        answer.refused(409, "storage-quota");
    }
    Ok(())
}

async fn who_sends_and_never_commits_is_stopped_too(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let (client, slug) = (&depot.owner.client, depot.project.slug.as_str());
    let admin = &depot.world.acme.administrator.client;
    let bytes = Some(20 << 20);
    admin.send(calls::storage_quota_set("acme", slug, &SetStorageQuota { bytes })).await.good();
    let upload = depot.begin(client, false).await.good();
    // As one stream …
    let refused = depot.put(client, &upload.id, "endless", &noise(1, 120 << 20)).await;
    refused.refused(409, "storage-quota");
    // … and chunk by chunk.
    depot.send_chunks(client, &upload.id, frames(&[&noise(7, 1 << 20)])).await.refused(409, "storage-quota");
    Ok(())
}

/// As if the last bill were of so many days ago.
fn days_ago(depot: &Depot, days: i64) -> anyhow::Result<()> {
    let back = format!("UPDATE project_storage SET billed_through = billed_through - {days}");
    anyhow::ensure!(depot.world.server.database.execute(&back)? == 1, "one project stores something");
    Ok(())
}

async fn the_day_is_billed_and_shown_wherever_spending_is(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let (client, slug) = (&depot.owner.client, depot.project.slug.as_str());
    let admin = &depot.world.acme.administrator.client;
    // So dear that a megabyte is seen.
    let price = UpdateStorage { price_per_gb_month: Micros(5_000_000_000) };
    admin.send(calls::storage_update("acme", &price)).await.good();
    depot.version(client, &[("a", &noise(1, 1_000_000))]).await;
    // Prices before there were any are nothing.
    days_ago(&depot, 40)?;
    let old = "UPDATE storage_prices SET since = 0";
    anyhow::ensure!(depot.world.server.database.execute(old)? == 1, "one price");
    depot.version(client, &[("b", &noise(2, 1_000_000))]).await;

    let days = "SELECT CAST(day AS TEXT) AS line FROM storage_days ORDER BY day";
    let days: Vec<i64> =
        depot.world.server.database.lines(days)?.iter().map(|day| day.parse()).collect::<Result<_, _>>()?;
    assert_eq!(days.len(), 40);
    assert!(days.windows(2).all(|pair| pair[0] + 1 == pair[1]), "{days:?}");

    // Over the months that these days are in, whatever today is.
    let (mut listed, mut total) = (0, Micros(0));
    for month in months(&days)? {
        let filter = StorageDayFilter { month: Some(month.clone()), ..StorageDayFilter::default() };
        let page = admin.send(calls::storage_day_list("acme", &filter)).await.good();
        let cost: Micros = page.items.iter().map(|day| day.cost).sum();
        assert!(page.items.windows(2).all(|pair| pair[0].day > pair[1].day));
        assert!(page.items.iter().all(|day| day.bytes > 1_000_000 && day.cost > Micros(0)));
        let of_all = admin.send(calls::spend_report("acme", Some(&month))).await.good();
        let of_project = client.send(calls::project_spend("acme", slug, Some(&month))).await.good();
        let project_sum: Micros = of_all.by_project.iter().map(|project| project.total).sum();
        let day_sum: Micros = of_all.by_day.iter().map(|day| day.total).sum();
        for sum in [of_all.total, of_all.storage, of_project.total, of_project.storage, project_sum, day_sum]
        {
            assert_eq!(sum, cost, "{month}");
        }
        assert!(of_all.by_person.is_empty(), "it is nobody's in particular");
        let own = depot.scientist.client.send(calls::project_spend("acme", slug, Some(&month))).await.good();
        assert_eq!((own.total, own.storage), (Micros(0), Micros(0)));
        let rows = SegmentFilter { month: Some(month.clone()), ..SegmentFilter::default() };
        let csv = admin.get(&calls::segments_csv_path("acme", false, &rows)).await.text();
        assert_eq!(csv.lines().filter(|line| line.contains(",storage,")).count(), page.items.len(), "{csv}");
        listed += page.items.len();
        total += cost;
    }
    assert_eq!(listed, 40);
    assert!(total > Micros(0));
    Ok(())
}

/// As `2026-11`, each once.
fn months(days: &[i64]) -> anyhow::Result<Vec<String>> {
    let mut months = Vec::new();
    for day in days {
        let date = time::OffsetDateTime::from_unix_timestamp(day * 86_400)?;
        months.push(format!("{:04}-{:02}", date.year(), u8::from(date.month())));
    }
    months.dedup();
    Ok(months)
}

async fn prices_keep_their_history(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let admin = &depot.world.acme.administrator.client;
    assert_eq!(admin.send(calls::storage_report("acme")).await.good().price_per_gb_month, Micros(0));
    for price in [20_000, 20_000, 30_000] {
        let price = UpdateStorage { price_per_gb_month: Micros(price) };
        let report = admin.send(calls::storage_update("acme", &price)).await.good();
        assert_eq!(report.price_per_gb_month, price.price_per_gb_month);
    }
    let wrong = UpdateStorage { price_per_gb_month: Micros(-1) };
    admin.send(calls::storage_update("acme", &wrong)).await.blames(&["price_per_gb_month"]);
    let prices = admin.send(calls::storage_price_list("acme")).await.good();
    let prices: Vec<i64> = prices.iter().map(|price| price.price_per_gb_month.0).collect();
    assert_eq!(prices, [30_000, 20_000]);
    Ok(())
}
