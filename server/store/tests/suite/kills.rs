//! The writer is killed at its system calls, or they fail. What it told of is there and whole, and another one
//! goes on.

use crate::backends::block_on;
use crate::strace::{WRITES, run};
use crate::writer::{LAST, are_whole, goes_on, told};
use std::collections::HashSet;
use std::process::Command;

/// The calls of each thread that are tried, from the first on, in steps.
async fn at_calls(fault: &str, step: usize) {
    let folder = tempfile::tempdir().unwrap();
    let expected = goes_on(folder.path(), Vec::new()).await;
    let mut acknowledged = HashSet::new();
    for at in (1..).step_by(step) {
        let folder = tempfile::tempdir().unwrap();
        let objects = folder.path().join("objects");
        let disturbed = run(&["-e", &format!("inject={WRITES}:{fault}:when={at}")], &objects, &[]);
        let versions = told(&disturbed.output);
        assert_eq!(versions, expected[..versions.len()]);
        if !disturbed.was_disturbed() {
            assert!(at > 10 && versions.len() == LAST, "{at} calls, {:?}", disturbed.output);
            break;
        }
        assert!(!disturbed.output.status.success(), "it did not notice, at {at}: {}", disturbed.log);
        acknowledged.insert(versions.len());
        are_whole(&objects, &versions).await;
        assert_eq!(goes_on(&objects, versions).await, expected);
    }
    assert!(acknowledged.len() > 1, "it broke off after {acknowledged:?} versions");
}

#[test]
fn killed_at_system_calls_it_loses_nothing_told() {
    block_on(at_calls("signal=KILL", 9));
}

#[test]
fn long_killed_at_each_system_call_it_loses_nothing_told() {
    block_on(at_calls("signal=KILL", 1));
}

#[test]
fn long_any_system_call_may_find_the_disk_broken() {
    block_on(at_calls("error=EIO", 1));
}

#[test]
fn system_calls_may_find_the_disk_broken() {
    block_on(at_calls("error=EIO", 11));
}

#[test]
fn long_any_system_call_may_find_the_disk_full() {
    block_on(at_calls("error=ENOSPC", 1));
}

/// A disk of a few megabytes, until it is dropped.
struct Disk(tempfile::TempDir);

impl Disk {
    fn of(kilobytes: u32) -> Self {
        let disk = Self(tempfile::tempdir().unwrap());
        disk.mount(&format!("size={kilobytes}k"));
        disk
    }

    fn mount(&self, options: &str) {
        let mut mount = Command::new("mount");
        let mounted = mount.args(["-t", "tmpfs", "-o", options, "none"]).arg(self.0.path()).status();
        assert!(mounted.unwrap().success(), "only root can mount a disk for this test");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        Command::new("umount").arg("--lazy").arg(self.0.path()).status().ok();
    }
}

#[test]
fn a_full_disk_is_told_and_work_goes_on_when_there_is_room() {
    block_on(async {
        let mut told_of = HashSet::new();
        for kilobytes in (60..300).step_by(28) {
            let disk = Disk::of(kilobytes);
            let objects = disk.0.path().join("objects");
            let full = Command::new(crate::writer::program())
                .args(crate::writer::arguments(&objects, &[]))
                .output()
                .unwrap();
            let versions = told(&full);
            told_of.insert(versions.len());
            if versions.len() < LAST {
                let said = String::from_utf8_lossy(&full.stderr);
                assert!(!full.status.success() && said.contains("Full"), "{said}");
            }
            disk.mount("remount,size=4m");
            are_whole(&objects, &versions).await;
            goes_on(&objects, versions).await;
        }
        assert!(told_of.len() > 2, "{told_of:?}");
    });
}
