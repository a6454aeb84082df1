//! Texts, merged by lines.

use std::collections::HashSet;

/// None if both changed the same lines, or one of them is no text.
pub(super) fn merged(base: &str, ours: &str, theirs: &str) -> Option<String> {
    if [base, ours, theirs].iter().any(|text| text.contains('\0')) {
        return None;
    }
    let merged = diffy::merge(base, ours, theirs).ok()?;
    // Whatever the library takes for a clean merge: nothing that somebody wrote may be lost.
    let kept: HashSet<&str> = merged.lines().collect();
    let old: HashSet<&str> = base.lines().collect();
    let written = ours.lines().chain(theirs.lines()).filter(|line| !old.contains(line));
    written.into_iter().all(|line| kept.contains(line)).then_some(merged)
}
