//! Folders with so many entries that they are many nodes, and files with many chunks.

use crate::backends::{Place, block_on};
use crate::model::Edit;
use crate::world::{change, changed, path, small};
use atelier_store::{Change, Content, Error, Root, Session, Store};
use bytes::Bytes;
use futures::stream;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

async fn put(session: &Session, base: Root, files: &BTreeMap<u32, Option<u8>>) -> Root {
    let mut contents: Vec<Content> = Vec::new();
    for byte in 0..4 {
        contents
            .push(session.write(stream::iter([Ok::<_, Error>(Bytes::from(vec![byte; 9]))])).await.unwrap());
    }
    let changes = files.iter().map(|(number, byte)| match byte {
        Some(byte) => Change::file(name(*number), contents[usize::from(*byte)]),
        None => Change::Remove(name(*number)),
    });
    let changes: Vec<_> = changes.map(Ok::<_, Error>).collect();
    session.commit(base, stream::iter(changes)).await.unwrap().root
}

fn name(number: u32) -> atelier_store::TreePath {
    path(&format!("{:0width$}", number.wrapping_mul(7919) % 100_000, width = 5 + (number % 60) as usize))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_root_tells_what_is_there_not_how_it_came_about(
        first in prop::collection::btree_map(0u32..20_000, prop::option::weighted(0.9, 0u8..4), 0..6_000),
        edits in prop::collection::vec(prop::collection::btree_map(0u32..20_000, prop::option::of(0u8..4), 0..40), 1..4),
        from in 0u32..20_000, most in 0u32..9_000,
    ) {
        block_on(async {
            let place = Place::folder();
            let store = Store::open(&place.backend, "p", small()).await.unwrap();
            let session = store.session([]).await.unwrap();
            let mut files = first.clone();
            let mut root = put(&session, Root::empty(), &files).await;
            let gap = (from..from + most).map(|number| (number, None)).collect();
            for edit in edits.iter().chain([&gap]) {
                let before = root;
                let old = files.clone();
                root = put(&session, root, edit).await;
                files.extend(edit.iter().map(|(number, byte)| (*number, *byte)));
                files.retain(|_, byte| byte.is_some());
                assert_eq!(put(&session, Root::empty(), &files).await, root);
                let numbers: BTreeSet<_> = old.keys().chain(files.keys()).copied().collect();
                let there = |files: &BTreeMap<u32, Option<u8>>, number| files.get(number).copied().flatten();
                let unequal = numbers.iter().filter(|number| there(&old, number) != there(&files, number));
                let mut paths: Vec<_> = unequal.map(|number| name(*number).to_string()).collect();
                paths.sort();
                assert_eq!(changed(&store, before, root).await, paths);
                assert_eq!(store.totals(root).await.unwrap().entries, files.len() as u64);
            }
        });
    }

    #[test]
    fn any_range_of_a_file_of_many_chunks_can_be_read(
        lengths in prop::collection::vec(1usize..60, 1..3_000), from in 0.0..1.0f64, most in 0usize..4_000,
    ) {
        block_on(async {
            let place = Place::folder();
            let store = Store::open(&place.backend, "p", small()).await.unwrap();
            let session = store.session([]).await.unwrap();
            let chunks: Vec<_> = lengths.iter().enumerate().map(|(at, len)| Bytes::from(vec![at as u8; *len])).collect();
            let whole = chunks.concat();
            let ids: Vec<_> = chunks.iter().map(|bytes| atelier_store::ChunkId::of(bytes)).collect();
            session.put(ids.iter().copied().zip(chunks).collect()).await.unwrap();
            let content = session.content(ids).await.unwrap();
            session.flush().await.unwrap();
            let from = (from * whole.len() as f64) as usize;
            let to = (from + most).min(whole.len());
            let mut read = store.read(&content, from as u64..to as u64).await.unwrap();
            let mut part = Vec::new();
            while let Some(bytes) = read.next().await.unwrap() {
                part.extend_from_slice(&bytes);
            }
            assert_eq!(part, whole[from..to]);
        });
    }
}

#[test]
fn one_change_among_many_writes_few_nodes() {
    block_on(async {
        let place = Place::folder();
        let store = Store::open(&place.backend, "p", small()).await.unwrap();
        let session = store.session([]).await.unwrap();
        let all = (0..20_000).map(|number| (number, Some(0))).collect();
        let root = put(&session, Root::empty(), &all).await;
        let another = store.session([root]).await.unwrap();
        let change = change(&another, &Edit::Put("00500".to_owned(), b"new".to_vec())).await.unwrap();
        let committed = another.commit(root, stream::iter([Ok::<_, Error>(change)])).await.unwrap();
        assert!(committed.stored < 100_000, "{committed:?}");
    });
}
