//! The meter before anything ran. What runs is billed in the tests of sessions.

use atelier_api::billing::SegmentFilter;
use atelier_api::calls;
use atelier_api::money::Micros;
use atelier_api::role::{OrganizationRole, ProjectRole};
use atelier_tests::{Database, World, on_both_databases};

on_both_databases!(nothing_ran_and_nothing_is_billed, who_sees_whose_spending);

const HEAD: &str = "container,sequence,kind,person,email,project,session,size,price_per_hour,started_at_ms,\
                    ended_at_ms,milliseconds,cost\n";

async fn nothing_ran_and_nothing_is_billed(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator.client);
    let project = acme.project(&acme.administrator, "Churn").await;
    let mine = ada.send(calls::spend_mine(&acme.slug)).await.good();
    assert_eq!((mine.today, mine.month, mine.running, mine.per_hour), (Micros(0), Micros(0), 0, Micros(0)));
    assert_eq!(mine.monthly_limit, None);

    for month in [None, Some("2026-02"), Some("2024-02"), Some("1999-12")] {
        let reports = [
            ada.send(calls::spend_report(&acme.slug, month)).await,
            ada.send(calls::spend_report_mine(&acme.slug, month)).await,
            ada.send(calls::project_spend(&acme.slug, &project.slug, month)).await,
        ];
        for answer in reports {
            let report = answer.good();
            assert_eq!((report.total, report.running), (Micros(0), 0));
            assert!(report.by_person.iter().all(|row| row.total == Micros(0)));
            assert!(report.by_day.iter().all(|day| day.total == Micros(0)));
            assert_eq!(report.month, month.map_or(report.month.clone(), str::to_owned));
        }
    }
    let days =
        async |month: &str| ada.send(calls::spend_report(&acme.slug, Some(month))).await.good().by_day.len();
    assert_eq!([days("2024-02").await, days("2025-02").await, days("2025-12").await], [29, 28, 31]);

    for month in ["2026-13", "2026-00", "2026", "26-11", "november", "2026-11-01", "", "-999-01", "2026-+1"] {
        ada.send(calls::spend_report(&acme.slug, Some(month))).await.blames(&["month"]);
        ada.send(calls::spend_report_mine(&acme.slug, Some(month))).await.blames(&["month"]);
        ada.send(calls::project_spend(&acme.slug, &project.slug, Some(month))).await.blames(&["month"]);
        let filter = SegmentFilter { month: Some(month.to_owned()), ..SegmentFilter::default() };
        ada.send(calls::segment_list(&acme.slug, &filter)).await.blames(&["month"]);
        ada.get(&calls::segments_csv_path(&acme.slug, true, &filter)).await.blames(&["month"]);
    }

    let segments = ada.send(calls::segment_list(&acme.slug, &SegmentFilter::default())).await.good();
    assert_eq!((segments.items.len(), segments.next), (0, None));
    for mine in [true, false] {
        let csv = ada.get(&calls::segments_csv_path(&acme.slug, mine, &SegmentFilter::default())).await;
        assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
        assert!(csv.header("content-disposition").starts_with("attachment"));
        assert_eq!(csv.text(), HEAD);
    }
    Ok(())
}

async fn who_sees_whose_spending(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let acme = &world.acme;
    let project = acme.project(&acme.administrator, "Churn").await;
    for (role, all) in [
        (OrganizationRole::Administrator, true),
        (OrganizationRole::Auditor, true),
        (OrganizationRole::Member, false),
        (OrganizationRole::Guest, false),
    ] {
        let client = acme.person(role).await.client;
        client.send(calls::spend_mine(&acme.slug)).await.good();
        client.send(calls::spend_report_mine(&acme.slug, None)).await.good();
        client.send(calls::segment_list_mine(&acme.slug, &SegmentFilter::default())).await.good();
        let path = |mine| calls::segments_csv_path(&acme.slug, mine, &SegmentFilter::default());
        assert_eq!(client.get(&path(true)).await.status, 200);
        let expected = if all { 200 } else { 403 };
        let report = client.send(calls::spend_report(&acme.slug, None)).await.status;
        let rows = client.send(calls::segment_list(&acme.slug, &SegmentFilter::default())).await.status;
        let csv = client.get(&path(false)).await.status;
        assert_eq!([report, rows, csv].map(|status| status.as_u16()), [expected; 3], "{role}");
        let project = client.send(calls::project_spend(&acme.slug, &project.slug, None)).await.status;
        assert_eq!(project.as_u16(), if all { 200 } else { 404 }, "{role}");
    }
    // In a project: the owner all, who works there the own.
    let owner = acme.member(&project, ProjectRole::Owner).await;
    let scientist = acme.member(&project, ProjectRole::DataScientist).await;
    for person in [&owner, &scientist] {
        person.client.send(calls::project_spend(&acme.slug, &project.slug, None)).await.good();
        person.client.send(calls::spend_report(&acme.slug, None)).await.refused(403, "forbidden");
    }
    Ok(())
}
