//! What is needed stays, what is not goes, whatever is being written meanwhile.

use crate::backends::{Place, block_on, each};
use crate::model::{Edit, Model};
use crate::world::{bytes, check, collect, commit, path, small};
use atelier_store::{Change, ChunkId, Collection, Error, Root, Store};
use bytes::Bytes;
use futures::stream;
use proptest::prelude::*;
use std::time::SystemTime;

const LATER: u64 = 300;

fn file(number: u64) -> Edit {
    let bytes = blake3::Hasher::new().update(&number.to_le_bytes()).finalize_xof();
    let mut content = vec![0; 5_000];
    { bytes }.fill(&mut content);
    Edit::Put(format!("f{}", number % 10), content)
}

#[test]
fn a_dry_run_tells_what_two_collections_then_free() {
    each(async |place| {
        let prefix = place.prefix();
        let store = Store::open(&place.backend, &prefix, small()).await.unwrap();
        let old = commit(&store, Root::empty(), &(0..10).map(file).collect::<Vec<_>>()).await.unwrap().root;
        let edits: Vec<_> = (10..20).map(file).collect();
        let new = commit(&store, old, &edits).await.unwrap().root;
        let only_new = store.stored([new]).await.unwrap();
        assert!(only_new.bytes < store.stored([old, new]).await.unwrap().bytes);

        let young = collect(&store, [new], 0).await.unwrap();
        assert_eq!((young.condemned_packs, young.removed_packs), (0, 0));
        let now = SystemTime::now() + std::time::Duration::from_secs(LATER);
        let asked = Collection { keep: &[new], keep_packs: &[], now, dry_run: true };
        let told = store.collect(&asked).await.unwrap();
        assert!(told.condemned_bytes > 50_000 && told.live == only_new, "{told:?}");
        assert_eq!(store.collect(&asked).await.unwrap(), told);
        assert_eq!(collect(&store, [new], LATER).await.unwrap(), told);
        // Condemned, but readable until the grace is over.
        assert!(bytes(&store, old, "f1").await.is_ok());
        let done = collect(&store, [new], 2 * LATER).await.unwrap();
        assert_eq!((done.removed_packs, done.removed_bytes), (told.condemned_packs, told.condemned_bytes));

        let afresh = Store::open(&place.backend, &prefix, small()).await.unwrap();
        assert!(matches!(bytes(&afresh, old, "f1").await, Err(Error::Missing(_))));
        let mut model = Model::default();
        edits.iter().for_each(|edit| model.apply(edit).unwrap());
        check(&afresh, new, &model).await;
        assert!(afresh.verify(&[new]).await.unwrap().is_whole());
    });
}

#[test]
fn each_of_several_groups_has_what_it_needs_and_what_it_alone_needs() {
    each(async |place| {
        let store = Store::open(&place.backend, &place.prefix(), small()).await.unwrap();
        let base: Vec<_> = (0..10).map(file).collect();
        let one = commit(&store, Root::empty(), &base).await.unwrap().root;
        let two = commit(&store, one, &[Edit::Put("big".into(), vec![7; 40_000])]).await.unwrap().root;
        let other =
            commit(&store, Root::empty(), &(20..25).map(file).collect::<Vec<_>>()).await.unwrap().root;
        let groups = [vec![one], vec![two, one], vec![other], vec![]];
        let shares = store.shares(&groups).await.unwrap();
        for (share, roots) in shares.groups.iter().zip(&groups) {
            assert_eq!(share.all, store.stored(roots.iter().copied()).await.unwrap());
        }
        assert_eq!(shares.together, store.stored([one, two, other]).await.unwrap());
        assert!(shares.packed.bytes >= shares.together.bytes);
        // All of the first one's files are in the second group too, so is its tree.
        let [first, second, third, none] = shares.groups[..] else { panic!("{shares:?}") };
        assert_eq!((first.own.bytes, third.own, none), (0, third.all, Default::default()));
        let without = store.stored([one, other]).await.unwrap();
        assert_eq!(second.own.bytes, shares.together.bytes - without.bytes);
        // What should be there and is not is an error, not nothing.
        let absent: Root = "ab".repeat(32).parse().unwrap();
        assert!(matches!(store.shares(&[vec![absent]]).await, Err(Error::Missing(_))));
    });
}

