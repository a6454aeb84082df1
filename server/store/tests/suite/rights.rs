//! A hash that someone knows opens nothing that they may not read.

use crate::backends::{block_on, each};
use crate::faulty::{Fault, Faulty};
use crate::model::Edit;
use crate::world::{bytes, commit, path, small};
use atelier_store::{Backend, Change, ChunkId, Error, Root, Store};
use bytes::Bytes;
use futures::stream;
use object_store::memory::InMemory;
use std::sync::Arc;

#[test]
fn a_known_hash_opens_nothing() {
    each(async |place| {
        let store = Store::open(&place.backend, &place.prefix(), small()).await.unwrap();
        let secret = commit(&store, Root::empty(), &[Edit::Put("s".to_owned(), b"secret".to_vec())])
            .await
            .unwrap()
            .root;
        let id = ChunkId::of(b"secret");

        let stranger = store.session([]).await.unwrap();
        assert_eq!(stranger.lacking(&[id]).await.unwrap(), [id]);
        assert!(matches!(stranger.content([id]).await, Err(Error::Lacking(lacking)) if lacking == [id]));
        assert!(matches!(stranger.existing(secret, &path("s")).await, Err(Error::NotReadable(_))));
        let nothing = stream::iter(Vec::<Result<Change, Error>>::new());
        assert!(matches!(stranger.commit(secret, nothing).await, Err(Error::NotReadable(_))));

        let reader = store.session([secret]).await.unwrap();
        assert!(reader.lacking(&[id]).await.unwrap().is_empty());
        let file = reader.existing(secret, &path("s")).await.unwrap();
        assert_eq!(reader.content([id]).await.unwrap(), file.content);
    });
}

#[test]
fn another_project_has_neither_chunks_nor_versions_of_this_one() {
    each(async |place| {
        let one = Store::open(&place.backend, &place.prefix(), small()).await.unwrap();
        let other = Store::open(&place.backend, &place.prefix(), small()).await.unwrap();
        let edit = [Edit::Put("s".to_owned(), vec![7; 5_000])];
        let first = commit(&one, Root::empty(), &edit).await.unwrap();
        assert!(matches!(bytes(&other, first.root, "s").await, Err(Error::Missing(_))));
        let session = other.session([first.root]).await.unwrap();
        assert_eq!(session.lacking(&[ChunkId::of(&[7; 100])]).await.unwrap().len(), 1);
        assert!(matches!(session.existing(first.root, &path("s")).await, Err(Error::Missing(_))));
        let again = commit(&other, Root::empty(), &edit).await.unwrap();
        assert_eq!((again.root, again.stored), (first.root, first.stored));
    });
}

#[test]
fn what_was_sent_and_broken_off_need_not_be_sent_again_by_who_may_read_it() {
    each(async |place| {
        let store = Store::open(&place.backend, &place.prefix(), small()).await.unwrap();
        let chunk = Bytes::from(vec![3; 900]);
        let id = ChunkId::of(&chunk);
        let broken = store.session([]).await.unwrap();
        broken.put(vec![(id, chunk.clone())]).await.unwrap();
        broken.flush().await.unwrap();
        drop(broken);
        // It proves nothing about the next one, but costs no space again.
        let next = store.session([]).await.unwrap();
        assert_eq!(next.lacking(&[id]).await.unwrap(), [id]);
        next.put(vec![(id, chunk)]).await.unwrap();
        let content = next.content([id]).await.unwrap();
        let change = Change::file(path("f"), content);
        let committed = next.commit(Root::empty(), stream::iter([Ok::<_, Error>(change)])).await.unwrap();
        assert!(committed.stored < 200, "{committed:?}");
    });
}

#[test]
fn versions_are_looked_through_once_and_only_for_what_is_stored() {
    block_on(async {
        let objects = Faulty::new(Arc::new(InMemory::new()), Fault::FailsOnce, u64::MAX);
        let store = Store::open(&Backend::new(Arc::new(objects.clone())), "p", small()).await.unwrap();
        let mut roots = vec![Root::empty()];
        for version in 0..10u8 {
            let edit = |at| Edit::Put(format!("{version}/{at}"), vec![version; 40]);
            let edits: Vec<_> = (0..300u32).map(edit).collect();
            roots.push(commit(&store, *roots.last().unwrap(), &edits).await.unwrap().root);
        }
        let elsewhere = [Edit::Put("s".to_owned(), b"secret".to_vec())];
        commit(&store, Root::empty(), &elsewhere).await.unwrap();
        let asked = async |id: ChunkId| {
            let session = store.session(roots.clone()).await.unwrap();
            let before = objects.reads();
            let lacking = session.lacking(&[id]).await.unwrap().len();
            (lacking, objects.reads() - before)
        };
        assert_eq!(asked(ChunkId::of(b"nowhere")).await, (1, 0));
        let (lacking, reads) = asked(ChunkId::of(b"secret")).await;
        assert!(lacking == 1 && reads > 0, "{reads} reads");
        assert_eq!(asked(ChunkId::of(b"secret")).await, (1, 0));
        assert_eq!(asked(ChunkId::of(&[7; 40])).await, (0, 0));
    });
}

#[test]
fn a_wrong_hash_and_a_chunk_too_large_are_refused() {
    each(async |place| {
        let store = Store::open(&place.backend, &place.prefix(), small()).await.unwrap();
        let session = store.session([]).await.unwrap();
        let id = ChunkId::of(b"a");
        let wrong = session.put(vec![(ChunkId::of(b"b"), "b".into()), (id, "c".into())]).await;
        assert!(matches!(wrong, Err(Error::WrongHash { expected, .. }) if expected == id));
        assert_eq!(session.lacking(&[ChunkId::of(b"b")]).await.unwrap().len(), 1);
        let large = Bytes::from(vec![0; (4 << 20) + 1]);
        let large = session.put(vec![(ChunkId::of(&large), large)]).await;
        assert!(matches!(large, Err(Error::TooLarge { .. })));
    });
}
