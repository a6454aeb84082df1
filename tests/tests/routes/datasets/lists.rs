//! Lists of datasets and of versions.

use super::{At, Library, new};
use crate::role::{any, make, member, own};
use atelier_api::calls;
use atelier_api::dataset::{DatasetFilter, UpdateDataset};
use atelier_api::role::{Action, Object};
use atelier_tests::{Database, on_both_databases};

on_both_databases!(
    datasets_are_found_by_name_description_and_label,
    long_lists_come_in_parts,
    a_list_shows_how_many_versions_there_are_and_the_newest,
    who_sees_only_own_datasets_is_shown_no_others,
    versions_come_the_newest_first_in_parts,
);

fn search(text: &str) -> DatasetFilter {
    DatasetFilter { search: Some(text.to_owned()), ..DatasetFilter::default() }
}

async fn datasets_are_found_by_name_description_and_label(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let client = &library.owner.client;
    for (name, description, labels) in [
        ("events", "Clicks of the shop", &["raw"][..]),
        ("Customers", "Who buys", &["raw", "Europe"]),
        ("Élections", "", &[]),
    ] {
        let mut body = new(name);
        body.description = description.to_owned();
        body.labels = labels.iter().map(|label| (*label).to_owned()).collect();
        client.send(calls::dataset_create("acme", &library.project.slug, &body)).await.good();
    }
    let all = ["Customers", "events", "Élections"];
    for (text, names) in [
        ("", &all[..]),
        ("CUSTOM", &["Customers"]),
        ("shop", &["events"]),
        ("raw", &["Customers", "events"]),
        ("europe", &["Customers"]),
        ("élec", &["Élections"]),
        ("%", &[]),
        ("\u{0}", &[]),
    ] {
        assert_eq!(library.names(client, &search(text)).await, names, "{text}");
    }
    let path = format!("/api/v1/organizations/acme/projects/{}/datasets", library.project.slug);
    client.get(&format!("{path}?trashed=1")).await.refused(400, "query");
    client.get(&format!("{path}?cursor=!")).await.blames(&["cursor"]);
    Ok(())
}

async fn long_lists_come_in_parts(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let row = "INSERT INTO datasets (id, project_id, slug, name, description, created_by, created_at) SELECT \
               'd' || n, p.id, 'd' || n, 'D' || n, '', p.created_by, 1 FROM projects p, numbers WHERE \
               p.slug = 'churn'";
    let numbers =
        "WITH RECURSIVE numbers (n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1249)";
    assert_eq!(library.world.server.database.execute(&format!("{numbers} {row}"))?, 250);
    let (mut seen, mut filter) = (Vec::new(), DatasetFilter::default());
    for size in [100, 100, 50] {
        let page = library.list(&library.scientist.client, &filter).await;
        assert_eq!(page.items.len(), size);
        seen.extend(page.items.into_iter().map(|dataset| dataset.name));
        filter.cursor = page.next;
    }
    assert_eq!(filter.cursor, None);
    assert_eq!(seen, (1000..1250).map(|n| format!("D{n}")).collect::<Vec<_>>());
    Ok(())
}

async fn a_list_shows_how_many_versions_there_are_and_the_newest(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    for (name, versions) in [("A", 3), ("B", 0), ("C", 5)] {
        library.dataset(&library.owner, name, versions).await?;
    }
    let listed = library.list(&library.scientist.client, &DatasetFilter::default()).await.items;
    let shown: Vec<_> = listed
        .iter()
        .map(|dataset| {
            let latest = dataset.latest.as_ref().map(|version| (version.number, version.bytes));
            (dataset.name.as_str(), dataset.versions, latest)
        })
        .collect();
    assert_eq!(shown, [("A", 3, Some((3, 3000))), ("B", 0, None), ("C", 5, Some((5, 5000)))]);
    for dataset in &listed {
        assert_eq!(library.at(&library.scientist, dataset).get().await.good(), *dataset);
        assert_eq!(dataset.permissions, [Action::Read, Action::Commit], "of another's");
    }
    let own = library.dataset(&library.scientist, "Own", 0).await?;
    assert_eq!(own.permissions, [Action::Read, Action::Update, Action::Commit, Action::Delete]);
    Ok(())
}

async fn who_sees_only_own_datasets_is_shown_no_others(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let acme = &library.world.acme;
    let allow = [
        any(Object::Project, Action::Read),
        any(Object::Dataset, Action::Create),
        own(Object::Dataset, Action::Read),
        own(Object::Dataset, Action::Delete),
    ];
    let role = make(acme, "Own only", &allow, &[]).await;
    let person = member(acme, &library.project, &role).await;
    let theirs = library.dataset(&library.owner, "Theirs", 1).await?;
    // Who may see only own ones still has a list.
    let mine = library.dataset(&person, "Mine", 1).await?;
    assert_eq!(library.names(&person.client, &DatasetFilter::default()).await, ["Mine"]);
    library.at(&person, &mine).versions(None).await.good();
    library.at(&person, &theirs).get().await.refused(404, "not-found");
    library.at(&person, &theirs).version("latest").await.refused(404, "not-found");
    library.at(&person, &mine).update(&UpdateDataset::default()).await.refused(403, "forbidden");

    // In the trash, each sees what he or she may take out.
    library.at(&library.owner, &theirs).delete().await.good();
    library.at(&person, &mine).delete().await.good();
    let trashed = DatasetFilter { trashed: Some(true), ..DatasetFilter::default() };
    assert_eq!(library.names(&library.owner.client, &trashed).await, ["Mine", "Theirs"]);
    assert_eq!(library.names(&person.client, &trashed).await, ["Mine"]);
    assert_eq!(library.names(&library.scientist.client, &trashed).await, [""; 0]);
    Ok(())
}

async fn versions_come_the_newest_first_in_parts(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let dataset = library.dataset(&library.owner, "Customers", 1).await?;
    let rows = format!(
        "WITH RECURSIVE numbers (n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM numbers WHERE n < 230) \
         INSERT INTO data_versions (project_id, object, object_id, number, parent_number, root, message, \
         author_id, origin, files, bytes, stored_bytes, created_at) SELECT project_id, object, object_id, n, \
         n - 1, root, '', author_id, origin, files, bytes, stored_bytes, n FROM data_versions, numbers \
         WHERE object_id = '{}' AND number = 1",
        dataset.id
    );
    assert_eq!(library.world.server.database.execute(&rows)?, 229);
    let at: At = library.at(&library.scientist, &dataset);
    let (mut seen, mut cursor) = (Vec::new(), None);
    for size in [100, 100, 30] {
        let page = at.versions(cursor.as_deref()).await.good();
        assert_eq!(page.items.len(), size);
        seen.extend(page.items.into_iter().map(|version| version.number));
        cursor = page.next;
    }
    assert_eq!((seen, cursor), ((1..=230).rev().collect::<Vec<_>>(), None));
    at.versions(Some("!")).await.blames(&["cursor"]);
    let newest = at.version("latest").await.good();
    assert_eq!((newest.number, newest.parent), (230, Some(229)));
    assert_eq!((&newest.author, &newest.author_name), (&library.owner.id, &library.owner.name));
    Ok(())
}
