//! The past of single files.

use anyhow::Context;
use atelier_api::calls;
use atelier_api::data::{DataChangeKind, DataLastChanges, DataOrigin, RestoreDataFile};
use atelier_api::project::Project;
use atelier_api::role::{OrganizationRole, ProjectRole};
use atelier_tests::{Client, Database, Person, TreePlace, World, on_both_databases};
use std::collections::BTreeMap;

on_both_databases!(
    the_past_of_a_file_is_the_versions_in_which_it_changed,
    the_past_of_many_versions_comes_in_parts,
    a_folder_tells_which_version_changed_each_entry_last,
    one_file_is_brought_back_and_the_others_stay,
    restoring_a_file_meets_others_who_save,
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

    async fn save(&self, message: &str, files: &[(&str, &str)]) {
        self.files.version(&self.owner.client, message, files).await;
    }

    /// Takes files away.
    async fn remove(&self, paths: &[&str]) {
        let client = &self.owner.client;
        let upload = self.files.begin(client).await.good_with(201).id;
        let remove = paths.iter().map(|path| (*path).to_owned()).collect();
        let body = atelier_api::upload::PutFiles { remove, put: Vec::new() };
        let p = &self.project.slug;
        client.send(calls::files_upload_files("acme", p, &upload, &body)).await.good();
        let body = atelier_api::upload::CommitFiles::default();
        client.send(calls::files_upload_commit("acme", p, &upload, &body)).await.good_with(201);
    }

    /// Numbers and what happened, as far as one part goes.
    async fn past(&self, version: &str, path: &str) -> Vec<(i64, DataChangeKind)> {
        let call = calls::files_history("acme", &self.project.slug, version, path, None);
        let page = self.owner.client.send(call).await.good();
        page.items.iter().map(|item| (item.version.number, item.kind)).collect()
    }
}

async fn the_past_of_a_file_is_the_versions_in_which_it_changed(database: Database) -> anyhow::Result<()> {
    use DataChangeKind::{Added, Changed, Removed};
    let shelf = Shelf::new(database).await?;
    shelf.save("one", &[("a.py", "1"), ("b.py", "1")]).await;
    shelf.save("two", &[("b.py", "2")]).await;
    shelf.save("three", &[("a.py", "3")]).await;
    shelf.remove(&["a.py"]).await;
    shelf.save("five", &[("a.py", "1")]).await;
    // A folder in its place is not the file.
    shelf.remove(&["b.py"]).await;
    shelf.save("seven", &[("b.py/c", "x")]).await;

    assert_eq!(shelf.past("latest", "a.py").await, [(5, Added), (4, Removed), (3, Changed), (1, Added)]);
    assert_eq!(shelf.past("4", "a.py").await, [(4, Removed), (3, Changed), (1, Added)]);
    assert_eq!(shelf.past("latest", "b.py").await, [(6, Removed), (2, Changed), (1, Added)]);
    assert_eq!(shelf.past("latest", "b.py/c").await, [(7, Added)]);
    assert!(shelf.past("latest", "absent.py").await.is_empty());
    let call = calls::files_history("acme", &shelf.project.slug, "3", "a.py", None);
    let items = shelf.owner.client.send(call).await.good().items;
    assert_eq!((items[0].bytes, items[0].version.message.as_str()), (Some(1), "three"));
    assert_eq!(items[0].version.author, shelf.owner.id);

    let client = &shelf.owner.client;
    let ask = |version: &str, path: &str, cursor: Option<&str>| {
        client.send(calls::files_history("acme", &shelf.project.slug, version, path, cursor))
    };
    ask("99", "a.py", None).await.refused(404, "not-found");
    ask("latest", "../a.py", None).await.refused(422, "invalid");
    ask("latest", "a.py", Some("soon")).await.refused(422, "invalid");
    Ok(())
}

async fn the_past_of_many_versions_comes_in_parts(database: Database) -> anyhow::Result<()> {
    let shelf = Shelf::new(database).await?;
    shelf.save("first", &[("kept.py", "1"), ("other.py", "0")]).await;
    for n in 1..=130 {
        shelf.save("", &[("other.py", &n.to_string())]).await;
    }
    let client = &shelf.owner.client;
    let p = &shelf.project.slug;
    let first = client.send(calls::files_history("acme", p, "latest", "kept.py", None)).await.good();
    assert!(first.items.is_empty(), "nothing of the last hundred versions");
    let cursor = first.next.context("there are older ones")?;
    let rest = client.send(calls::files_history("acme", p, "latest", "kept.py", Some(&cursor))).await.good();
    assert_eq!(rest.items.iter().map(|item| item.version.number).collect::<Vec<_>>(), [1]);
    assert_eq!(rest.next, None);

    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let call = calls::files_history("acme", p, "latest", "other.py", cursor.as_deref());
        let page = client.send(call).await.good();
        seen.extend(page.items.iter().map(|item| item.version.number));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(seen, (1..=131).rev().collect::<Vec<_>>(), "each once, in order");

    // What is older than a hundred versions is not named.
    let last = last(client, p, "latest", None).await;
    assert_eq!((last.entries.len(), last.others), (1, None));
    Ok(())
}

