//! A program of its own that writes versions, so that it can be killed.

use atelier_store::{Backend, Root, Store};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The last version that it makes.
pub const LAST: usize = 5;

/// What it is started with: versions after those that it told of.
pub fn arguments(folder: &Path, told: &[Root]) -> Vec<String> {
    let mut arguments = vec![folder.display().to_string(), (told.len() + 1).to_string(), LAST.to_string()];
    arguments.extend(told.last().map(ToString::to_string));
    arguments
}

/// The example that cargo builds beside the tests.
pub fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let built = test.ancestors().nth(2).unwrap().join("examples/writer");
    assert!(built.is_file(), "{built:?} is not there; cargo builds it with all targets");
    built
}

/// The versions it told of.
pub fn told(output: &Output) -> Vec<Root> {
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    // The last line may have been cut.
    lines.lines().filter(|line| line.len() == 64).map(|line| line.parse().unwrap()).collect()
}

/// Makes what is missing of all versions, undisturbed, and looks at every byte. All of them are told.
pub async fn goes_on(folder: &Path, mut versions: Vec<Root>) -> Vec<Root> {
    if versions.len() < LAST {
        let output = Command::new(program()).args(arguments(folder, &versions)).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        versions.extend(told(&output));
    }
    assert_eq!(versions.len(), LAST);
    are_whole(folder, &versions).await;
    versions
}

pub async fn are_whole(folder: &Path, versions: &[Root]) {
    let store = Store::open(&Backend::folder(folder).unwrap(), "p", crate::world::small()).await.unwrap();
    let verified = store.verify(versions).await.unwrap();
    assert!(verified.is_whole(), "{verified:?}");
}
