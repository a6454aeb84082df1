//! What is durable when, as the system calls tell: an object's bytes before its name, its name before what counts
//! on it; packs before the index, the index before a version is told.

use crate::strace::{Call, calls, run};

/// An object that came about.
struct Object {
    path: String,
    named: (usize, usize),
}

fn objects(calls: &[Call]) -> Vec<Object> {
    let links = calls.iter().filter(|call| call.text.starts_with("linkat(") && call.text.ends_with(" = 0"));
    let object = |call: &Call| {
        let path = call.text.rsplit('"').nth(1).unwrap().to_owned();
        Object { path, named: (call.begins, call.ends) }
    };
    links.map(object).collect()
}

/// Calls of this name about this file.
fn about<'a>(calls: &'a [Call], name: &'a str, path: &'a str) -> impl Iterator<Item = &'a Call> {
    let file = format!("<{path}>");
    calls.iter().filter(move |call| {
        let first = call.text.split_once(',').map_or(&*call.text, |(first, _)| first);
        first.starts_with(&format!("{name}(")) && first.contains(&file)
    })
}

#[test]
fn bytes_before_names_packs_before_the_index_and_all_before_the_answer() {
    let folder = tempfile::tempdir().unwrap();
    let objects_at = folder.path().canonicalize().unwrap().join("objects");
    let watched = run(&["-s", "100"], &objects_at, &[]);
    assert!(watched.output.status.success(), "{:?}", watched.output);
    let calls = calls(&watched.log);
    let found = objects(&calls);
    // When the name of each became durable.
    let mut durable = Vec::new();
    for object in &found {
        let staged = calls.iter().find(|call| call.begins == object.named.0).unwrap();
        let staged = staged.text.split('"').nth(1).unwrap();
        let written = about(&calls, "write", staged).map(|call| call.ends).max().unwrap();
        let synced = about(&calls, "fsync", staged).filter(|call| call.begins > written);
        let synced = synced.map(|call| call.ends).min().expect("it was never synced");
        assert!(synced < object.named.0, "{} had its name before its bytes were on disk", object.path);
        let parent = object.path.rsplit_once('/').unwrap().0;
        let folder = about(&calls, "fsync", parent).filter(|call| call.begins > object.named.1);
        durable.push(folder.map(|call| call.ends).min().expect("its folder was never synced"));
    }
    let in_area =
        |area: &'static str| found.iter().zip(&durable).filter(move |(one, _)| one.path.contains(area));
    assert!(in_area("/packs/").count() > 10 && in_area("/index/").count() == crate::writer::LAST);
    let before = |at: usize, what: &str| {
        for (object, durable) in found.iter().zip(&durable).filter(|(object, _)| object.named.0 < at) {
            assert!(*durable < at, "{} was not durable before {what}", object.path);
        }
    };
    for (segment, _) in in_area("/index/") {
        before(segment.named.0, &segment.path);
    }
    let told: Vec<_> = calls.iter().filter(|call| call.text.starts_with("write(1<")).collect();
    assert_eq!(told.len(), crate::writer::LAST);
    told.iter().for_each(|call| before(call.begins, &call.text));
}
