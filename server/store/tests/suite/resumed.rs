//! Sessions that go on where another one ended.

use crate::backends::{Place, each};
use crate::world::{bytes, collect, path, small};
use atelier_store::{Change, ChunkId, Collection, Error, PackId, Root, Store};
use bytes::Bytes;
use futures::stream;
use std::time::{Duration, SystemTime};

const LATER: u64 = 300;

fn chunks() -> Vec<(ChunkId, Bytes)> {
    (0..40u8).map(|number| Bytes::from(vec![number; 900])).map(|bytes| (ChunkId::of(&bytes), bytes)).collect()
}

/// Sends chunks, and ends. What a caller would have written down are the names of packs.
async fn send(place: &Place, prefix: &str) -> Vec<String> {
    let store = Store::open(&place.backend, prefix, small()).await.unwrap();
    let session = store.session([]).await.unwrap();
    session.put(chunks()).await.unwrap();
    assert!(session.packs().await.is_empty());
    session.flush().await.unwrap();
    session.packs().await.iter().map(ToString::to_string).collect()
}

fn packs(names: &[String]) -> Vec<PackId> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

fn ids() -> Vec<ChunkId> {
    chunks().into_iter().map(|(id, _)| id).collect()
}

#[test]
fn what_was_sent_counts_after_a_restart_and_for_nobody_else() {
    each(async |place| {
        let prefix = place.prefix();
        let sent = packs(&send(place, &prefix).await);
        let store = Store::open(&place.backend, &prefix, small()).await.unwrap();
        let stranger = store.session([]).await.unwrap();
        assert_eq!(stranger.lacking(&ids()).await.unwrap(), ids());
        let session = store.session_of([], sent).await.unwrap();
        assert!(session.lacking(&ids()).await.unwrap().is_empty());
        let content = session.content(ids()).await.unwrap();
        let change = Change::file(path("f"), content);
        let committed = session.commit(Root::empty(), stream::iter([Ok::<_, Error>(change)])).await.unwrap();
        assert!(committed.stored < 3_000, "{committed:?}");
        assert_eq!(session.packs().await.len(), 1);
        let whole: Vec<u8> = chunks().into_iter().flat_map(|(_, bytes)| bytes).collect();
        assert_eq!(bytes(&store, committed.root, "f").await.unwrap(), whole);
    });
}

#[test]
fn packs_of_an_open_upload_are_kept_without_a_session() {
    each(async |place| {
        let prefix = place.prefix();
        let sent = packs(&send(place, &prefix).await);
        let store = Store::open(&place.backend, &prefix, small()).await.unwrap();
        for times in 1..4 {
            let now = SystemTime::now() + Duration::from_secs(times * LATER);
            let asked = Collection { keep: &[], keep_packs: &sent, now, dry_run: false };
            let collected = store.collect(&asked).await.unwrap();
            assert_eq!((collected.condemned_packs, collected.removed_packs), (0, 0));
            assert_eq!(collected.live.chunks, 40);
        }
        let session = store.session_of([], sent.clone()).await.unwrap();
        // The session itself keeps them as well.
        collect(&store, [], 5 * LATER).await.unwrap();
        assert!(session.lacking(&ids()).await.unwrap().is_empty());
        drop(session);
        // Condemned packs count for nothing, removed ones neither.
        for times in 6..9 {
            collect(&store, [], times * LATER).await.unwrap();
            let session = store.session_of([], sent.clone()).await.unwrap();
            assert_eq!(session.lacking(&ids()).await.unwrap(), ids());
            drop(session);
        }
        assert_eq!(collect(&store, [], 9 * LATER).await.unwrap().garbage_bytes, 0);
    });
}
