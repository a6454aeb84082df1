//! Random edits, reads, listings and differences against the plain folder.

use crate::backends::{Place, block_on};
use crate::model::{Edit, Model};
use crate::world::{changed, check, commit, small};
use atelier_store::{Error, Root, Store};
use proptest::prelude::*;

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-e]",
        1 => Just("日本 b".to_owned()),
        1 => Just("A".to_owned()),
        1 => Just("a.".to_owned()),
        1 => "[a-z]{1,200}",
    ]
}

fn path() -> impl Strategy<Value = String> {
    prop::collection::vec(name(), 1..5).prop_map(|names| names.join("/"))
}

/// What a person might do, so that paths meet each other often.
pub fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        5 => (path(), prop::collection::vec(any::<u8>(), 0..300)).prop_map(|(path, bytes)| Edit::Put(path, bytes)),
        1 => path().prop_map(Edit::Folder),
        2 => path().prop_map(Edit::Remove),
    ]
}

/// Several commits of several edits each.
fn history() -> impl Strategy<Value = Vec<Vec<Edit>>> {
    prop::collection::vec(prop::collection::vec(edit(), 0..60), 1..6)
}

async fn behaves_like_a_folder(place: &Place, history: Vec<Vec<Edit>>) {
    let store = Store::open(&place.backend, &place.prefix(), small()).await.unwrap();
    let mut versions = vec![(Root::empty(), Model::default())];
    for edits in history {
        let (root, model) = versions.last().cloned().unwrap();
        let mut next = model.clone();
        let faults: Vec<_> = edits.iter().filter_map(|edit| next.apply(edit).err()).collect();
        match commit(&store, root, &edits).await {
            // A conflict that a later change has removed may go unnoticed.
            Ok(committed) => {
                check(&store, committed.root, &next).await;
                assert_eq!(store.totals(committed.root).await.unwrap(), committed.totals);
                let afresh = next.0.iter().map(|(path, bytes)| match bytes {
                    Some(bytes) => Edit::Put(path.clone(), bytes.clone()),
                    None => Edit::Folder(path.clone()),
                });
                let afresh = commit(&store, Root::empty(), &afresh.collect::<Vec<_>>()).await.unwrap();
                assert_eq!(afresh.root, committed.root, "the root depends on how it came about");
                versions.push((committed.root, next));
            }
            Err(Error::Conflict { .. }) if !faults.is_empty() => {}
            Err(error) => panic!("{error}, not {faults:?}"),
        }
    }
    for (before, old) in &versions {
        for (after, new) in &versions {
            assert_eq!(changed(&store, *before, *after).await, differences(old, new));
        }
    }
}

/// Paths that are not the same in both, in the order of a walk.
fn differences(old: &Model, new: &Model) -> Vec<String> {
    let mut paths: Vec<_> = old.0.keys().chain(new.0.keys()).collect();
    paths.sort_by_key(|path| path.replace('/', "\0"));
    paths.dedup();
    let unequal = paths.into_iter().filter(|path| old.0.get(*path) != new.0.get(*path));
    unequal.cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_version_is_what_a_folder_would_be(history in history()) {
        block_on(async { behaves_like_a_folder(&Place::folder(), history).await });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_version_on_an_object_store_is_what_a_folder_would_be(history in history()) {
        block_on(async { behaves_like_a_folder(&Place::s3().await, history).await });
    }
}