#[test]
fn what_an_open_session_counts_on_is_not_removed() {
    each(async |place| {
        let store = Store::open(&place.backend, &place.prefix(), small()).await.unwrap();
        let old = commit(&store, Root::empty(), &(0..10).map(file).collect::<Vec<_>>()).await.unwrap().root;
        let session = store.session([old]).await.unwrap();
        let sent = Bytes::from(vec![9; 700]);
        session.put(vec![(ChunkId::of(&sent), sent.clone())]).await.unwrap();
        session.flush().await.unwrap();
        for times in 1..4 {
            collect(&store, [], times * LATER).await.unwrap();
        }
        let kept = session.existing(old, &path("f3")).await.unwrap();
        let changes = [
            Change::Put(path("kept"), kept),
            Change::file(path("sent"), session.content([ChunkId::of(&sent)]).await.unwrap()),
        ];
        let new =
            session.commit(Root::empty(), stream::iter(changes.map(Ok::<_, Error>))).await.unwrap().root;
        drop(session);
        for times in 4..7 {
            collect(&store, [new], times * LATER).await.unwrap();
        }
        assert!(store.verify(&[new]).await.unwrap().is_whole());
        assert_eq!(bytes(&store, new, "sent").await.unwrap(), sent);
        assert!(bytes(&store, old, "f4").await.is_err());
    });
}

#[test]
fn another_program_finds_again_what_was_moved() {
    each(async |place| {
        let prefix = place.prefix();
        let store = Store::open(&place.backend, &prefix, small()).await.unwrap();
        let old = commit(&store, Root::empty(), &(0..10).map(file).collect::<Vec<_>>()).await.unwrap().root;
        let new = commit(&store, old, &(11..19).map(file).collect::<Vec<_>>()).await.unwrap().root;
        let other = Store::open(&place.backend, &prefix, small()).await.unwrap();
        for times in 1..4 {
            collect(&store, [new], times * LATER).await.unwrap();
        }
        let Edit::Put(at, expected) = file(0) else { unreachable!() };
        assert_eq!(bytes(&other, new, &at).await.unwrap(), expected);
        // And what is garbage is not counted on, though it was seen before.
        let again = commit(&other, new, &(0..10).map(file).collect::<Vec<_>>()).await.unwrap().root;
        collect(&store, [again], 5 * LATER).await.unwrap();
        assert!(store.verify(&[again]).await.unwrap().is_whole());
    });
}

#[test]
fn what_writes_that_broke_off_left_behind_goes_when_it_is_old() {
    block_on(async {
        let place = Place::folder();
        let store = Store::open(&place.backend, "p", small()).await.unwrap();
        let root = commit(&store, Root::empty(), &[file(1)]).await.unwrap().root;
        let folder = place.folder.as_ref().unwrap().path().join("p");
        let left = ["packs/0123#1", "index/0123#22", "format#3"].map(|name| folder.join(name));
        let other = ["packs/0123#", "packs/0123#a"].map(|name| folder.join(name));
        left.iter().chain(&other).for_each(|file| std::fs::write(file, "begun").unwrap());
        collect(&store, [root], 100).await.unwrap();
        assert!(left.iter().all(|file| file.exists()));
        collect(&store, [root], LATER).await.unwrap();
        assert!(!left.iter().any(|file| file.exists()));
        assert!(other.iter().all(|file| file.exists()));
        assert!(store.verify(&[root]).await.unwrap().is_whole());
    });
}

/// A step of a life.
#[derive(Clone, Debug)]
enum Step {
    Commit(Vec<u64>),
    Forget(prop::sample::Index),
    Collect,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => prop::collection::vec(0u64..60, 1..12).prop_map(Step::Commit),
        2 => any::<prop::sample::Index>().prop_map(Step::Forget),
        2 => Just(Step::Collect),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn every_version_that_is_kept_stays_whole(steps in prop::collection::vec(step(), 1..25)) {
        block_on(async {
            let place = Place::folder();
            let store = Store::open(&place.backend, "p", small()).await.unwrap();
            let mut versions = vec![(Root::empty(), Model::default())];
            let mut later = 0;
            for step in steps {
                match step {
                    Step::Commit(numbers) => {
                        let (base, mut model) = versions.last().cloned().unwrap();
                        let edits: Vec<_> = numbers.into_iter().map(file).collect();
                        edits.iter().for_each(|edit| model.apply(edit).unwrap());
                        versions.push((commit(&store, base, &edits).await.unwrap().root, model));
                    }
                    Step::Forget(index) if versions.len() > 1 => drop(versions.remove(index.index(versions.len()))),
                    Step::Forget(_) => {}
                    Step::Collect => {
                        later += LATER;
                        collect(&store, versions.iter().map(|(root, _)| *root), later).await.unwrap();
                    }
                }
            }
            for (root, model) in &versions {
                check(&store, *root, model).await;
            }
            let roots: Vec<_> = versions.iter().map(|(root, _)| *root).collect();
            assert!(store.verify(&roots).await.unwrap().is_whole());
        });
    }
}
