//! Where a link in a file leads.

/// A link that somebody followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// To another file of the same version, or a folder.
    File(String),
    /// Out of Atelier.
    Away(String),
}

/// Resolves what stands in a file of `folder`. Nothing if it leads nowhere that one may go.
pub(crate) fn link(folder: &str, address: &str) -> Option<Link> {
    let lower = address.trim().to_ascii_lowercase();
    if ["http://", "https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme)) {
        return Some(Link::Away(address.trim().to_owned()));
    }
    let scheme = lower.split(['/', '?', '#']).next().is_some_and(|first| first.contains(':'));
    if scheme || lower.starts_with("//") || lower.starts_with('\\') {
        return None;
    }
    let path = address.trim().split(['?', '#']).next().unwrap_or_default();
    let path = js_sys::decode_uri_component(path).map_or_else(|_| path.to_owned(), String::from);
    let mut names: Vec<&str> = if path.starts_with('/') {
        Vec::new()
    } else {
        folder.split('/').filter(|name| !name.is_empty()).collect()
    };
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." => {
                names.pop();
            }
            name => names.push(name),
        }
    }
    Some(Link::File(names.join("/")))
}
