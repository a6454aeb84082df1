//! A crash at every write: what was acknowledged is there, whole, and work goes on.

use crate::backends::block_on;
use crate::faulty::{Fault, Faulty};
use crate::model::{Edit, Model};
use crate::world::{check, collect, commit, small};
use atelier_store::{Backend, Root, Store};
use object_store::ObjectStore;
use object_store::memory::InMemory;
use std::sync::Arc;

/// A version that was acknowledged.
type Version = (Root, Model);

/// Files of some kilobytes, so that a commit fills a few packs.
fn edits(round: u8) -> Vec<Edit> {
    let file = |number: u8| {
        let bytes =
            (0..3_000u32).map(|at| (at * u32::from(number + 1) / 7 + u32::from(round)) as u8).collect();
        Edit::Put(format!("folder {}/file {number}", number % 3), bytes)
    };
    let changed = (0..20u8).filter(|number| number % 4 == round % 4).map(file);
    changed.chain([Edit::Remove(format!("folder 1/file {}", round * 3 + 1))]).collect()
}

async fn next(store: &Store, versions: &mut Vec<Version>, round: u8) -> atelier_store::Result<()> {
    let (base, mut model) = versions.last().cloned().unwrap_or((Root::empty(), Model::default()));
    let edits = edits(round);
    let committed = commit(store, base, &edits).await?;
    edits.iter().for_each(|edit| model.apply(edit).unwrap());
    versions.push((committed.root, model));
    Ok(())
}

/// Commits and collections; of the versions, the last two are kept.
async fn work(backend: &Backend, versions: &mut Vec<Version>) -> atelier_store::Result<()> {
    let store = Store::open(backend, "p", small()).await?;
    for round in 0..6 {
        next(&store, versions, round).await?;
        let first = versions.len().saturating_sub(2);
        versions.drain(..first);
        collect(&store, versions.iter().map(|(root, _)| *root), 300 * u64::from(round + 1)).await?;
    }
    Ok(())
}

async fn all_is_there(backend: &Backend, versions: &[Version]) {
    let store = Store::open(backend, "p", small()).await.unwrap();
    let roots: Vec<_> = versions.iter().map(|(root, _)| *root).collect();
    let verified = store.verify(&roots).await.unwrap();
    assert!(verified.is_whole(), "{verified:?}");
    for (root, model) in versions {
        check(&store, *root, model).await;
    }
}

fn every_write(fault: Fault) {
    block_on(async {
        for at in 1.. {
            let objects = Arc::new(InMemory::new());
            let faulty = Faulty::new(objects.clone(), fault, at);
            let mut versions = Vec::new();
            let result = work(&Backend::new(Arc::new(faulty.clone())), &mut versions).await;
            if !faulty.has_failed() {
                assert!(at > 30, "only {at} writes");
                return result.unwrap();
            }
            let backend = Backend::new(objects as Arc<dyn ObjectStore>);
            all_is_there(&backend, &versions).await;
            work(&backend, &mut versions).await.unwrap();
            all_is_there(&backend, &versions).await;
            Store::rebuild_index(&backend, "p").await.unwrap();
            all_is_there(&backend, &versions).await;
        }
    });
}

#[test]
fn dying_before_any_write_loses_nothing_acknowledged() {
    every_write(Fault::DiesBefore);
}

#[test]
fn dying_after_any_write_loses_nothing_acknowledged() {
    every_write(Fault::DiesAfter);
}

#[test]
fn any_write_may_fail_and_nothing_acknowledged_is_lost() {
    every_write(Fault::FailsOnce);
}

#[test]
fn any_answer_may_be_lost_and_nothing_acknowledged_is() {
    every_write(Fault::AnswerLost);
}