async fn last(client: &Client, project: &str, version: &str, folder: Option<&str>) -> DataLastChanges {
    client.send(calls::files_last_changes("acme", project, version, folder)).await.good()
}

async fn a_folder_tells_which_version_changed_each_entry_last(database: Database) -> anyhow::Result<()> {
    let shelf = Shelf::new(database).await?;
    shelf.save("one", &[("a.py", "1"), ("src/b.py", "1"), ("src/deep/c.py", "1"), ("z.py", "1")]).await;
    shelf.save("two", &[("src/deep/c.py", "2")]).await;
    shelf.save("three", &[("z.py", "3")]).await;
    let (client, p) = (&shelf.owner.client, shelf.project.slug.as_str());
    let of = |last: &DataLastChanges| -> BTreeMap<String, i64> {
        last.entries.iter().map(|entry| (entry.name.clone(), entry.number)).collect()
    };
    let named = |pairs: &[(&str, i64)]| -> BTreeMap<String, i64> {
        pairs.iter().map(|(name, number)| ((*name).to_owned(), *number)).collect()
    };
    let top = last(client, p, "latest", None).await;
    assert_eq!((of(&top), top.others), (named(&[("src", 2), ("z.py", 3)]), Some(1)));
    assert_eq!(top.versions.iter().map(|version| version.number).collect::<Vec<_>>(), [3, 2, 1]);
    let src = last(client, p, "latest", Some("src")).await;
    assert_eq!((of(&src), src.others), (named(&[("deep", 2)]), Some(1)));
    let before = last(client, p, "1", None).await;
    assert_eq!((of(&before), before.others), (BTreeMap::new(), Some(1)));
    let absent = last(client, p, "latest", Some("absent")).await;
    assert_eq!(absent, DataLastChanges::default());
    Ok(())
}

async fn one_file_is_brought_back_and_the_others_stay(database: Database) -> anyhow::Result<()> {
    let shelf = Shelf::new(database).await?;
    shelf.save("one", &[("a.py", "1"), ("b.py", "1")]).await;
    shelf.save("two", &[("a.py", "2"), ("b.py", "2")]).await;
    shelf.remove(&["a.py"]).await;
    let (client, p) = (&shelf.owner.client, shelf.project.slug.as_str());
    let restore = |client: &Client, version: &str, path: &str| {
        let body = RestoreDataFile { path: path.to_owned(), message: "As it was".to_owned() };
        let (client, version) = (client.clone(), version.to_owned());
        async move { client.send(calls::files_file_restore("acme", p, &version, &body)).await }
    };
    let made = restore(client, "1", "a.py").await.good_with(201);
    assert_eq!((made.number, made.parent, made.origin), (4, Some(3), DataOrigin::Restore));
    assert_eq!((made.message.as_str(), made.files), ("As it was", 2));
    assert_eq!(shelf.files.read(client, "latest", "a.py").await.text(), "1");
    assert_eq!(shelf.files.read(client, "latest", "b.py").await.text(), "2");

    restore(client, "1", "a.py").await.refused(409, "nothing-changed");
    restore(client, "1", "absent.py").await.refused(404, "not-found");
    restore(client, "9", "a.py").await.refused(404, "not-found");
    restore(client, "1", "../a.py").await.refused(422, "invalid");
    let annotator = shelf.world.acme.member(&shelf.project, ProjectRole::Annotator).await;
    let answer = restore(&annotator.client, "1", "a.py").await;
    assert!([403, 404].contains(&answer.status.as_u16()));
    // A file whose place a folder has taken.
    shelf.remove(&["b.py"]).await;
    shelf.save("", &[("b.py/c", "x")]).await;
    restore(client, "1", "b.py").await.refused(409, "path-taken");
    Ok(())
}

async fn restoring_a_file_meets_others_who_save(database: Database) -> anyhow::Result<()> {
    let shelf = Shelf::new(database).await?;
    shelf.save("one", &[("a.py", "1"), ("b.py", "0")]).await;
    shelf.save("two", &[("a.py", "2")]).await;
    let (client, p) = (&shelf.owner.client, shelf.project.slug.as_str());
    let body = RestoreDataFile { path: "a.py".to_owned(), message: String::new() };
    let saving = async {
        for n in 1..=8 {
            shelf.save("", &[("b.py", &n.to_string())]).await;
        }
    };
    let restoring = client.send(calls::files_file_restore("acme", p, "1", &body));
    let ((), restored) = tokio::join!(saving, restoring);
    restored.good_with(201);
    assert_eq!(shelf.files.read(client, "latest", "a.py").await.text(), "1");
    assert_eq!(shelf.files.read(client, "latest", "b.py").await.text(), "8");
    Ok(())
}
