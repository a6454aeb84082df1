//! What is written is read, and nothing else is.

use super::*;
use std::io::Cursor;

const PART: Name<'static> = Name::Rows { table: "users", part: 1 };

fn head(with_objects: bool) -> Head {
    Head {
        format: Head::format(with_objects),
        atelier: "1.0.0".to_owned(),
        made_at: 1_764_000_000_000,
        schema: vec!["0001_foundation".to_owned()],
        tables: vec![Table { name: "users".to_owned(), columns: Vec::new() }],
        settings_left_out: Vec::new(),
    }
}

fn archive() -> Vec<u8> {
    let mut writer = Writer::begin(Vec::new(), &head(false)).unwrap();
    writer.add(Name::Settings, b"listen = \"127.0.0.1:8080\"\n").unwrap();
    writer.add(PART, b"[\"1\",\"Ada\"]\n").unwrap();
    writer.end(BTreeMap::from([("users".to_owned(), 1)])).unwrap()
}

fn pack(number: u8) -> PackId {
    format!("{number:032x}").parse().unwrap()
}

const PACKS: [(&str, u8, &[u8]); 3] = [("p-1", 1, b"first"), ("p-1", 7, b""), ("p-2", 3, b"third")];

fn with_packs() -> Vec<u8> {
    let mut writer = Writer::begin(Vec::new(), &head(true)).unwrap();
    writer.add(PART, b"[\"1\",\"Ada\"]\n").unwrap();
    for (project, number, bytes) in PACKS {
        writer.add_pack(project, pack(number), bytes).unwrap();
    }
    writer.end(BTreeMap::new()).unwrap()
}

fn refusal(bytes: Vec<u8>) -> String {
    format!("{:#}", Archive::open(Cursor::new(bytes)).err().expect("it was accepted"))
}

#[test]
fn what_is_written_is_read() {
    let mut archive = Archive::open(Cursor::new(archive())).unwrap();
    assert_eq!(archive.rows["users"], 1);
    let mut names = Vec::new();
    archive
        .read(|name, bytes| {
            names.push((name.to_string(), bytes.len()));
            Ok(())
        })
        .unwrap();
    assert_eq!(names, [(SETTINGS.to_owned(), 26), ("tables/users/000001.jsonl".to_owned(), 12)]);
    assert!(!archive.head.with_objects() && archive.packs.is_empty());
}

#[test]
fn packs_come_beside_the_rows_in_their_order() {
    let mut archive = Archive::open(Cursor::new(with_packs())).unwrap();
    assert!(archive.head.with_objects());
    let told: Vec<_> = archive.packs.iter().map(|p| (p.project.as_str(), p.packs, p.bytes)).collect();
    assert_eq!(told, [("p-1", 2, 5), ("p-2", 1, 5)]);
    let (mut parts, mut packs) = (0, Vec::new());
    archive
        .read(|_, _| {
            parts += 1;
            Ok(())
        })
        .unwrap();
    archive
        .read_packs(|project, id, bytes| {
            packs.push((project.to_owned(), id, bytes));
            Ok(())
        })
        .unwrap();
    let expected = PACKS.map(|(project, number, bytes)| (project.to_owned(), pack(number), bytes.to_vec()));
    assert_eq!((parts, packs), (1, expected.to_vec()));
    assert_ne!(archive.id, Archive::open(Cursor::new(self::archive())).unwrap().id);
}

#[test]
fn f10_no_changed_byte_of_an_entry_passes() {
    let whole = archive();
    let text = |needle: &[u8]| whole.windows(needle.len()).position(|w| w == needle).unwrap();
    for at in [text(b"1.0.0"), text(b"8080"), text(b"Ada"), text(b"\"blake3\":\"") + 12] {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        assert!(refusal(bytes).contains("damaged"));
    }
    let mut bytes = with_packs();
    let at = bytes.windows(5).position(|w| w == b"third").unwrap();
    bytes[at] ^= 1;
    assert!(refusal(bytes).contains("the packs of p-2 are damaged"));
}

#[test]
fn f10_a_cut_archive_is_refused_wherever_it_is_cut() {
    for whole in [archive(), with_packs()] {
        for end in (0..whole.len() - 1024).step_by(97) {
            refusal(whole[..end].to_vec());
        }
    }
}

#[test]
fn a_newer_format_is_named() {
    let text = String::from_utf8_lossy(&archive()).replace("\"format\": 1", "\"format\": 9");
    assert!(refusal(text.into_bytes()).contains("made by Atelier 1.0.0"));
}

#[test]
fn another_file_is_no_archive() {
    assert!(refusal(b"SQLite format 3".repeat(100)).contains("no archive of Atelier"));
    assert!(refusal(Vec::new()).contains("no archive of Atelier"));
}

/// A header that says what it likes, and what follows it.
fn entry(kind: tar::EntryType, name: &str, size: u64, bytes: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_entry_type(kind);
    header.set_size(size);
    header.set_cksum();
    let padding = vec![0; bytes.len().next_multiple_of(512) - bytes.len()];
    [header.as_bytes().as_slice(), bytes, &padding].concat()
}

fn file(name: &str, bytes: &[u8]) -> Vec<u8> {
    entry(tar::EntryType::Regular, name, bytes.len() as u64, bytes)
}

/// What an archive is told that begins as it should and goes on with this.
fn refusal_after_the_head(with_objects: bool, rest: &[Vec<u8>]) -> String {
    let begin = file(HEAD, &serde_json::to_vec(&head(with_objects)).unwrap());
    refusal([vec![begin], rest.to_vec(), vec![vec![0; 1024]]].concat().concat())
}

