//! Stores are carried from one place to another as packs.

use crate::backends::{Place, block_on, each};
use crate::model::{Edit, Model};
use crate::world::{check, collect, commit, small};
use atelier_store::{Backend, Error, Export, Import, PackId, Result, Root, Store};
use bytes::Bytes;
use std::path::PathBuf;

const LATER: u64 = 300;
/// What is carried is called so.
const COPY: &str = "a copy";

fn file(number: u64) -> Edit {
    let mut content = vec![0; 5_000];
    blake3::Hasher::new().update(&number.to_le_bytes()).finalize_xof().fill(&mut content);
    Edit::Put(format!("f{number}"), content)
}

async fn filled(place: &Place, prefix: &str) -> (Store, Root, Model) {
    let store = Store::open(&place.backend, prefix, small()).await.unwrap();
    let (mut root, mut model) = (Root::empty(), Model::default());
    for first in [0, 10, 20] {
        let edits: Vec<_> = (first..first + 10).map(file).collect();
        root = commit(&store, root, &edits).await.unwrap().root;
        edits.iter().for_each(|edit| model.apply(edit).unwrap());
    }
    (store, root, model)
}

async fn read(export: &mut Export) -> Result<Vec<(PackId, Bytes)>> {
    let mut packs = Vec::new();
    for pack in export.packs() {
        packs.push((pack, export.read(pack).await?));
    }
    Ok(packs)
}

async fn put(import: &Import, prefix: &str, packs: &[(PackId, Bytes)]) -> Result<()> {
    let mut store = import.store(prefix).await?;
    for (pack, bytes) in packs {
        store.put(*pack, bytes.clone()).await?;
    }
    store.finish().await
}

fn said<T>(result: Result<T>) -> String {
    result.err().expect("it was done").to_string()
}

/// A place with nothing in it, and the folder that holds it.
fn another() -> (Backend, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (Backend::folder(folder.path()).unwrap(), folder)
}

#[test]
fn what_versions_need_goes_from_any_place_to_any() {
    block_on(async {
        let [folder, s3] = [Place::folder(), Place::s3().await];
        for (from, to) in [(&folder, &s3), (&s3, &folder)] {
            let (store, root, model) = filled(from, "from/a").await;
            let mut export = store.export(&[root], &[]).await.unwrap();
            let packs = read(&mut export).await.unwrap();
            export.finish().unwrap();
            assert!(packs.len() > 3);
            let import = to.backend.import("to", COPY).await.unwrap();
            put(&import, "to/b", &packs).await.unwrap();
            import.end().await.unwrap();
            let carried = Store::open(&to.backend, "to/b", small()).await.unwrap();
            check(&carried, root, &model).await;
            assert!(carried.verify(&[root]).await.unwrap().is_whole());
        }
    });
}

#[test]
fn no_more_is_carried_than_is_needed_and_packs_of_sessions_are() {
    each(async |place| {
        let (store, root, _) = filled(place, &place.prefix()).await;
        let session = store.session([root]).await.unwrap();
        let sent = Bytes::from(vec![9; 700]);
        session.put(vec![(atelier_store::ChunkId::of(&sent), sent)]).await.unwrap();
        session.flush().await.unwrap();
        let all = store.export(&[root], &[]).await.unwrap().packs();
        let first = commit(&store, Root::empty(), &[file(0)]).await.unwrap().root;
        let less = store.export(&[first], &[]).await.unwrap().packs();
        assert!(less.len() < all.len(), "{less:?} {all:?}");
        let [packs] = session.packs().await.try_into().unwrap();
        assert!(!all.contains(&packs));
        let absent = "ab".repeat(16).parse().unwrap();
        let mut export = store.export(&[first], &[packs, absent]).await.unwrap();
        assert_eq!(export.packs().len(), less.len() + 1);
        // What was not read is not carried.
        read(&mut export).await.unwrap();
        export.finish().unwrap();
        let mut export = store.export(&[first], &[packs]).await.unwrap();
        export.read(packs).await.unwrap();
        assert!(matches!(export.finish(), Err(Error::Missing(_))));
    });
}

#[test]
fn what_is_collected_meanwhile_stays_until_the_grace_is_over_and_then_is_missed() {
    each(async |place| {
        let (store, root, _) = filled(place, &place.prefix()).await;
        let reader = || async { store.export(&[root], &[]).await };
        // Its versions go at the moment it begins: condemned, but there.
        let mut export = reader().await.unwrap();
        assert!(collect(&store, [], LATER).await.unwrap().condemned_packs > 0);
        read(&mut export).await.unwrap();
        export.finish().unwrap();
        // Who begins after that has what was left of the grace.
        let mut late = reader().await.unwrap();
        assert!(collect(&store, [], 2 * LATER).await.unwrap().removed_packs > 0);
        assert!(matches!(read(&mut late).await, Err(Error::Vanished(_))));
        let error = reader().await.err();
        assert!(matches!(error, Some(Error::Missing(_))), "{error:?}");
    });
}

