//! One file that two people changed: made one again where both changes can be kept in it. Pure.

mod beside;
mod notebook;
mod text;

pub(super) use beside::beside;

/// Larger files are not merged.
pub(super) const LARGEST: u64 = 4 << 20;

/// The file in which both changes are; none if they do not go together. `base` is what both began with.
pub(super) fn merged(path: &str, base: &[u8], ours: &[u8], theirs: &[u8]) -> Option<Vec<u8>> {
    let [base, ours, theirs] = [base, ours, theirs].map(|bytes| std::str::from_utf8(bytes).ok());
    let (base, ours, theirs) = (base?, ours?, theirs?);
    // A notebook merged by its lines may be none any more.
    let merged = match path.to_ascii_lowercase().ends_with(".ipynb") {
        true => notebook::merged(base, ours, theirs),
        false => text::merged(base, ours, theirs),
    };
    merged.map(String::into_bytes)
}

#[cfg(test)]
mod tests;
