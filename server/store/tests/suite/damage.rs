//! Bits that flip, files that vanish: told, never served; and an index from packs alone.

use crate::backends::{Place, block_on};
use crate::model::{Edit, Model};
use crate::world::{bytes, check, commit, model, small};
use atelier_store::{Error, Options, Root, Store};
use std::fs;
use std::path::{Path, PathBuf};

const PREFIX: &str = "p";

/// A store with some files, a small and a large one among them.
async fn filled(place: &Place) -> (Root, Model) {
    let store = Store::open(&place.backend, PREFIX, small()).await.unwrap();
    let file = |number: u32| {
        let mut bytes = vec![0; number as usize * 97];
        blake3::Hasher::new().update(&number.to_le_bytes()).finalize_xof().fill(&mut bytes);
        Edit::Put(format!("d{}/f{number}", number % 4), bytes)
    };
    let edits: Vec<_> = (0..40).map(file).collect();
    let mut model = Model::default();
    edits.iter().for_each(|edit| model.apply(edit).unwrap());
    (commit(&store, Root::empty(), &edits).await.unwrap().root, model)
}

fn objects(place: &Place, area: &str) -> Vec<PathBuf> {
    let folder = place.folder.as_ref().unwrap().path().join(PREFIX).join(area);
    let mut found: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

fn flip(file: &Path, at: usize) {
    let mut bytes = fs::read(file).unwrap();
    bytes[at] ^= 16;
    fs::write(file, bytes).unwrap();
}

#[test]
fn a_flipped_bit_is_found_and_never_served() {
    block_on(async {
        let place = Place::folder();
        let (root, expected) = filled(&place).await;
        let mut found = 0;
        for pack in objects(&place, "packs") {
            let len = fs::metadata(&pack).unwrap().len() as usize;
            for at in (0..len).step_by(len / 12 + 1) {
                flip(&pack, at);
                let store = Store::open(&place.backend, PREFIX, Options::default()).await.unwrap();
                let verified = store.verify(&[root]).await.unwrap();
                assert!(!verified.is_whole(), "a bit of {pack:?} at {at}");
                found += verified.broken.len();
                for (path, content) in &expected.0 {
                    if let (Some(content), Ok(read)) = (content, bytes(&store, root, path).await) {
                        assert_eq!(&read, content);
                    }
                }
                flip(&pack, at);
            }
        }
        assert!(found > 20, "{found} files told of");
        let store = Store::open(&place.backend, PREFIX, small()).await.unwrap();
        assert!(store.verify(&[root]).await.unwrap().is_whole());
    });
}

#[test]
fn a_version_tells_which_file_is_broken() {
    block_on(async {
        let place = Place::folder();
        let (root, _) = filled(&place).await;
        let pack = objects(&place, "packs").remove(0);
        flip(&pack, 8);
        let store = Store::open(&place.backend, PREFIX, small()).await.unwrap();
        let verified = store.verify(&[root]).await.unwrap();
        let [damage] = &verified.damaged[..] else { panic!("{verified:?}") };
        assert!(damage.chunk.is_some() && damage.object.starts_with("packs/"), "{damage:?}");
        assert!(verified.broken.iter().all(|broken| broken.path.starts_with('d')), "{verified:?}");
        fs::remove_file(&pack).unwrap();
        let store = Store::open(&place.backend, PREFIX, small()).await.unwrap();
        assert!(model(&store, root).await.is_err());
    });
}

#[test]
fn the_index_can_be_made_anew_from_the_packs() {
    block_on(async {
        let place = Place::folder();
        let (root, expected) = filled(&place).await;
        let segments = objects(&place, "index");
        flip(&segments[0], 20);
        let damaged = Store::open(&place.backend, PREFIX, small()).await.err();
        assert!(matches!(damaged, Some(Error::Damaged { .. })), "{damaged:?}");
        let built = Store::rebuild_index(&place.backend, PREFIX).await.unwrap();
        assert!(built.packs > 3 && built.chunks > 100 && built.damaged.is_empty(), "{built:?}");
        let store = Store::open(&place.backend, PREFIX, small()).await.unwrap();
        check(&store, root, &expected).await;
        for segment in objects(&place, "index") {
            fs::remove_file(segment).unwrap();
        }
        Store::rebuild_index(&place.backend, PREFIX).await.unwrap();
        let store = Store::open(&place.backend, PREFIX, small()).await.unwrap();
        check(&store, root, &expected).await;
    });
}

#[test]
fn a_newer_format_is_refused_by_name() {
    block_on(async {
        let place = Place::folder();
        filled(&place).await;
        let marker = place.folder.as_ref().unwrap().path().join(PREFIX).join("format");
        let mut bytes = fs::read(&marker).unwrap();
        bytes[7] = 2;
        fs::write(&marker, bytes).unwrap();
        let error = Store::open(&place.backend, PREFIX, small()).await.err().unwrap();
        assert!(matches!(error, Error::UnknownFormat { .. }), "{error}");
        assert!(error.to_string().contains("has the format 2"), "{error}");
    });
}
