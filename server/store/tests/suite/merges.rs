//! Two versions of a third become one, against plain folders merged path by path.

use crate::backends::block_on;
use crate::edits::edit;
use crate::faulty::{Fault, Faulty};
use crate::model::{Edit, Model};
use crate::world::{check, commit, small};
use atelier_store::{Backend, Root, Store};
use object_store::memory::InMemory;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is at a path and below it.
fn within<'a>(model: &'a Model, path: &'a str) -> impl Iterator<Item = (&'a String, &'a Option<Vec<u8>>)> {
    model.0.iter().filter(move |(found, _)| is_within(found, path))
}

fn is_within(found: &str, path: &str) -> bool {
    found.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The merged folder and the conflicts, decided for each path apart.
fn merged(base: &Model, ours: &Model, theirs: &Model) -> (Model, BTreeSet<String>) {
    let paths: BTreeSet<_> = [base, ours, theirs].iter().flat_map(|model| model.0.keys()).collect();
    let differ = |one: &Model, other: &Model, path: &str| !within(one, path).eq(within(other, path));
    let clashes = paths.iter().filter(|path| {
        let kinds = [ours, theirs].map(|model| model.0.get(**path).map(Option::is_some));
        matches!(kinds, [Some(true), Some(false)] | [Some(false), Some(true)])
            && differ(base, ours, path)
            && differ(base, theirs, path)
    });
    let clashes: Vec<_> = clashes.collect();
    let (mut merged, mut conflicts) = (Model::default(), BTreeSet::new());
    for path in &paths {
        let [b, o, t] = [base, ours, theirs].map(|model| model.0.get(*path));
        let is_file = |held: Option<&Option<Vec<u8>>>| held.is_some_and(Option::is_some);
        let held = if let Some(clash) = clashes.iter().find(|clash| is_within(path, clash)) {
            conflicts.insert(clash.to_string());
            t
        } else if o == b {
            t
        } else if t == b || o == t {
            o
        } else if o.is_some() && t.is_some() || is_file(b) && (is_file(o) || is_file(t)) {
            conflicts.insert(path.to_string());
            t
        } else {
            o.or(t)
        };
        if let Some(held) = held {
            merged.make_parents(path);
            merged.0.insert(path.to_string(), held.clone());
        }
    }
    (merged, conflicts)
}

/// The edits that a folder would take, and what it is then.
async fn edited(store: &Store, root: Root, model: &Model, edits: Vec<Edit>) -> (Root, Model) {
    let mut next = model.clone();
    let taken: Vec<_> = edits.into_iter().filter(|edit| next.apply(edit).is_ok()).collect();
    (commit(store, root, &taken).await.unwrap().root, next)
}

async fn merges_as_folders_would(changes: [Vec<Edit>; 3]) {
    let store = Store::open(&Backend::new(Arc::new(InMemory::new())), "p", small()).await.unwrap();
    let [first, ours, theirs] = changes;
    let (base, old) = edited(&store, Root::empty(), &Model::default(), first).await;
    let (ours, our_model) = edited(&store, base, &old, ours).await;
    let (theirs, their_model) = edited(&store, base, &old, theirs).await;
    let session = store.session([base, ours, theirs]).await.unwrap();
    let result = session.merge(base, ours, theirs).await.unwrap();
    let (model, conflicts) = merged(&old, &our_model, &their_model);
    let told: BTreeSet<_> = result.conflicts.iter().map(ToString::to_string).collect();
    assert_eq!((told, result.conflicting), (conflicts, result.conflicts.len() as u64));
    check(&store, result.root, &model).await;
    assert_eq!(store.totals(result.root).await.unwrap(), result.totals);
}

fn edits(most: usize) -> impl Strategy<Value = Vec<Edit>> {
    prop::collection::vec(edit(), 0..most)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn two_versions_become_one_as_folders_would(base in edits(40), ours in edits(15), theirs in edits(15)) {
        block_on(merges_as_folders_would([base, ours, theirs]));
    }
}

#[test]
fn what_neither_changed_is_not_read() {
    block_on(async {
        let objects = Faulty::new(Arc::new(InMemory::new()), Fault::FailsOnce, u64::MAX);
        let backend = Backend::new(Arc::new(objects.clone()));
        let store = Store::open(&backend, "p", small()).await.unwrap();
        let file = |folder: u32, number: u32, byte| Edit::Put(format!("d{folder}/f{number}"), vec![byte; 20]);
        let all: Vec<_> = (0..20_000).map(|number| file(number / 1_000, number, 0)).collect();
        let base = commit(&store, Root::empty(), &all).await.unwrap().root;
        let ours = commit(&store, base, &[file(3, 3_500, 1), Edit::Remove("d7".to_owned())]).await.unwrap();
        let theirs = commit(&store, base, &[file(3, 3_900, 2), file(8, 8_001, 3)]).await.unwrap();
        let session = store.session([base, ours.root, theirs.root]).await.unwrap();
        let before = objects.reads();
        let merged = session.merge(base, ours.root, theirs.root).await.unwrap();
        let reads = objects.reads() - before;
        assert!((1..60).contains(&reads), "{reads} reads");
        assert_eq!((merged.conflicting, merged.totals.files), (0, 19_000));
        let expected =
            [file(3, 3_500, 1), file(3, 3_900, 2), file(8, 8_001, 3), Edit::Remove("d7".to_owned())];
        assert_eq!(commit(&store, base, &expected).await.unwrap().root, merged.root);
    });
}
