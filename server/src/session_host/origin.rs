//! Which pages may send requests to a session's host.
//!
//! Other sessions' hosts are the same site, so a cookie's `SameSite` does not hold them off: whoever is not
//! of this very origin may send the person here by a link, and do nothing else.

use actix_web::http::Method;
use actix_web::http::header::{HeaderMap, ORIGIN};

/// Whether the request may have come from this origin's own pages, or is a mere visit.
pub(super) fn permits(method: &Method, upgrade: bool, headers: &HeaderMap, own: &str) -> bool {
    let header = |name: &str| headers.get(name).map(|value| value.as_bytes());
    let harmless = method.is_safe() && !upgrade;
    match header("sec-fetch-site") {
        Some(b"same-origin") => true,
        // Typed by the person, or a bookmark.
        Some(b"none") => harmless,
        Some(_) => {
            let visit = header("sec-fetch-mode") == Some(b"navigate".as_slice())
                && header("sec-fetch-dest") == Some(b"document".as_slice());
            harmless && visit
        }
        // Browsers say nothing on some upgrades and on addresses without TLS; clients that are no browser
        // may name the origin.
        None => match headers.get(ORIGIN) {
            Some(origin) => origin.as_bytes().eq_ignore_ascii_case(own.as_bytes()),
            None => harmless,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    const OWN: &str = "http://s1.run.localhost:8080";

    fn check(method: Method, upgrade: bool, headers: &[(&'static str, &'static str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        permits(&method, upgrade, &map, OWN)
    }

    #[test]
    fn own_pages_may_do_everything() {
        for headers in [[("sec-fetch-site", "same-origin")], [("origin", OWN)]] {
            for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
                assert!(check(method, false, &headers));
            }
            assert!(check(Method::GET, true, &headers));
        }
    }

    #[test]
    fn others_may_link_here_and_no_more() {
        for site in ["same-site", "cross-site", "nonsense"] {
            let from = |mode, dest| {
                [
                    ("sec-fetch-site", site),
                    ("sec-fetch-mode", mode),
                    ("sec-fetch-dest", dest),
                    ("origin", OWN),
                ]
            };
            let visit = from("navigate", "document");
            assert!(check(Method::GET, false, &visit));
            assert!(!check(Method::POST, false, &visit), "a form");
            assert!(!check(Method::GET, true, &visit));
            assert!(!check(Method::GET, false, &from("navigate", "iframe")));
            assert!(!check(Method::GET, false, &from("no-cors", "script")));
            assert!(!check(Method::GET, false, &from("cors", "empty")));
            assert!(!check(Method::GET, true, &from("websocket", "websocket")));
        }
    }

    #[test]
    fn who_does_not_say_may_only_look() {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            assert!(check(method.clone(), false, &[]));
            assert!(check(method, false, &[("sec-fetch-site", "none")]));
        }
        for origin in
            ["null", "http://s2.run.localhost:8080", "http://s1.run.localhost", "https://evil.example"]
        {
            for method in [Method::GET, Method::POST] {
                assert!(!check(method.clone(), false, &[("origin", origin)]), "{method} from {origin}");
                assert!(!check(method, true, &[("origin", origin)]));
            }
        }
        assert!(!check(Method::POST, false, &[]));
        assert!(!check(Method::POST, false, &[("sec-fetch-site", "none")]));
        assert!(!check(Method::GET, true, &[]));
    }
}
