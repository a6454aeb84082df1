//! F12: collections beside commits, by the same program and by another one. What is written down in time is kept.

use crate::backends::{Place, block_on, each};
use crate::model::{Edit, Model};
use crate::world::{check, commit, small};
use atelier_store::{Collection, Options, Root, Store};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// Versions that are kept at once; others go while new ones are made of them.
const KEPT: usize = 6;
/// Files with so many different contents: what has just become garbage is soon needed again.
const CONTENTS: u64 = 25;

#[test]
fn f12_collections_beside_commits_lose_nothing() {
    block_on(async { beside(&Place::folder(), Duration::from_secs(1), Duration::from_secs(6)).await });
}

#[test]
fn long_f12_collections_beside_commits_lose_nothing() {
    // An object store tells ages in seconds.
    each(async |place| beside(place, Duration::from_secs(4), Duration::from_secs(300)).await);
}

#[derive(Default)]
struct Shelf {
    kept: Mutex<Vec<(Root, Model)>>,
    state: AtomicU64,
    over: AtomicBool,
    made: AtomicU64,
    removed: AtomicU64,
}

impl Shelf {
    fn random(&self, below: u64) -> u64 {
        let step = |state: u64| Some(state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695));
        let state = self.state.fetch_update(Ordering::Relaxed, Ordering::Relaxed, step).unwrap_or_default();
        (state >> 33) % below
    }

    fn kept<T>(&self, look: impl FnOnce(&mut Vec<(Root, Model)>) -> T) -> T {
        look(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn edit(&self) -> Edit {
        let (path, content) = (format!("f{}", self.random(10)), self.random(CONTENTS));
        let mut bytes = vec![0; 5_000];
        blake3::Hasher::new().update(&content.to_le_bytes()).finalize_xof().fill(&mut bytes);
        Edit::Put(path, bytes)
    }
}

async fn beside(place: &Place, grace: Duration, lasts: Duration) {
    let options = || Options { session_life: grace / 2, grace, ..small() };
    let prefix = place.prefix();
    let store = Store::open(&place.backend, &prefix, options()).await.unwrap();
    // What it does not know of the first one is all that another program would not know.
    let other = Store::open(&place.backend, &prefix, options()).await.unwrap();
    let shelf = Shelf::default();
    let clock = async {
        tokio::time::sleep(lasts).await;
        shelf.over.store(true, Ordering::Relaxed);
    };
    let collecting = async {
        while !shelf.over.load(Ordering::Relaxed) {
            let keep: Vec<Root> = shelf.kept(|kept| kept.iter().map(|(root, _)| *root).collect());
            let garbage = Collection { keep: &keep, keep_packs: &[], now: SystemTime::now(), dry_run: false };
            let collected = store.collect(&garbage).await.unwrap();
            shelf.removed.fetch_add(collected.removed_packs as u64, Ordering::Relaxed);
            tokio::time::sleep(grace / 3).await;
        }
    };
    tokio::join!(
        clock,
        collecting,
        committing(&shelf, &store, grace / 2),
        committing(&shelf, &store, grace / 2),
        committing(&shelf, &other, grace / 2),
    );
    let (made, removed) = (shelf.made.into_inner(), shelf.removed.into_inner());
    println!("{made} versions, {removed} packs removed");
    assert!(made > 20 && removed > 0, "{made} versions, {removed} packs removed: nothing was tried");
    let kept = shelf.kept.into_inner().unwrap();
    let roots: Vec<Root> = kept.iter().map(|(root, _)| *root).collect();
    let afresh = Store::open(&place.backend, &prefix, options()).await.unwrap();
    assert!(afresh.verify(&roots).await.unwrap().is_whole());
    for (root, model) in &kept {
        check(&afresh, *root, model).await;
    }
}

async fn committing(shelf: &Shelf, store: &Store, life: Duration) {
    while !shelf.over.load(Ordering::Relaxed) {
        let pick = shelf.random(KEPT as u64) as usize;
        let (base, mut model) =
            shelf.kept(|kept| kept.get(pick).cloned()).unwrap_or_else(|| (Root::empty(), Model::default()));
        let edits: Vec<Edit> = (0..1 + shelf.random(3)).map(|_| shelf.edit()).collect();
        edits.iter().for_each(|edit| model.apply(edit).unwrap());
        let begun = Instant::now();
        match commit(store, base, &edits).await {
            // Too late to be written down: a server would refuse it as well.
            Ok(_) if begun.elapsed() > life => {}
            Ok(made) => {
                shelf.made.fetch_add(1, Ordering::Relaxed);
                let goes = shelf.random(KEPT as u64) as usize;
                shelf.kept(|kept| {
                    kept.push((made.root, model));
                    if kept.len() > KEPT {
                        kept.swap_remove(goes);
                    }
                });
            }
            // What it was to be made of went meanwhile, or the machine was too busy.
            Err(error) => {
                let still_kept = shelf.kept(|kept| kept.iter().any(|(root, _)| *root == base));
                assert!(begun.elapsed() > life || !still_kept, "{error}");
            }
        }
    }
}
