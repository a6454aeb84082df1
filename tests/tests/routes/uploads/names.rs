//! T8: paths in every spelling are stored exactly, or refused with the reason; never mangled.

use atelier_api::calls;
use atelier_api::data::DataFolder;
use atelier_api::grant::SetGrants;
use atelier_api::restriction::CreateRestriction;
use atelier_api::role::Object;
use atelier_api::upload::PutFiles;
use atelier_tests::{ArtifactPlace, Database, Depot, TreePlace, on_both_databases};
use serde_json::Value;
use std::collections::BTreeSet;

on_both_databases!(
    t08_hostile_paths_are_stored_exactly_or_refused,
    names_that_differ_in_case_alone_and_the_longest_path_are_kept,
);

/// Ways of saying "one folder up", and of what a system might take for something else than a name.
const PARTS: [&str; 40] = [
    "..",
    ".",
    "",
    "%2e%2e",
    "%252e%252e",
    "..%2f",
    "..%5c",
    "..\\",
    "\\",
    "\\\\server\\share",
    "..;",
    "...",
    ". .",
    ".. ",
    " ..",
    "..\u{200b}",
    "\u{ff0e}\u{ff0e}",
    "\u{2024}\u{2024}",
    "%c0%ae%c0%ae",
    "..%00",
    "..\u{1}",
    "~",
    "~root",
    "$HOME",
    "file:",
    "file:///etc/passwd",
    "http://host",
    "C:",
    "C:\\Windows",
    "CON",
    "nul.txt",
    "aux",
    "a:b",
    "a*b?",
    "a\nb",
    "a\r\nSet-Cookie: x",
    "\u{202e}txt.exe",
    "é",
    "e\u{301}",
    "<script>",
];

/// Where a part can be.
const FRAMES: [&str; 6] = ["{}", "{}/x", "x/{}", "x/{}/y", "/{}", "{}/"];

/// What no path may have.
fn is_refused(path: &str) -> bool {
    path.is_empty() || path.split('/').any(|name| matches!(name, "" | "." | ".."))
}

/// More than two hundred paths, most of which try to lead elsewhere.
fn spellings() -> BTreeSet<String> {
    let framed = PARTS.iter().flat_map(|part| FRAMES.map(|frame| frame.replace("{}", part)));
    let long = ["n".repeat(4096), "n".repeat(4097), "n/".repeat(2047) + "nn", "a\0b".to_owned()];
    let all: BTreeSet<String> = framed.chain(long).collect();
    assert!(all.len() > 200, "{}", all.len());
    all
}

async fn t08_hostile_paths_are_stored_exactly_or_refused(database: Database) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let client = &depot.owner.client;
    let upload = depot.begin(client, false).await.good();
    let all = spellings();
    let mut stored = BTreeSet::new();
    // Each in a folder of its own, so that none is in the way of another.
    for (number, path) in all.iter().enumerate() {
        let taken = !is_refused(path) && !path.contains('\0') && path.len() <= 4096 - 5;
        let path = if path.starts_with('/') || path.is_empty() {
            path.clone()
        } else {
            format!("{number:04}/{path}")
        };
        let put = depot.put(client, &upload.id, &path, path.as_bytes()).await;
        let body = PutFiles { remove: vec![path.clone()], put: Vec::new() };
        if taken && !path.starts_with('/') {
            put.good();
            stored.insert(path);
        } else {
            let problem = put.blames(&["path"]);
            assert!(problem.detail.contains(&format!("{path:?}")), "{path:?}: {}", problem.detail);
            depot.files(client, &upload.id, &body).await.blames(&["path"]);
        }
    }
    depot.commit(client, &upload.id, "").await.good();
    for path in &stored {
        assert_eq!(depot.content(client, "1", path).await.body, path.as_bytes(), "{path:?}");
    }
    let mut found = BTreeSet::new();
    let mut folders = vec![String::new()];
    while let Some(folder) = folders.pop() {
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut of = DataFolder { path: Some(folder), cursor: None };
        loop {
            let page = depot.list(client, "1", &of).await.good();
            for entry in page.items {
                let path = format!("{prefix}{}", entry.name);
                match entry.content.is_empty() {
                    true => folders.push(path),
                    false => drop(found.insert(path)),
                }
            }
            of.cursor = page.next;
            if of.cursor.is_none() {
                break;
            }
        }
    }
    assert_eq!(found, stored, "what is listed is what was sent");
    // Asking is as strict as sending.
    for path in ["../x", "x/../y", "/etc/passwd", "a//b", "..", "a\0b"] {
        depot.content(client, "1", path).await.blames(&["path"]);
        let of = DataFolder { path: Some(path.to_owned()), cursor: None };
        depot.list(client, "1", &of).await.blames(&["path"]);
    }
    // Nothing has left the objects' folder: there is nothing but what the store itself names.
    let objects = depot.world.server.data_dir().join("objects/projects").join(&depot.project.id);
    for entry in std::fs::read_dir(objects)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        assert!(["format", "packs", "index", "condemned"].contains(&name.as_str()), "{name}");
    }
    Ok(())
}

