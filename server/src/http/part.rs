//! Long lists in parts.

use crate::error::{Error, Result};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;

/// Entries in one part of a list.
const SIZE: usize = 100;

/// Sorts a list by `key`, which must tell any two entries apart, and cuts out what follows `cursor`: a part,
/// and the cursor of the next one.
///
/// # Errors
/// If no list gave this cursor.
pub fn part<T>(
    mut all: Vec<T>,
    key: impl Fn(&T) -> String,
    cursor: Option<&str>,
) -> Result<(Vec<T>, Option<String>)> {
    if let Some(cursor) = cursor {
        let after = decoded(cursor)?;
        all.retain(|entry| key(entry) > after);
    }
    all.sort_by_cached_key(&key);
    let more = all.len() > SIZE;
    all.truncate(SIZE);
    let next = all.last().filter(|_| more).map(|last| encoded(&key(last)));
    Ok((all, next))
}

/// A cursor that tells after what to go on.
pub fn encoded(last: &str) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(last)
}

/// # Errors
/// If no list gave this cursor.
pub fn decoded(cursor: &str) -> Result<String> {
    let text = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    text.ok_or_else(|| Error::invalid_field("cursor", "must be one that the list gave as `next`"))
}

/// Sorts by name as people do, and apart where names are equal.
pub fn by_name(name: &str, id: &str) -> String {
    format!("{}\0{id}", name.to_lowercase())
}

/// Whether what a person types is in one of the texts; nothing typed is in all.
pub fn matches(search: Option<&str>, texts: &[&str]) -> bool {
    let needle = search.unwrap_or_default().trim().to_lowercase();
    needle.is_empty() || texts.iter().any(|text| text.to_lowercase().contains(&needle))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_make_the_whole() {
        let all: Vec<u32> = (0..250).rev().collect();
        let key = |n: &u32| by_name("Équipe", &format!("{n:04}"));
        let (mut seen, mut cursor, mut parts) = (Vec::new(), None, 0);
        loop {
            let (items, next) = part(all.clone(), key, cursor.as_deref()).unwrap();
            seen.extend(items);
            parts += 1;
            cursor = next;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(seen, (0..250).collect::<Vec<_>>());
        assert_eq!(parts, 3);
    }

    #[test]
    fn the_last_entry_of_a_part_may_vanish() {
        let key = |n: &u32| format!("{n:04}");
        let (first, next) = part((0..150).collect(), key, None).unwrap();
        assert_eq!(first.last(), Some(&99));
        let (rest, next) = part((0..150).filter(|n| *n != 99).collect(), key, next.as_deref()).unwrap();
        assert_eq!((rest.first(), rest.len(), next), (Some(&100), 50, None));
    }

    #[test]
    fn an_invented_cursor_is_refused() {
        let error = part(vec![1], |n: &i32| n.to_string(), Some("€")).unwrap_err();
        assert_eq!(error.problem().status, 422);
    }

    #[test]
    fn search_looks_into_each_text() {
        assert!(matches(Some(" ÉLISE "), &["Élise Martin", "e@x.org"]));
        assert!(matches(Some("x.org"), &["Élise Martin", "e@x.org"]));
        assert!(!matches(Some("bob"), &["Élise Martin", "e@x.org"]));
        assert!(matches(None, &[]));
    }
}
