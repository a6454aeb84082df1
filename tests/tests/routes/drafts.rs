//! Drafts of a project's files: private, saved by file, with nothing lost of what two people wrote.

use atelier_api::calls;
use atelier_api::draft::{KeptHow, TakenPaths};
use atelier_api::project::Project;
use atelier_api::role::{OrganizationRole, ProjectRole};
use atelier_tests::{Client, Database, Person, TreePlace, World, on_both_databases};
use std::collections::{BTreeMap, BTreeSet};

on_both_databases!(
    what_is_in_a_draft_is_its_persons_alone_until_it_is_saved,
    changes_of_two_people_come_together_by_file_line_and_cell,
    of_a_true_conflict_both_are_kept,
    what_others_changed_comes_in_unless_one_has_changed_it_too,
    a_draft_is_no_upload,
    two_people_save_at_once,
    whatever_two_people_do_no_line_is_lost,
);

struct Shelf {
    world: World,
    project: Project,
    ada: Person,
    ben: Person,
    files: TreePlace,
}

impl Shelf {
    async fn new(database: Database) -> anyhow::Result<Shelf> {
        let world = World::new(database).await?;
        let ada = world.acme.person(OrganizationRole::Member).await;
        let project = world.acme.project(&ada, "Churn").await;
        let ben = world.acme.member(&project, ProjectRole::DataScientist).await;
        let files = TreePlace::files("acme".to_owned(), project.slug.clone());
        Ok(Shelf { world, project, ada, ben, files })
    }

    async fn put(&self, client: &Client, files: &[(&str, &str)]) {
        let draft = self.files.draft(client).await.good().id;
        for (path, text) in files {
            self.files.put(client, &draft, path, text).await.good();
        }
    }

    async fn remove(&self, client: &Client, path: &str) {
        let draft = self.files.draft(client).await.good().id;
        self.files.remove(client, &draft, path).await.good();
    }

    async fn latest(&self) -> BTreeMap<String, String> {
        self.files.all(&self.ada.client, "latest").await
    }

    /// Both have this, and nothing else.
    async fn both_begin_with(&self, files: &[(&str, &str)]) {
        self.put(&self.ada.client, files).await;
        self.files.save(&self.ada.client, "Begun").await;
        self.files.draft(&self.ben.client).await.good();
        self.files.take(&self.ben.client).await;
    }
}

fn texts(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
}

async fn what_is_in_a_draft_is_its_persons_alone_until_it_is_saved(database: Database) -> anyhow::Result<()> {
    let shelf = Shelf::new(database).await?;
    let (ada, ben) = (&shelf.ada.client, &shelf.ben.client);
    let p = shelf.project.slug.as_str();
    ada.send(calls::files_draft_get("acme", p)).await.refused(404, "not-found");
    ada.send(calls::files_draft_save("acme", p, &Default::default())).await.refused(404, "not-found");
    shelf.put(ada, &[("a.py", "one"), ("src/b.py", "b")]).await;
    let draft = ada.send(calls::files_draft_get("acme", p)).await.good();
    assert_eq!((draft.files, draft.unsaved, draft.last_save), (2, true, None));
    let listed = ada.send(calls::files_draft_list("acme", p, None)).await.good().items;
    assert_eq!(listed.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["a.py", "src/b.py"]);
    assert_eq!(ada.get(&calls::files_draft_content_path("acme", p, "a.py")).await.text(), "one");

    // Nobody else sees it, whatever he or she may do.
    let administrator = &shelf.world.acme.administrator.client;
    assert_eq!(shelf.files.draft(ben).await.good().files, 0);
    ben.get(&calls::files_draft_content_path("acme", p, "a.py")).await.refused(404, "not-found");
    shelf.files.put(ben, &draft.id, "a.py", "other").await.refused(404, "not-found");
    administrator.send(calls::files_draft_get("acme", p)).await.refused(403, "forbidden");
    assert!(ben.send(calls::files_version_list("acme", p, None)).await.good().items.is_empty());

    let saved = shelf.files.save(ada, "  First  ").await;
    assert_eq!((saved.version, saved.kept_count, saved.merged_count), (Some(1), 0, 0));
    let version = ben.send(calls::files_version_get("acme", p, "1")).await.good();
    assert_eq!((version.message.as_str(), version.author.as_str()), ("First", shelf.ada.id.as_str()));
    assert_eq!(shelf.latest().await, texts(&[("a.py", "one"), ("src/b.py", "b")]));
    let draft = ada.send(calls::files_draft_get("acme", p)).await.good();
    assert_eq!((draft.unsaved, draft.last_save), (false, Some(saved)));
    // Nothing new makes no version.
    assert_eq!(shelf.files.save(ada, "Again").await.version, None);
    assert_eq!(ben.send(calls::files_version_list("acme", p, None)).await.good().items.len(), 1);
    Ok(())
}

