//! How often an object store is asked.

use crate::backends::block_on;
use crate::faulty::{Fault, Faulty};
use crate::model::{Edit, Model};
use crate::world::{check, commit, model};
use atelier_store::{Backend, Options, Root, Store};
use object_store::memory::InMemory;
use std::sync::Arc;

#[test]
fn neighbours_in_a_pack_come_together() {
    block_on(async {
        let objects = Faulty::new(Arc::new(InMemory::new()), Fault::FailsOnce, u64::MAX);
        let backend = Backend::new(Arc::new(objects.clone()));
        let store = Store::open(&backend, "p", Options::default()).await.unwrap();
        let file = |number: u32| {
            let mut bytes = vec![0; 1_000 + number as usize];
            blake3::Hasher::new().update(&number.to_le_bytes()).finalize_xof().fill(&mut bytes);
            Edit::Put(format!("d{}/f{number}", number % 9), bytes)
        };
        let edits: Vec<_> = (0..1_000).map(file).collect();
        let mut expected = Model::default();
        edits.iter().for_each(|edit| expected.apply(edit).unwrap());
        let root = commit(&store, Root::empty(), &edits).await.unwrap().root;
        let store = Store::open(&backend, "p", Options::default()).await.unwrap();
        let before = objects.reads();
        assert_eq!(model(&store, root).await.unwrap(), expected);
        // 1.5 MB in blocks of a quarter of a megabyte.
        let reads = objects.reads() - before;
        assert!(reads < 20, "{reads} reads");
        check(&store, root, &expected).await;
    });
}
