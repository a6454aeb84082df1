//! A folder of the test's own, filled from bytes.

use super::*;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("atelier-fill-{name}-{}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn fill(&self, input: &[u8]) -> Result<(), Failure> {
        let folder = openat(CWD, &self.0, OFlags::DIRECTORY, Mode::empty()).unwrap();
        let open = vec![Open { path: String::new(), folder }];
        Filling { input: BufReader::new(input), open, entries: 0 }.run()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        writable(&self.0);
        fs::remove_dir_all(&self.0).ok();
    }
}

fn writable(folder: &Path) {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).ok();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            writable(&entry.path());
        }
    }
}

fn line(entry: &Entry) -> Vec<u8> {
    [serde_json::to_vec(entry).unwrap(), b"\n".to_vec()].concat()
}

fn folder(path: &str) -> Vec<u8> {
    line(&Entry::Folder { path: path.into() })
}

/// A file in pieces of this size.
fn file(path: &str, data: &[u8], piece: usize, executable: bool) -> Vec<u8> {
    let mut name = ContentName::default();
    data.chunks(piece).for_each(|piece| name.push(ChunkId::of(piece), piece.len()));
    let name = name.finish().map(|name| name.to_string());
    let mut all = line(&Entry::File { path: path.into(), bytes: data.len() as u64, executable, name });
    for piece in data.chunks(piece) {
        all.extend_from_slice(&(piece.len() as u32).to_le_bytes());
        all.extend_from_slice(piece);
    }
    all
}

fn end(entries: u64) -> Vec<u8> {
    line(&Entry::End { entries })
}

fn found(top: &Path) -> BTreeMap<String, (Vec<u8>, u32)> {
    let mut all = BTreeMap::new();
    let mut left = vec![top.to_owned()];
    while let Some(folder) = left.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let mode = fs::symlink_metadata(&path).unwrap().permissions().mode() & 0o7777;
            let name = path.strip_prefix(top).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                all.insert(name, (b"folder".to_vec(), mode));
                left.push(path);
            } else {
                all.insert(name, (fs::read(&path).unwrap(), mode));
            }
        }
    }
    all
}

#[test]
fn what_comes_is_there_as_it_was_and_nobody_may_write_to_it() {
    let data: Vec<u8> = (0..100_000_u32).flat_map(u32::to_le_bytes).collect();
    let longest = "ü".repeat(127) + "x";
    let input = [
        file("a b", b"1", 10, false),
        folder("raw"),
        folder("raw/Zürich \n顧客"),
        file("raw/Zürich \n顧客/large", &data, 70_000, false),
        folder("raw/empty"),
        file("raw/none", b"", 10, false),
        file("run.sh", b"#!/bin/sh", 10, true),
        file(&longest, b"2", 10, false),
        end(8),
    ];
    let folder = Folder::new("whole");
    folder.fill(&input.concat()).unwrap();
    let expected = [
        ("a b", b"1".to_vec(), 0o444),
        ("raw", b"folder".to_vec(), 0o555),
        ("raw/Zürich \n顧客", b"folder".to_vec(), 0o555),
        ("raw/Zürich \n顧客/large", data, 0o444),
        ("raw/empty", b"folder".to_vec(), 0o555),
        ("raw/none", Vec::new(), 0o444),
        ("run.sh", b"#!/bin/sh".to_vec(), 0o555),
        (&longest, b"2".to_vec(), 0o444),
    ];
    let expected = expected.into_iter().map(|(name, data, mode)| (name.to_owned(), (data, mode)));
    assert_eq!(found(&folder.0), expected.collect());
    assert_eq!(fs::metadata(&folder.0).unwrap().permissions().mode() & 0o777, 0o555);
}

#[test]
fn a_path_that_no_call_takes_in_one_piece_is_made() {
    let mut input = Vec::new();
    let mut path = String::new();
    for depth in 0..2047 {
        path += if depth == 0 { "a" } else { "/a" };
        input.extend(folder(&path));
    }
    path += "/f";
    assert_eq!(path.len(), 4095);
    input.extend(file(&path, b"deep", 10, false));
    input.extend(end(2048));
    let folder = Folder::new("deep");
    // Each level is open while what is below is made.
    rustix::process::setrlimit(
        rustix::process::Resource::Nofile,
        rustix::process::Rlimit {
            current: Some(4096),
            maximum: rustix::process::getrlimit(rustix::process::Resource::Nofile).maximum,
        },
    )
    .unwrap();
    folder.fill(&input).unwrap();
}

#[test]
fn nothing_but_the_whole_of_it_ends_well() {
    let whole = [folder("raw"), file("raw/x", &[7; 1000], 300, false), end(2)].concat();
    // The last line is whole without its end.
    for at in 0..whole.len() - 1 {
        let folder = Folder::new("cut");
        assert!(matches!(folder.fill(&whole[..at]), Err(Failure::Input(_))), "cut at {at}");
    }
    Folder::new("uncut").fill(&whole).unwrap();

    let mut flipped = [file("x", &[7; 1000], 300, false), end(1)].concat();
    let last = flipped.len() - end(1).len() - 1;
    flipped[last] ^= 1;
    assert!(matches!(Folder::new("flipped").fill(&flipped), Err(Failure::Damaged(_))));
    let fewer = [file("x", b"1", 10, false), end(2)].concat();
    assert!(matches!(Folder::new("fewer").fill(&fewer), Err(Failure::Input(_))));
}

#[test]
fn nothing_leads_out_of_the_volume_and_what_does_not_fit_is_told() {
    for path in ["", ".", "..", "/x", "a/../b", "../x", "a//b", "a/", "a\0b", "absent/x"] {
        let result = Folder::new("out").fill(&[file(path, b"1", 10, false), end(1)].concat());
        assert!(matches!(result, Err(Failure::Input(_))), "{path:?}: {result:?}");
    }
    let unfit = ExitCode::from(u8::try_from(EXIT_UNFIT).unwrap());
    let long = Folder::new("long").fill(&file(&"x".repeat(256), b"1", 10, false)).unwrap_err();
    assert_eq!(long.exit(), unfit, "{long}");
    let twice = [file("x", b"1", 10, false), file("x", b"1", 10, false)].concat();
    assert_eq!(Folder::new("twice").fill(&twice).unwrap_err().exit(), unfit);
}
