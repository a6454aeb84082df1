//! Whatever two people do to the same file: what each of them wrote is in the merged one, or there is none.

use super::{merged, notebook, text};
use proptest::prelude::*;
use serde_json::{Value, json};

fn book(cells: &[(&str, &str)]) -> String {
    let cells: Vec<Value> = cells
        .iter()
        .map(|(id, source)| {
            json!({"cell_type": "code", "id": id, "source": source, "outputs": [], "metadata": {},
                "execution_count": null})
        })
        .collect();
    json!({"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": {"name": "python3"}}, "cells": cells})
        .to_string()
}

fn sources(book: &str) -> Vec<(String, String)> {
    let book: Value = serde_json::from_str(book).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    book["cells"].as_array().unwrap().iter().map(|cell| (text(&cell["id"]), text(&cell["source"]))).collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(id, source)| ((*id).to_owned(), (*source).to_owned())).collect()
}

#[test]
fn texts_are_merged_by_lines_and_the_same_line_is_a_conflict() {
    let base = "one\ntwo\nthree\nfour\nfive\n";
    let ours = "ONE\ntwo\nthree\nfour\nfive\n";
    let theirs = "one\ntwo\nthree\nfour\nFIVE\nsix\n";
    let both = "ONE\ntwo\nthree\nfour\nFIVE\nsix\n";
    assert_eq!(text::merged(base, ours, theirs).as_deref(), Some(both));
    assert_eq!(text::merged(base, ours, "Uno\ntwo\nthree\nfour\nfive\n"), None);
    assert_eq!(merged("a.bin", b"\xff", b"a", b"b"), None);
    assert_eq!(text::merged("a\0b\nc\n", "a\0b\nC\n", "A\0b\nc\n"), None);
}

#[test]
fn notebooks_are_merged_by_cell() {
    let base = book(&[("a", "1"), ("b", "2"), ("c", "3")]);
    let ours = book(&[("a", "1!"), ("n", "new"), ("b", "2"), ("c", "3")]);
    let theirs = book(&[("a", "1"), ("b", "2"), ("m", "more"), ("c", "3?")]);
    let found = notebook::merged(&base, &ours, &theirs).unwrap();
    let expected = [("a", "1!"), ("n", "new"), ("b", "2"), ("m", "more"), ("c", "3?")];
    assert_eq!(sources(&found), pairs(&expected));
    // Removed on one side, untouched on the other.
    let shorter = book(&[("a", "1"), ("c", "3")]);
    let found = notebook::merged(&base, &shorter, &theirs).unwrap();
    assert_eq!(sources(&found), pairs(&[("a", "1"), ("m", "more"), ("c", "3?")]));
    // Moved on one side.
    let moved = book(&[("c", "3"), ("a", "1"), ("b", "2")]);
    let found = notebook::merged(&base, &moved, &ours).unwrap();
    assert_eq!(sources(&found), pairs(&[("c", "3"), ("a", "1!"), ("n", "new"), ("b", "2")]));
}

#[test]
fn what_both_wrote_into_one_cell_is_a_conflict() {
    let base = book(&[("a", "1"), ("b", "2")]);
    let conflicts = [
        (book(&[("a", "ours"), ("b", "2")]), book(&[("a", "theirs"), ("b", "2")])),
        (book(&[("b", "2")]), book(&[("a", "theirs"), ("b", "2")])),
        (book(&[("a", "ours"), ("b", "2")]), book(&[("b", "2")])),
        (book(&[("a", "1"), ("b", "2"), ("n", "x")]), book(&[("a", "1"), ("b", "2"), ("n", "y")])),
    ];
    for (ours, theirs) in conflicts {
        assert_eq!(notebook::merged(&base, &ours, &theirs), None, "{ours} {theirs}");
    }
    // Both moved cells, each in another way.
    let three = book(&[("a", "1"), ("b", "2"), ("c", "3")]);
    let [one, other] = [[("b", "2"), ("a", "1"), ("c", "3")], [("c", "3"), ("a", "1"), ("b", "2")]];
    assert_eq!(notebook::merged(&three, &book(&one), &book(&other)), None);
    // What is no notebook with ids is not touched.
    let old = base.replace("\"nbformat_minor\":5", "\"nbformat_minor\":4");
    assert_ne!(old, base);
    for other in [old.as_str(), "{", "[]", "{}", &book(&[("a", "1"), ("a", "2")])] {
        assert_eq!(notebook::merged(&base, other, &base), None, "{other}");
    }
}

