//! What passes between browser and tool: everything but the platform's credentials, foreign cookies and
//! what belongs to one connection only.

use crate::access::TOKEN_PREFIX;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use hyper::header::{
    ALT_SVC, AUTHORIZATION, CONNECTION, COOKIE, FORWARDED, HeaderMap, HeaderName, HeaderValue, SET_COOKIE,
    TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};

/// Of one connection, beside the names that its `Connection` header lists.
const HOP_BY_HOP: [HeaderName; 5] = [CONNECTION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE];
const HOP_BY_HOP_OLD: [&str; 6] = [
    "keep-alive",
    "proxy-connection",
    "proxy-authenticate",
    "proxy-authorization",
    "http2-settings",
    // The server itself has said "continue".
    "expect",
];

/// The request as the tool is to see it. `Host` stays, so the tool's own checks of it hold.
pub(super) fn to_tool(browser: &HeaderMap, scheme: &str) -> HeaderMap {
    let listed = listed(browser);
    let mut tool = HeaderMap::with_capacity(browser.len() + 2);
    for (name, value) in browser {
        let ours = *name == FORWARDED || name.as_str().starts_with("x-forwarded-");
        let token = *name == AUTHORIZATION && is_platform_token(value);
        if ours || token || *name == COOKIE || is_hop_by_hop(name, &listed) {
            continue;
        }
        tool.append(name, value.clone());
    }
    if let Some(cookies) = cookies(browser) {
        tool.insert(COOKIE, cookies);
    }
    if let Ok(scheme) = HeaderValue::from_str(scheme) {
        tool.insert("x-forwarded-proto", scheme);
    }
    if let Some(host) = browser.get("host") {
        tool.insert("x-forwarded-host", host.clone());
    }
    tool
}

/// The answer as the browser is to see it.
pub(super) fn to_browser(tool: &HeaderMap) -> HeaderMap {
    let listed = listed(tool);
    let mut browser = HeaderMap::with_capacity(tool.len() + 1);
    for (name, value) in tool {
        // Where else this host could be reached is not for the tool to say.
        if is_hop_by_hop(name, &listed) || *name == ALT_SVC {
            continue;
        }
        let value = if *name == SET_COOKIE { set_cookie(value) } else { Some(value.clone()) };
        if let Some(value) = value {
            browser.append(name, value);
        }
    }
    let framing = |value: &HeaderValue| contains(value.as_bytes(), b"frame-ancestors");
    if !browser.contains_key("x-frame-options")
        && !browser.get_all("content-security-policy").iter().any(framing)
    {
        browser.insert("x-frame-options", HeaderValue::from_static("SAMEORIGIN"));
    }
    browser
}

/// Whether the browser asks for a WebSocket. Nothing else is upgraded.
pub(super) fn is_websocket(browser: &HeaderMap) -> bool {
    let websocket = |value: &HeaderValue| value.as_bytes().eq_ignore_ascii_case(b"websocket");
    browser.get(UPGRADE).is_some_and(websocket) && listed(browser).iter().any(|name| name == "upgrade")
}

fn is_hop_by_hop(name: &HeaderName, listed: &[String]) -> bool {
    HOP_BY_HOP.contains(name)
        || HOP_BY_HOP_OLD.contains(&name.as_str())
        || listed.iter().any(|listed| listed == name.as_str())
}

/// Names in the `Connection` headers.
fn listed(headers: &HeaderMap) -> Vec<String> {
    let values = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(|name| name.trim().to_ascii_lowercase()).collect()
}

fn is_platform_token(authorization: &HeaderValue) -> bool {
    let is_token = |word: &str| {
        let token = word.strip_prefix(TOKEN_PREFIX).unwrap_or(word);
        BASE64_URL_SAFE_NO_PAD.decode(token).is_ok_and(|bytes| bytes.len() == 32)
    };
    // Wherever it stands: what we would not take for a credential, a tool could still read.
    String::from_utf8_lossy(authorization.as_bytes()).split_whitespace().skip(1).any(is_token)
}