fn packs_of(place: &Place, prefix: &str) -> Vec<PathBuf> {
    let folder = place.folder.as_ref().unwrap().path().join(prefix).join("packs");
    std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn what_is_damaged_is_not_carried() {
    block_on(async {
        let place = Place::folder();
        let (store, root, _) = filled(&place, "p").await;
        for pack in packs_of(&place, "p") {
            let whole = std::fs::read(&pack).unwrap();
            for at in [3, whole.len() / 3, whole.len() - 60, whole.len() - 2] {
                let mut bytes = whole.clone();
                bytes[at] ^= 4;
                std::fs::write(&pack, bytes).unwrap();
                let mut export = store.export(&[root], &[]).await.unwrap();
                let error = read(&mut export).await.err();
                let told = matches!(error, Some(Error::Damaged { .. } | Error::UnknownFormat { .. }));
                assert!(told, "{error:?}");
            }
            std::fs::write(&pack, whole).unwrap();
        }
    });
}

#[test]
fn an_import_that_broke_off_goes_on_and_another_does_not_begin() {
    block_on(async {
        let place = Place::folder();
        let (store, root, model) = filled(&place, "p").await;
        let packs = read(&mut store.export(&[root], &[]).await.unwrap()).await.unwrap();
        let (to, folder) = another();
        for some in 0..packs.len() {
            // As far as this, and no end.
            let import = to.import("s", COPY).await.unwrap();
            put(&import, "s/p", &packs[..some]).await.unwrap();
            assert!(said(to.import("s", "another").await).contains("another copy"));
        }
        let import = to.import("s", COPY).await.unwrap();
        put(&import, "s/p", &packs).await.unwrap();
        import.end().await.unwrap();
        let carried = Store::open(&to, "s/p", small()).await.unwrap();
        check(&carried, root, &model).await;
        assert!(!folder.path().join("importing").exists());
        for copy in [COPY, "another"] {
            assert!(said(to.import("s", copy).await).contains("not empty"));
        }
        assert!(to.import("others", "another").await.is_ok());
    });
}

/// A pack with one chunk, and what its table says of it.
fn made_up(key: [u8; 32], flags: u8, stored: u32, plain: u32, body: &[u8]) -> Bytes {
    let row = [&key[..], &[flags], &stored.to_le_bytes(), &plain.to_le_bytes()].concat();
    let sum = blake3::hash(&row);
    let foot = [&1u32.to_le_bytes()[..], sum.as_bytes(), b"ATPACK\n\x01"].concat();
    [&b"ATPACK\n\x01"[..], body, &row, &foot].concat().into()
}

#[test]
fn t09_a_stranger_s_pack_is_believed_nothing() {
    block_on(async {
        let (to, folder) = another();
        let import = to.import("s", COPY).await.unwrap();
        let pack: PackId = "ab".repeat(16).parse().unwrap();
        let good = *blake3::hash(b"good").as_bytes();
        let zeros = vec![0; 64 << 20];
        let bomb = zstd::bulk::compress(&zeros, 3).unwrap();
        let bombed = *blake3::hash(&zeros).as_bytes();
        let (length, huge) = (bomb.len() as u32, zeros.len() as u32);
        let mut many = made_up(good, 0, 4, 4, b"good").to_vec();
        let at = many.len() - 44;
        many[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        for (what, bytes) in [
            ("nothing", Bytes::new()),
            ("no pack", Bytes::from_static(&[7; 500])),
            ("another chunk", made_up(good, 0, 4, 4, b"evil")),
            ("a node that is a chunk", made_up(good, 1, 4, 4, b"good")),
            ("more than is there", made_up(good, 0, u32::MAX, 4, b"good")),
            ("an unknown flag", made_up(good, 4, 4, 4, b"good")),
            ("a bomb", made_up(bombed, 2, length, huge, &bomb)),
            ("a bomb that claims to be small", made_up(bombed, 2, length, 1000, &bomb)),
            ("a bomb that claims to be larger", made_up(bombed, 2, length, u32::MAX, &bomb)),
            ("rows that are not there", many.into()),
        ] {
            let mut store = import.store("s/p").await.unwrap();
            let error = store.put(pack, bytes).await.err();
            assert!(matches!(error, Some(Error::Damaged { .. })), "{what}: {error:?}");
        }
        assert!(!folder.path().join("s/p/packs").exists());
        let mut store = import.store("s/p").await.unwrap();
        store.put(pack, made_up(good, 0, 4, 4, b"good")).await.unwrap();
        assert!(folder.path().join("s/p/packs").join(pack.to_string()).exists());
        // The place is the caller's own choice, and no way out of it.
        assert!(import.store("../s").await.is_err() && to.import("s/..", COPY).await.is_err());
    });
}
