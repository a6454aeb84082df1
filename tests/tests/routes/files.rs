//! A project's files: versions, what is in them, who hears of them.

use atelier_api::calls;
use atelier_api::data::{DataChangeKind, DataFolder, DataOrigin, RestoreDataVersion};
use atelier_api::event::Event;
use atelier_api::project::Project;
use atelier_api::role::{OrganizationRole, ProjectRole};
use atelier_tests::{Database, Events, Person, TreePlace, World, eventually, on_both_databases};
use std::time::Duration;

on_both_databases!(
    versions_are_made_read_compared_and_restored,
    files_of_one_project_are_not_those_of_another,
    whoever_looks_is_told_of_a_new_version,
);

struct Shelf {
    world: World,
    project: Project,
    owner: Person,
    files: TreePlace,
}

impl Shelf {
    async fn new(database: Database) -> anyhow::Result<Shelf> {
        let world = World::new(database).await?;
        let owner = world.acme.person(OrganizationRole::Member).await;
        let project = world.acme.project(&owner, "Churn").await;
        let files = TreePlace::files("acme".to_owned(), project.slug.clone());
        Ok(Shelf { world, project, owner, files })
    }
}

async fn versions_are_made_read_compared_and_restored(database: Database) -> anyhow::Result<()> {
    let shelf = Shelf::new(database).await?;
    let (client, p) = (&shelf.owner.client, shelf.project.slug.as_str());
    assert!(client.send(calls::files_version_list("acme", p, None)).await.good().items.is_empty());
    client.send(calls::files_version_get("acme", p, "latest")).await.refused(404, "not-found");

    let first = shelf.files.version(client, "Begun", &[("a.py", "one"), ("src/b.py", "b")]).await;
    assert_eq!((first.number, first.parent, first.origin), (1, None, DataOrigin::Upload));
    let colleague = shelf.world.acme.member(&shelf.project, ProjectRole::DataScientist).await;
    let second = shelf.files.version(&colleague.client, "Mended", &[("a.py", "two")]).await;
    assert_eq!((second.number, second.parent, second.message.as_str()), (2, Some(1), "Mended"));
    assert_eq!(second.author, colleague.id);

    assert_eq!(shelf.files.read(client, "1", "a.py").await.text(), "one");
    assert_eq!(shelf.files.read(client, "latest", "a.py").await.text(), "two");
    assert_eq!(shelf.files.read(client, "latest", "src/b.py").await.text(), "b");
    let top = client.send(calls::files_list("acme", p, "2", &DataFolder::default())).await.good();
    let names: Vec<&str> = top.items.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!(names, ["a.py", "src"]);
    let changes = client.send(calls::files_changes("acme", p, "2", "1", None)).await.good();
    let changed: Vec<_> = changes.items.iter().map(|change| (change.path.as_str(), change.kind)).collect();
    assert_eq!(changed, [("a.py", DataChangeKind::Changed)]);
    let archive = client.get(&calls::files_archive_path("acme", p, "2", None)).await;
    assert_eq!(archive.header("content-disposition"), "attachment; filename*=UTF-8''churn.zip");

    let body = RestoreDataVersion { message: "As it was".to_owned() };
    let back = client.send(calls::files_version_restore("acme", p, "1", &body)).await.good_with(201);
    assert_eq!((back.number, back.restored, back.root), (3, Some(1), first.root));
    client.send(calls::files_version_restore("acme", p, "1", &body)).await.refused(409, "nothing-changed");
    let listed = client.send(calls::files_version_list("acme", p, None)).await.good().items;
    assert_eq!(listed.iter().map(|version| version.number).collect::<Vec<_>>(), [3, 2, 1]);
    Ok(())
}

async fn files_of_one_project_are_not_those_of_another(database: Database) -> anyhow::Result<()> {
    let shelf = Shelf::new(database).await?;
    shelf.files.version(&shelf.owner.client, "", &[("a.py", "one")]).await;
    let other = shelf.world.acme.project(&shelf.owner, "Other").await;
    let other = TreePlace::files("acme".to_owned(), other.slug);
    other.version(&shelf.owner.client, "", &[("a.py", "another")]).await;
    assert_eq!(shelf.files.read(&shelf.owner.client, "1", "a.py").await.text(), "one");
    assert_eq!(other.read(&shelf.owner.client, "1", "a.py").await.text(), "another");
    // Nor is an upload to one an upload to the other.
    let upload = shelf.files.begin(&shelf.owner.client).await.good_with(201).id;
    other.put(&shelf.owner.client, &upload, "a.py", "x").await.refused(404, "not-found");
    Ok(())
}

async fn whoever_looks_is_told_of_a_new_version(database: Database) -> anyhow::Result<()> {
    let shelf = Shelf::new(database).await?;
    let scientist = shelf.world.acme.member(&shelf.project, ProjectRole::DataScientist).await;
    let annotator = shelf.world.acme.member(&shelf.project, ProjectRole::Annotator).await;
    let seen = Events::open(&scientist.client, "acme").await;
    let unseen = Events::open(&annotator.client, "acme").await;
    let told = Event::FilesChanged { project: shelf.project.slug.clone() };
    shelf.files.version(&shelf.owner.client, "", &[("a.py", "one")]).await;
    eventually("it is told", Duration::from_secs(10), || async { seen.all().contains(&told) }).await;
    assert!(!unseen.all().contains(&told), "told to somebody who may not read the files");
    Ok(())
}