fn notebook(cells: &[(&str, &str)]) -> String {
    let cells: Vec<serde_json::Value> = cells
        .iter()
        .map(|(id, source)| {
            serde_json::json!({"cell_type": "code", "id": id, "source": [source], "outputs": [],
                "metadata": {}, "execution_count": null})
        })
        .collect();
    serde_json::json!({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).to_string()
}

async fn changes_of_two_people_come_together_by_file_line_and_cell(database: Database) -> anyhow::Result<()> {
    let shelf = Shelf::new(database).await?;
    let (ada, ben) = (&shelf.ada.client, &shelf.ben.client);
    let book = notebook(&[("a", "1"), ("b", "2")]);
    let begin = [("a.py", "1\n2\n3\n4\n5\n"), ("b.py", "b"), ("gone.py", "x"), ("n.ipynb", book.as_str())];
    shelf.both_begin_with(&begin).await;
    shelf
        .put(ada, &[("a.py", "one\n2\n3\n4\n5\n"), ("n.ipynb", &notebook(&[("a", "11"), ("b", "2")]))])
        .await;
    shelf.remove(ada, "gone.py").await;
    assert_eq!(shelf.files.save(ada, "Ada's").await.version, Some(2));
    let theirs = notebook(&[("a", "1"), ("b", "2"), ("c", "3")]);
    shelf.put(ben, &[("a.py", "1\n2\n3\n4\nfive\n"), ("new.py", "n"), ("n.ipynb", &theirs)]).await;
    let saved = shelf.files.save(ben, "Ben's").await;
    assert_eq!((saved.version, saved.kept.as_slice()), (Some(3), &[][..]));
    assert_eq!(saved.merged, ["a.py", "n.ipynb"]);
    let mut latest = shelf.latest().await;
    let merged: serde_json::Value = serde_json::from_str(&latest.remove("n.ipynb").unwrap_or_default())?;
    let cells = merged["cells"].as_array().into_iter().flatten();
    let sources: Vec<_> = cells.map(|cell| cell["source"][0].as_str().unwrap_or_default()).collect();
    assert_eq!(sources, ["11", "2", "3"]);
    assert_eq!(latest, texts(&[("a.py", "one\n2\n3\n4\nfive\n"), ("b.py", "b"), ("new.py", "n")]));
    Ok(())
}

async fn of_a_true_conflict_both_are_kept(database: Database) -> anyhow::Result<()> {
    let shelf = Shelf::new(database).await?;
    let (ada, ben) = (&shelf.ada.client, &shelf.ben.client);
    shelf
        .both_begin_with(&[("src/a.py", "same\n"), ("ours", "x"), ("theirs", "x"), ("f", "x"), ("d/e", "x")])
        .await;
    shelf.put(ada, &[("src/a.py", "ada\n"), ("theirs", "ada")]).await;
    for path in ["ours", "f", "d/e", "d"] {
        shelf.remove(ada, path).await;
    }
    shelf.put(ada, &[("f/g", "ada"), ("d", "a file")]).await;
    shelf.files.save(ada, "").await;

    shelf.put(ben, &[("src/a.py", "ben\n"), ("ours", "ben"), ("f", "ben"), ("d/e", "ben")]).await;
    shelf.remove(ben, "theirs").await;
    let saved = shelf.files.save(ben, "").await;
    assert_eq!((saved.version, saved.kept_count), (Some(3), 5));
    let how: BTreeMap<&str, KeptHow> = saved.kept.iter().map(|kept| (kept.path.as_str(), kept.how)).collect();
    let expected = [
        ("d", KeptHow::Beside),
        ("f", KeptHow::Beside),
        ("ours", KeptHow::Ours),
        ("src/a.py", KeptHow::Beside),
        ("theirs", KeptHow::Theirs),
    ];
    assert_eq!(how, BTreeMap::from(expected));
    let beside = |path: &str| {
        let kept = saved.kept.iter().find(|kept| kept.path == path);
        kept.and_then(|kept| kept.beside.clone()).unwrap_or_default()
    };
    let name = beside("src/a.py");
    let person = ben.send(calls::me_get()).await.good().name;
    assert!(name.starts_with(&format!("src/a ({person}, ")) && name.ends_with(").py"), "{name}");
    let latest = shelf.latest().await;
    let folder = format!("{}/e", beside("d"));
    let expected = [
        ("src/a.py", "ada\n"),
        (name.as_str(), "ben\n"),
        ("ours", "ben"),
        ("theirs", "ada"),
        ("f/g", "ada"),
        (&beside("f"), "ben"),
        ("d", "a file"),
        (folder.as_str(), "ben"),
    ];
    assert_eq!(latest, texts(&expected));
    // The same is not kept twice.
    assert_eq!(shelf.files.save(ben, "").await.version, None);
    Ok(())
}

async fn what_others_changed_comes_in_unless_one_has_changed_it_too(
    database: Database,
) -> anyhow::Result<()> {
    let shelf = Shelf::new(database).await?;
    let (ada, ben) = (&shelf.ada.client, &shelf.ben.client);
    let p = shelf.project.slug.as_str();
    shelf.both_begin_with(&[("a", "1"), ("b", "1"), ("c", "1"), ("d/e", "1")]).await;
    shelf.put(ada, &[("a", "2"), ("b", "2"), ("new/f", "2")]).await;
    shelf.remove(ada, "c").await;
    shelf.remove(ada, "d").await;
    shelf.files.save(ada, "").await;
    shelf.put(ben, &[("b", "ben")]).await;

    let incoming = ben.send(calls::files_draft_incoming("acme", p, None)).await.good();
    let changes: Vec<_> = incoming
        .changes
        .iter()
        .map(|change| (change.path.as_str(), change.file.as_ref().map(|file| file.bytes), change.folder))
        .collect();
    let expected = [
        ("a", Some(1), false),
        ("c", None, false),
        ("d", None, true),
        ("d/e", None, false),
        ("new/f", Some(1), false),
    ];
    assert_eq!((incoming.version, changes.as_slice()), (Some(2), &expected[..]));
    let rest = ben.send(calls::files_draft_incoming("acme", p, Some("d"))).await.good();
    assert_eq!(rest.changes.len(), 2);

    // Of these a part was taken; the copy went on with one of them since.
    shelf.put(ben, &[("a", "2, then ben")]).await;
    let part = TakenPaths { version: 2, paths: vec!["a".to_owned(), "c".to_owned()] };
    ben.send(calls::files_draft_taken("acme", p, &part)).await.good();
    let saved = shelf.files.save(ben, "").await;
    // `a` is a change of what was taken, so no conflict; `b` is one.
    assert_eq!(saved.kept.iter().map(|kept| kept.path.as_str()).collect::<Vec<_>>(), ["b"]);
    let latest = shelf.latest().await;
    assert_eq!((latest["a"].as_str(), latest["b"].as_str()), ("2, then ben", "2"));
    assert!(!latest.contains_key("c") && !latest.contains_key("d/e"), "{latest:?}");
    let unknown = TakenPaths { version: 99, paths: Vec::new() };
    ben.send(calls::files_draft_taken("acme", p, &unknown)).await.refused(404, "not-found");
    let wrong = TakenPaths { version: 2, paths: vec!["../x".to_owned()] };
    ben.send(calls::files_draft_taken("acme", p, &wrong)).await.blames(&["path"]);
    Ok(())
}

async fn a_draft_is_no_upload(database: Database) -> anyhow::Result<()> {
    let shelf = Shelf::new(database).await?;
    let (ada, p) = (&shelf.ada.client, shelf.project.slug.as_str());
    let draft = shelf.files.draft(ada).await.good().id;
    assert_eq!(shelf.files.draft(ada).await.good().id, draft);
    assert!(ada.send(calls::files_upload_list("acme", p)).await.good().is_empty());
    let commit = calls::files_upload_commit("acme", p, &draft, &Default::default());
    ada.send(commit).await.refused(409, "upload-is-draft");
    ada.send(calls::files_upload_cancel("acme", p, &draft)).await.refused(409, "upload-is-draft");
    Ok(())
}

async fn two_people_save_at_once(database: Database) -> anyhow::Result<()> {
    let shelf = Shelf::new(database).await?;
    shelf.both_begin_with(&[("a", "1")]).await;
    for round in 0..4 {
        let (one, other) = (format!("ada{round}"), format!("ben{round}"));
        shelf.put(&shelf.ada.client, &[(&one, "x")]).await;
        shelf.put(&shelf.ben.client, &[(&other, "x")]).await;
        let saves = futures::future::join(
            shelf.files.save(&shelf.ada.client, ""),
            shelf.files.save(&shelf.ben.client, ""),
        );
        let (ada, ben) = saves.await;
        assert!(ada.version.is_some() && ben.version.is_some() && ada.version != ben.version);
        let latest = shelf.latest().await;
        assert!(latest.contains_key(&one) && latest.contains_key(&other), "{latest:?}");
    }
    Ok(())
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

async fn whatever_two_people_do_no_line_is_lost(database: Database) -> anyhow::Result<()> {
    let shelf = Shelf::new(database).await?;
    let text: String = (0..12).map(|n| format!("line {n}\n")).collect();
    shelf.both_begin_with(&[("a.py", &text), ("b.py", &text), ("d/c.py", &text)]).await;
    let mut dice = Dice(7);
    let mut written = BTreeSet::new();
    for round in 0..20 {
        let person = if dice.below(2) == 0 { &shelf.ada } else { &shelf.ben };
        let (client, name) = (&person.client, if person.id == shelf.ada.id { "ada" } else { "ben" });
        // Some take in what others did now and then, as a session does.
        if dice.below(3) == 0 {
            shelf.files.take(client).await;
        }
        for n in 0..=dice.below(3) {
            let path = ["a.py", "b.py", "d/c.py"][dice.below(3)];
            let address = calls::files_draft_content_path("acme", &shelf.project.slug, path);
            let mut lines: Vec<String> =
                client.get(&address).await.text().lines().map(str::to_owned).collect();
            let line = format!("{name} {round}.{n}");
            let at = dice.below(lines.len() + 1);
            // What somebody wrote stays: only lines that were there from the start are overwritten.
            match lines.get_mut(at).filter(|old| old.starts_with("line ")) {
                Some(old) => *old = line.clone(),
                None => lines.insert(at, line.clone()),
            }
            shelf.put(client, &[(path, &format!("{}\n", lines.join("\n")))]).await;
            written.insert(line);
        }
        if dice.below(2) == 0 {
            shelf.files.save(client, "").await;
        }
    }
    for person in [&shelf.ada, &shelf.ben] {
        shelf.files.save(&person.client, "").await;
    }
    let latest = shelf.latest().await;
    for line in written {
        let found = latest.values().any(|text| text.lines().any(|kept| kept == line));
        assert!(found, "{line} is lost: {latest:#?}");
    }
    Ok(())
}