async fn names_that_differ_in_case_alone_and_the_longest_path_are_kept(
    database: Database,
) -> anyhow::Result<()> {
    let depot = Depot::new(database).await?;
    let client = &depot.owner.client;
    let longest = format!("{}/{}", vec!["n".repeat(240); 16].join("/"), "m".repeat(240));
    assert_eq!(longest.len(), 4096);
    let paths = ["A", "a", "docs/README.md", "docs/Readme.md", "docs/readme.md", &longest];
    let files: Vec<(&str, &[u8])> = paths.iter().map(|path| (*path, path.as_bytes())).collect();
    depot.version(client, &files).await;
    for path in paths {
        assert_eq!(depot.content(client, "1", path).await.body, path.as_bytes(), "{path}");
    }
    assert_eq!(depot.names(client, "1").await, ["A", "a", "docs", &"n".repeat(240)]);
    let (o, p, d) = depot.place();
    let zip = client.get(&calls::dataset_archive_path(o, p, d, "1", None)).await;
    let text = String::from_utf8_lossy(&zip.body);
    assert!(paths.iter().all(|path| text.contains(*path)), "an archive has them all");
    // One of them goes, and the others stay.
    let upload = depot.begin(client, false).await.good_with(201);
    let body = PutFiles {
        remove: vec!["a".to_owned(), "docs/Readme.md".to_owned(), longest.clone()],
        put: Vec::new(),
    };
    depot.files(client, &upload.id, &body).await.good();
    assert_eq!(depot.commit(client, &upload.id, "").await.good_with(201).files, 3);
    for (path, status) in [("A", 200), ("a", 404), ("docs/README.md", 200), ("docs/Readme.md", 404)] {
        assert_eq!(depot.content(client, "2", path).await.status, status, "{path}");
    }
    Ok(())
}

/// Every operation that reads by a path, as the API's document has them.
#[tokio::test]
async fn t08_no_operation_that_takes_a_path_leads_elsewhere() -> anyhow::Result<()> {
    let depot = Depot::new(Database::Sqlite).await?;
    let client = &depot.owner.client;
    let (o, p, d) = depot.place();
    let file = [("kept/file", "kept")];
    depot.version(client, &[("kept/file", b"kept")]).await;
    let model = ArtifactPlace::create(client, Object::Model, o, p, "Model").await;
    model.version(client, "kept/file", "kept").await;
    TreePlace::files(o, p).version(client, "", &file).await;
    TreePlace::results(o, p).version(client, "", &file).await;
    client.send(calls::files_draft_open(o, p)).await.good();

    let document: Value = serde_json::from_slice(&client.get("/api/v1/openapi.json").await.body)?;
    let mut asked = 0;
    for (template, operations) in document["paths"].as_object().into_iter().flatten() {
        let parameters = operations["get"]["parameters"].as_array().into_iter().flatten();
        if !parameters.map(|one| &one["name"]).any(|name| name == "path") {
            continue;
        }
        let address = [
            ("{organization}", o),
            ("{project}", p),
            ("{dataset}", d),
            ("{model}", model.slug.as_str()),
            ("{version}", "1"),
        ];
        let address = address.iter().fold(template.clone(), |path, (name, value)| path.replace(name, value));
        assert!(!address.contains('{'), "what is to be put into {address}?");
        let serves = template.ends_with("/content") || template.ends_with("/archive");
        let kept = client.get(&format!("{address}?path=kept%2Ffile")).await.status;
        assert!(
            kept == 200 || !template.ends_with("/content") || template.contains("/draft/"),
            "{address}: {kept}"
        );
        for path in spellings() {
            let query: String = path.bytes().map(|byte| format!("%{byte:02x}")).collect();
            let answer = client.get(&format!("{address}?path={query}")).await;
            assert!(!answer.status.is_server_error(), "{address} {path:?}: {}", answer.status);
            // The empty path is all of it, where a folder can be asked for.
            assert!(
                !serves || path.is_empty() || !answer.status.is_success(),
                "{address} {path:?}: {}",
                answer.status
            );
            assert!(!answer.text().contains("root:"), "{address} {path:?}");
            asked += 1;
        }
    }
    assert!(asked > 3_000, "{asked}");
    for path in spellings() {
        let restriction = CreateRestriction { path: path.clone(), readers: SetGrants::default() };
        let made = client.send(calls::files_restriction_create(o, p, &restriction)).await;
        match is_refused(&path) || path.contains('\0') || path.len() > 4096 {
            true => drop(made.blames(&["path"])),
            false => assert_eq!(made.good_with(201).path, path),
        }
    }
    Ok(())
}
