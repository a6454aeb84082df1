//! Folders of this machine.

use crate::backends::{Place, block_on};
use crate::model::Model;
use crate::world::{check, small};
use atelier_store::{Error, Imported, Root, Store};
use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::{Duration, Instant};

struct World {
    place: Place,
    folder: tempfile::TempDir,
    store: Store,
}

impl World {
    async fn new() -> Self {
        let place = Place::folder();
        let store = Store::open(&place.backend, "p", small()).await.unwrap();
        Self { place, folder: tempfile::tempdir().unwrap(), store }
    }

    fn at(&self, path: &str) -> std::path::PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        fs::create_dir_all(self.at(path).parent().unwrap()).unwrap();
        fs::write(self.at(path), bytes).unwrap();
    }

    /// The folder as a version, which is what it is, and what it would be if nothing had been seen before.
    async fn commit(&self, base: Root) -> Imported {
        let seen = self.place.folder.as_ref().unwrap().path().join("seen");
        let session = self.store.session([base]).await.unwrap();
        let imported = session.commit_folder(base, self.folder.path(), &seen).await.unwrap();
        check(&self.store, imported.committed.root, &model(self.folder.path())).await;
        let unseen = self.place.folder.as_ref().unwrap().path().join("unseen");
        let afresh = session.commit_folder(Root::empty(), self.folder.path(), &unseen).await.unwrap();
        fs::remove_file(unseen).unwrap();
        assert_eq!(afresh.committed.root, imported.committed.root);
        imported
    }
}

fn model(folder: &Path) -> Model {
    let mut model = Model::default();
    let mut folders = vec![String::new()];
    while let Some(prefix) = folders.pop() {
        for entry in fs::read_dir(folder.join(&prefix)).unwrap() {
            let entry = entry.unwrap();
            let path = format!("{prefix}{}", entry.file_name().into_string().unwrap());
            let kind = entry.file_type().unwrap();
            if kind.is_dir() {
                folders.push(format!("{path}/"));
                model.0.insert(path, None);
            } else if kind.is_file() {
                model.0.insert(path, Some(fs::read(entry.path()).unwrap()));
            }
        }
    }
    model
}

#[test]
fn a_folder_becomes_a_version_and_only_what_changed_is_read() {
    block_on(async {
        let world = World::new().await;
        for number in 0..50 {
            world.write(&format!("d{}/f {number}", number % 7), &vec![number; 500 * usize::from(number)]);
        }
        world.write("large", &vec![1; 9 << 20]);
        world.write("empty", b"");
        fs::create_dir(world.at("nothing in it")).unwrap();
        let first = world.commit(Root::empty()).await;
        assert_eq!(first.read, 52);
        let base = first.committed.root;
        // What changed a moment ago is read again, as it may change again and look the same.
        let begun = Instant::now();
        while world.commit(base).await.read > 0 {
            assert!(begun.elapsed() < Duration::from_secs(60));
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        world.write("d1/f 1", b"changed");
        world.write("d1/new", b"new");
        fs::remove_file(world.at("d2/f 2")).unwrap();
        fs::remove_dir_all(world.at("d3")).unwrap();
        world.write("d3", b"a file now");
        fs::remove_file(world.at("empty")).unwrap();
        world.write("empty/no longer", b"a folder now");
        let second = world.commit(base).await;
        assert_eq!(second.read, 4);
    });
}

#[test]
fn links_are_left_out_and_never_followed() {
    block_on(async {
        let world = World::new().await;
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("secret"), "secret").unwrap();
        world.write("inside", b"inside");
        symlink(outside.path().join("secret"), world.at("link")).unwrap();
        symlink(outside.path(), world.at("linked folder")).unwrap();
        symlink("inside", world.at("link within")).unwrap();
        let imported = world.commit(Root::empty()).await;
        let left_out: Vec<_> = imported.left_out.iter().map(|path| path.as_str()).collect();
        assert_eq!(left_out, ["link", "link within", "linked folder"]);
        assert_eq!(imported.committed.totals.files, 1);
    });
}

#[test]
fn a_damaged_memory_of_what_was_seen_is_as_good_as_none() {
    block_on(async {
        let world = World::new().await;
        world.write("a/b", b"c");
        let root = world.commit(Root::empty()).await.committed.root;
        let seen = world.place.folder.as_ref().unwrap().path().join("seen");
        let len = fs::metadata(&seen).unwrap().len();
        File::options().write(true).open(&seen).unwrap().set_len(len - 1).unwrap();
        assert_eq!(world.commit(root).await.read, 1);
    });
}

#[test]
fn a_name_that_is_not_unicode_is_refused_by_name() {
    block_on(async {
        let world = World::new().await;
        use std::os::unix::ffi::OsStrExt;
        fs::write(world.folder.path().join(std::ffi::OsStr::from_bytes(b"a\xffb")), "").unwrap();
        let session = world.store.session([]).await.unwrap();
        let seen = world.place.folder.as_ref().unwrap().path().join("seen");
        let error = session.commit_folder(Root::empty(), world.folder.path(), &seen).await.unwrap_err();
        assert!(matches!(&error, Error::Path { path, .. } if path == "a\u{fffd}b"), "{error}");
    });
}