fn pack_name(project: &str, number: u8) -> String {
    Name::Pack { project, pack: pack(number) }.to_string()
}

#[test]
fn t09_a_name_is_one_of_those_that_are_written_or_refused() {
    let id = pack(1);
    for name in [
        "../../etc/passwd".to_owned(),
        "/etc/passwd".to_owned(),
        "tables/../../x/000001.jsonl".to_owned(),
        "tables/users/../000001.jsonl".to_owned(),
        "tables/users/1.jsonl".to_owned(),
        "tables/users/+00001.jsonl".to_owned(),
        "tables/others/000001.jsonl".to_owned(),
        format!("objects/projects/../packs/{id}"),
        format!("objects/projects/a/../b/packs/{id}"),
        format!("objects/projects//packs/{id}"),
        format!("objects/projects/p/packs/../{id}"),
        format!("objects/projects/p/packs/{{{id}}}"),
        format!("objects/projects/{}/packs/{id}", "p".repeat(37)),
        "objects/projects/p/index/0".to_owned(),
        "objects/reserve".to_owned(),
        "./settings.toml".to_owned(),
        "\u{1b}[2Jsettings.toml".to_owned(),
    ] {
        let told = refusal_after_the_head(true, &[file(&name, b"x")]);
        assert!(told.contains("nothing that this version knows"), "{name}: {told}");
        assert!(!told.contains('\u{1b}'), "{told:?}");
    }
}

#[test]
fn t09_links_devices_and_headers_about_other_entries_are_refused() {
    use tar::EntryType::{
        Block, Char, Directory, Fifo, GNULongLink, GNULongName, GNUSparse, Link, Symlink, XGlobalHeader,
        XHeader,
    };
    for kind in [
        Block,
        Char,
        Directory,
        Fifo,
        GNULongLink,
        GNULongName,
        GNUSparse,
        Link,
        Symlink,
        XGlobalHeader,
        XHeader,
    ] {
        for name in [SETTINGS, &pack_name("p", 1)] {
            let told = refusal_after_the_head(true, &[entry(kind, name, 1, b"x")]);
            assert!(told.contains("nothing that this version knows"), "{kind:?}: {told}");
        }
    }
}

#[test]
fn t09_an_entry_that_claims_to_be_huge_takes_no_memory() {
    for name in [SETTINGS, "tables/users/000001.jsonl", &pack_name("p", 1), END] {
        for size in [ENTRY_LIMIT + 1, 1 << 50] {
            let told = refusal_after_the_head(true, &[entry(tar::EntryType::Regular, name, size, b"x")]);
            assert!(told.contains("too large"), "{name}: {told}");
        }
        let told = refusal_after_the_head(true, &[entry(tar::EntryType::Regular, name, u64::MAX, b"x")]);
        assert!(told.contains("damaged"), "{name}: {told}");
        // So much is allowed, but not there.
        let told = refusal_after_the_head(true, &[entry(tar::EntryType::Regular, name, END_LIMIT, b"x")]);
        assert!(told.contains("cut off"), "{name}: {told}");
    }
    let begin = entry(tar::EntryType::Regular, HEAD, HEAD_LIMIT + 1, b"{}");
    assert!(refusal(begin).contains("too large"));
    let end = entry(tar::EntryType::Regular, END, END_LIMIT + 1, b"{}");
    assert!(refusal_after_the_head(true, &[end]).contains("too large"));
}

#[test]
fn t09_nothing_comes_twice_or_out_of_order() {
    let one = pack_name("p", 1);
    let pack = |name: &str| file(name, b"x");
    for rest in [
        vec![pack(&one), pack(&one)],
        vec![pack(&pack_name("p", 2)), pack(&one)],
        vec![pack(&one), pack(&pack_name("q", 1)), pack(&pack_name("p", 2))],
    ] {
        let told = refusal_after_the_head(true, &rest);
        assert!(told.contains("is there twice, or out of order"), "{told}");
    }
    let told = refusal_after_the_head(true, &[file(HEAD, b"{}")]);
    assert!(told.contains("head.json is there twice"), "{told}");
    let end = file(END, b"{\"entries\":[],\"rows\":{}}");
    let told = refusal_after_the_head(true, &[file(SETTINGS, b""), file(SETTINGS, b""), end.clone()]);
    assert!(told.contains("twice"), "{told}");
    let told = refusal_after_the_head(true, &[end.clone(), end]);
    assert!(told.contains("something follows its end"), "{told}");
    assert!(refusal(file(SETTINGS, b"")).contains("does not begin with head.json"));
    // Who wrote the first format knew no packs.
    assert!(refusal_after_the_head(false, &[pack(&one)]).contains("nothing that its version knows"));
}

#[test]
fn t09_there_is_an_end_to_entries_that_memory_is_taken_for() {
    let parts = (1..=MOST as u32).map(|part| file(&Name::Rows { table: "users", part }.to_string(), b""));
    let told = refusal_after_the_head(true, &parts.collect::<Vec<_>>());
    assert!(told.contains("more than 100000 parts"), "{told}");
    let projects = (0..=MOST).map(|number| file(&pack_name(&format!("{number:06}"), 1), b""));
    let told = refusal_after_the_head(true, &projects.collect::<Vec<_>>());
    assert!(told.contains("more than 100000 projects"), "{told}");
}