#[test]
fn two_who_ran_the_same_cell_have_no_conflict() {
    let printed = |text: &str, source: &str| {
        let mut book: Value = serde_json::from_str(&book(&[("a", source), ("b", "2")])).unwrap();
        book["cells"][0]["outputs"] = json!([{"output_type": "stream", "name": "stdout", "text": text}]);
        book.to_string()
    };
    let output = |book: &str| {
        let book: Value = serde_json::from_str(book).unwrap();
        book["cells"][0]["outputs"][0]["text"].as_str().unwrap_or_default().to_owned()
    };
    let base = book(&[("a", "1"), ("b", "2")]);
    let found = notebook::merged(&base, &printed("ours", "1"), &printed("theirs", "1")).unwrap();
    assert_eq!(output(&found), "ours");
    // Outputs go with the text that made them.
    let found = notebook::merged(&base, &printed("ours", "1"), &printed("theirs", "1 + 1")).unwrap();
    assert_eq!((output(&found).as_str(), sources(&found)[0].1.as_str()), ("theirs", "1 + 1"));
    let found = notebook::merged(&base, &base, &printed("theirs", "1")).unwrap();
    assert_eq!(output(&found), "theirs");
}

type Line = (String, String);

/// Edits by one person: lines replaced, removed, added.
fn edits() -> impl Strategy<Value = Vec<(usize, u8)>> {
    prop::collection::vec((0usize..30, 0u8..3), 0..6)
}

fn begun(length: usize) -> Vec<Line> {
    (0..length).map(|n| (format!("c{n}"), format!("line {n}"))).collect()
}

/// Each line that is written is written once. A cell that is changed keeps its id.
fn edit(base: &[Line], edits: &[(usize, u8)], person: &str) -> Vec<Line> {
    let mut lines = base.to_vec();
    for (n, (at, kind)) in edits.iter().enumerate() {
        let at = at % (lines.len() + 1);
        match kind {
            0 if at < lines.len() => lines[at].1 = format!("{person} changed {n}"),
            1 if at < lines.len() => drop(lines.remove(at)),
            _ => lines.insert(at, (format!("{person}-{n}"), format!("{person} added {n}"))),
        }
    }
    lines
}

/// The texts that must be in a merge: those that somebody wrote, and those that neither removed.
fn must_be<'a>(ours: &'a [Line], theirs: &'a [Line]) -> impl Iterator<Item = &'a str> {
    let is_new = |line: &&Line| !line.1.starts_with("line ");
    let both = ours.iter().filter(|line| theirs.contains(line));
    ours.iter().chain(theirs).filter(is_new).chain(both).map(|(_, text)| text.as_str())
}

proptest! {
    #[test]
    fn no_line_that_anybody_wrote_is_lost(length in 0usize..20, ours in edits(), theirs in edits()) {
        let base = begun(length);
        let (ours, theirs) = (edit(&base, &ours, "ours"), edit(&base, &theirs, "theirs"));
        let text = |lines: &[Line]| lines.iter().map(|(_, line)| format!("{line}\n")).collect::<String>();
        if let Some(found) = text::merged(&text(&base), &text(&ours), &text(&theirs)) {
            for line in must_be(&ours, &theirs) {
                prop_assert!(found.lines().any(|kept| kept == line), "{line} is lost: {found}");
            }
        }
    }

    #[test]
    fn no_cell_that_anybody_wrote_is_lost(length in 0usize..12, ours in edits(), theirs in edits()) {
        let base = begun(length);
        let (ours, theirs) = (edit(&base, &ours, "ours"), edit(&base, &theirs, "theirs"));
        let cells = |lines: &[Line]| {
            book(&lines.iter().map(|(id, line)| (id.as_str(), line.as_str())).collect::<Vec<_>>())
        };
        if let Some(found) = notebook::merged(&cells(&base), &cells(&ours), &cells(&theirs)) {
            for line in must_be(&ours, &theirs) {
                prop_assert!(sources(&found).iter().any(|(_, source)| source == line), "{line} is lost: {found}");
            }
        }
    }
}
