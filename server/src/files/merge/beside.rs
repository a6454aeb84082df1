//! The name under which a file is kept beside another one.

use time::OffsetDateTime;

/// Bytes of a name, as file systems take it.
const NAME: usize = 255;
/// What a name is left to with very long additions.
const PERSON: usize = 80;

/// `reports/q3.ipynb` becomes `reports/q3 (Ada Lovelace, 2026-11-30 14.05).ipynb`; `n` counts if that is taken.
pub(in crate::files) fn beside(path: &str, person: &str, at_ms: i64, n: u32) -> String {
    let (folder, name) = path.rsplit_once('/').map_or((None, path), |(folder, name)| (Some(folder), name));
    let (stem, extension) = match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => (stem, format!(".{extension}")),
        _ => (name, String::new()),
    };
    let person: String = person.chars().map(|c| if c == '/' || c.is_control() { ' ' } else { c }).collect();
    let again = if n == 0 { String::new() } else { format!(", {}", n + 1) };
    let said = format!(" ({}, {}{again})", cut(person.trim(), PERSON), moment(at_ms));
    let stem = cut(stem, NAME.saturating_sub(said.len() + extension.len()));
    let name = format!("{stem}{said}{extension}");
    folder.map_or(name.clone(), |folder| format!("{folder}/{name}"))
}

fn cut(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or_default()
}

/// In UTC, without the colon that some file systems do not take.
fn moment(ms: i64) -> String {
    let at = OffsetDateTime::from_unix_timestamp(ms / 1000).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (date, hour, minute) = (at.date(), at.hour(), at.minute());
    format!("{}-{:02}-{:02} {hour:02}.{minute:02}", date.year(), u8::from(date.month()), date.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: i64 = 1_796_047_500_000;

    #[test]
    fn names_say_whose_it_is_and_keep_what_they_end_in() {
        for (path, expected) in [
            ("report.ipynb", "report (Ada Lovelace, 2026-11-30 14.05).ipynb"),
            ("a/b.c/x.tar.gz", "a/b.c/x.tar (Ada Lovelace, 2026-11-30 14.05).gz"),
            ("Makefile", "Makefile (Ada Lovelace, 2026-11-30 14.05)"),
            (".gitignore", ".gitignore (Ada Lovelace, 2026-11-30 14.05)"),
        ] {
            assert_eq!(beside(path, "Ada Lovelace", AT, 0), expected);
        }
        assert_eq!(beside("a.py", "A/B\n", AT, 1), "a (A B, 2026-11-30 14.05, 2).py");
    }

    #[test]
    fn names_are_never_too_long() {
        let long = format!("{}.py", "é".repeat(126));
        let found = beside(&format!("a/{long}"), &"ü".repeat(300), AT, 12);
        let name = found.strip_prefix("a/").unwrap();
        assert!(name.len() <= 255 && name.ends_with(").py") && name.starts_with('é'), "{name}");
    }
}
