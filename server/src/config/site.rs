//! What browsers take for one site: a registrable domain with everything below it.

use std::net::IpAddr;

/// Whether pages of these hosts share cookies that are made for their site.
pub(super) fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.to_ascii_lowercase(), other.to_ascii_lowercase());
    one == other || is_below(&one, &other) || is_below(&other, &one) || {
        let domain = registrable(&one);
        domain.is_some() && domain == registrable(&other)
    }
}

/// `example.co.uk` of `www.example.co.uk`. Addresses and the suffixes themselves have none.
pub(super) fn registrable(host: &str) -> Option<&str> {
    if is_address(host) { None } else { psl::domain_str(host) }
}

pub(super) fn is_address(host: &str) -> bool {
    host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok()
}

fn is_below(host: &str, parent: &str) -> bool {
    host.strip_suffix(parent).is_some_and(|rest| rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_are_registrable_domains() {
        for (one, other, expected) in [
            ("atelier.localhost", "atelier-run.localhost", false),
            ("atelier.example.org", "atelier-run.example.net", false),
            ("atelier.example.org", "run.example.org", true),
            ("atelier.example.org", "EXAMPLE.org", true),
            ("example.org", "run.example.org", true),
            ("a.example.co.uk", "b.example.co.uk", true),
            ("a.example.co.uk", "b.elsewhere.co.uk", false),
            // Suffixes under which everybody may register.
            ("team.github.io", "team-run.github.io", false),
            ("localhost", "run.localhost", true),
            ("localhost", "localhost", true),
            ("10.0.0.5", "10.1.0.5", false),
            ("10.0.0.5", "run.example.net", false),
            ("[::1]", "run.localhost", false),
        ] {
            assert_eq!(same(one, other), expected, "{one} and {other}");
            assert_eq!(same(other, one), expected, "{other} and {one}");
        }
    }
}