/// The request's cookies without the platform's.
fn cookies(browser: &HeaderMap) -> Option<HeaderValue> {
    let mut kept: Vec<u8> = Vec::new();
    for value in browser.get_all(COOKIE) {
        for pair in value.as_bytes().split(|byte| *byte == b';').map(<[u8]>::trim_ascii) {
            if pair.is_empty() || is_platform_cookie(pair) {
                continue;
            }
            if !kept.is_empty() {
                kept.extend_from_slice(b"; ");
            }
            kept.extend_from_slice(pair);
        }
    }
    if kept.is_empty() { None } else { HeaderValue::from_bytes(&kept).ok() }
}

/// A cookie of the tool, bound to its host. `None` if it would pass for one of ours.
fn set_cookie(value: &HeaderValue) -> Option<HeaderValue> {
    let bytes = value.as_bytes();
    if is_platform_cookie(bytes) {
        return None;
    }
    let is_domain = |attribute: &&[u8]| {
        let name = attribute.split(|byte| *byte == b'=').next().unwrap_or_default();
        name.trim_ascii().eq_ignore_ascii_case(b"domain")
    };
    let mut parts = bytes.split(|byte| *byte == b';');
    let pair = parts.next().unwrap_or_default();
    let kept: Vec<&[u8]> = std::iter::once(pair).chain(parts.filter(|part| !is_domain(part))).collect();
    HeaderValue::from_bytes(&kept.join(&b';')).ok()
}

/// Whether a browser would send this pair as, or in place of, a cookie of ours. A pair without a name is
/// sent as its bare value, which may look like a pair.
fn is_platform_cookie(pair: &[u8]) -> bool {
    let start =
        pair.iter().position(|byte| *byte != b'=' && !byte.is_ascii_whitespace()).unwrap_or(pair.len());
    let name = &pair[start..];
    let has = |prefix: &[u8]| name.len() >= prefix.len() && name[..prefix.len()].eq_ignore_ascii_case(prefix);
    has(b"atelier") || has(b"__host-atelier") || has(b"__secure-atelier")
}

fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{new_access_token, new_token};

    fn map(headers: &[(&str, &str)]) -> HeaderMap {
        let pair = |(name, value): &(&str, &str)| {
            (name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap())
        };
        headers.iter().map(pair).collect()
    }

    fn text(headers: &HeaderMap, name: &str) -> Vec<String> {
        headers.get_all(name).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn the_tool_sees_no_cookie_of_ours() {
        for (sent, expected) in [
            ("__Host-atelier-session=secret", None),
            ("atelier=secret", None),
            ("__Host-atelier=secret; atelier-session=secret", None),
            ("=atelier=secret; __HOST-Atelier-session=secret;__Secure-atelier=secret", None),
            ("a=1; __Host-atelier-session=secret; b=2", Some("a=1; b=2")),
            ("_xsrf=2|x; username-s1-run=\"v\"", Some("_xsrf=2|x; username-s1-run=\"v\"")),
            ("my-atelier=1;;  b ", Some("my-atelier=1; b")),
            ("", None),
        ] {
            let seen = to_tool(&map(&[("cookie", sent)]), "http");
            assert_eq!(text(&seen, "cookie").first().map(String::as_str), expected, "{sent}");
        }
        let two = map(&[("cookie", "a=1; atelier=secret"), ("cookie", "__Host-atelier=secret; b=2")]);
        assert_eq!(text(&to_tool(&two, "http"), "cookie"), ["a=1; b=2"]);
    }

    #[test]
    fn the_tool_sees_no_token_of_ours() {
        for (sent, passes) in [
            (format!("Bearer {}", new_token()), false),
            (format!("bearer  {} ", new_token()), false),
            (format!("token {}", new_token()), false),
            (format!("Bearer {}", new_access_token()), false),
            ("token 0123456789abcdef0123456789abcdef0123456789abcdef".to_owned(), true),
            ("Basic dXNlcjpwYXNzd29yZA==".to_owned(), true),
        ] {
            let seen = to_tool(&map(&[("authorization", &sent)]), "http");
            assert_eq!(seen.contains_key("authorization"), passes, "{sent}");
        }
    }

    #[test]
    fn what_belongs_to_a_connection_or_is_forged_stays_behind() {
        let sent = map(&[
            ("host", "s1.run.localhost:8080"),
            ("connection", "keep-alive, X-Private"),
            ("keep-alive", "timeout=5"),
            ("x-private", "1"),
            ("te", "trailers"),
            ("transfer-encoding", "chunked"),
            ("upgrade", "h2c"),
            ("http2-settings", "x"),
            ("proxy-authorization", "Basic x"),
            ("expect", "100-continue"),
            ("x-forwarded-for", "10.0.0.1"),
            ("x-forwarded-proto", "gopher"),
            ("forwarded", "for=10.0.0.1"),
            ("accept", "*/*"),
            ("x-xsrftoken", "2|x"),
            ("sec-fetch-site", "same-origin"),
        ]);
        let expected = map(&[
            ("host", "s1.run.localhost:8080"),
            ("accept", "*/*"),
            ("x-xsrftoken", "2|x"),
            ("sec-fetch-site", "same-origin"),
            ("x-forwarded-proto", "https"),
            ("x-forwarded-host", "s1.run.localhost:8080"),
        ]);
        assert_eq!(to_tool(&sent, "https"), expected);
    }

    #[test]
    fn the_tools_cookies_are_its_hosts() {
        for (sent, expected) in [
            ("_xsrf=2|x; Path=/", Some("_xsrf=2|x; Path=/")),
            ("a=1; Domain=.run.localhost; Path=/; HttpOnly", Some("a=1; Path=/; HttpOnly")),
            ("a=1;domain = evil.example", Some("a=1")),
            ("a=1; DOMAIN; Secure", Some("a=1; Secure")),
            ("domain=1; Path=/", Some("domain=1; Path=/")),
            ("__Host-atelier-session=x; Path=/; Secure", None),
            ("atelier-session=x", None),
            (" Atelier=x", None),
            ("=atelier-session=x", None),
            ("= ; Path=/", Some("= ; Path=/")),
        ] {
            let seen = to_browser(&map(&[("set-cookie", sent)]));
            assert_eq!(text(&seen, "set-cookie").first().map(String::as_str), expected, "{sent}");
        }
    }

    #[test]
    fn answers_pass_otherwise_unchanged() {
        let sent = map(&[
            ("content-type", "text/html"),
            ("content-security-policy", "frame-ancestors 'self'; report-uri /x"),
            ("service-worker-allowed", "/"),
            ("set-cookie", "a=1"),
            ("set-cookie", "b=2"),
            ("server", "TornadoServer/6"),
        ]);
        assert_eq!(to_browser(&sent), sent);
        let hop = map(&[("connection", "close, x-private"), ("x-private", "1"), ("alt-svc", "h2=\":1\"")]);
        assert_eq!(to_browser(&hop), map(&[("x-frame-options", "SAMEORIGIN")]));
        let own = map(&[("x-frame-options", "DENY")]);
        assert_eq!(to_browser(&own), own);
    }

    #[test]
    fn only_websockets_are_upgraded() {
        for (connection, upgrade, expected) in [
            ("Upgrade", "websocket", true),
            ("keep-alive, upgrade", "WebSocket", true),
            ("upgrade", "h2c", false),
            ("keep-alive", "websocket", false),
        ] {
            assert_eq!(is_websocket(&map(&[("connection", connection), ("upgrade", upgrade)])), expected);
        }
    }
}
