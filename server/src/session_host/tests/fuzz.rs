//! What the proxy parses of strangers' bytes: heads of frames, headers, host names.

use crate::config::{Config, Flags};
use crate::fuzz::fuzz;
use crate::fuzz_targets;
use crate::session_host::frames::Frames;
use crate::session_host::{headers, host};
use actix_web::http::header::HOST;
use actix_web::test::TestRequest;
use hyper::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue, SET_COOKIE};
use rand::RngExt;
use std::time::Duration;

fuzz_targets!(
    fuzz_frames, long_fuzz_frames => frames,
    fuzz_request_headers, long_fuzz_request_headers => request_headers,
    fuzz_answer_headers, long_fuzz_answer_headers => answer_headers,
    fuzz_host_names, long_fuzz_host_names => host_names,
);

/// However the network cuts the bytes, the same is seen in them.
fn frames(how_long: Duration) {
    let examples: [&[u8]; 5] = [
        b"\x81\x85\x01\x02\x03\x04hello\x8a\x80\x01\x02\x03\x04",
        b"\x82\xfe\x01\x00\x01\x02\x03\x04",
        b"\x82\xff\x00\x00\x00\x00\x00\x01\x00\x00\x01\x02\x03\x04",
        b"\x89\x7f\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x88\x02\x03\xe8",
    ];
    fuzz(how_long, &examples, |bytes, random| {
        let whole = Frames::default().data_begins_in(bytes);
        let (mut cut, mut rest, mut pieces) = (Frames::default(), bytes, false);
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(random.random_range(1..=rest.len()));
            pieces |= cut.data_begins_in(piece);
            rest = after;
        }
        assert_eq!(pieces, whole);
    });
}

/// Lines of a head, as far as they are one.
fn map(bytes: &[u8]) -> HeaderMap {
    let lines = bytes.split(|byte| *byte == b'\n').filter_map(|line| {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = HeaderName::from_bytes(line[..colon].trim_ascii()).ok()?;
        Some((name, HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?))
    });
    lines.collect()
}

fn lower(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase()
}

/// No cookie and no token of ours reaches a tool, and nothing of one connection only.
fn request_headers(how_long: Duration) {
    let token = crate::access::new_token();
    let examples = [
        "cookie: a=1; __Host-atelier=secret; b=2\nhost: s.run.localhost\naccept: */*",
        "cookie: =__Host-atelier=secret\ncookie: atelier-session=x;\tb",
        "connection: keep-alive, x-secret\nx-secret: 1\nte: trailers\nkeep-alive: 5",
        &format!("authorization: Bearer {token}\nx-forwarded-for: 10.0.0.1\nforwarded: for=1"),
    ];
    fuzz(how_long, &examples.map(str::as_bytes), |bytes, _| {
        let tool = headers::to_tool(&map(bytes), "http");
        for value in tool.get_all(COOKIE) {
            for pair in lower(value).split(';') {
                let name = pair.trim_start_matches(|c: char| c == '=' || c.is_ascii_whitespace());
                assert!(!name.starts_with("__host-atelier") && !name.starts_with("atelier"), "{pair}");
            }
        }
        let told = |value: &HeaderValue| {
            String::from_utf8_lossy(value.as_bytes()).split_whitespace().skip(1).any(|word| word == token)
        };
        assert!(!tool.get_all(AUTHORIZATION).iter().any(told));
        for name in ["te", "keep-alive", "connection", "transfer-encoding", "forwarded"] {
            assert!(!tool.contains_key(name), "{name}");
        }
    });
}

/// No tool sets a cookie for another host, nor one that passes for ours.
fn answer_headers(how_long: Duration) {
    let examples = [
        "set-cookie: a=1; Domain=run.localhost; Path=/\nset-cookie: __Host-atelier=x; Secure",
        "set-cookie:  =atelier=1;domain = x\nset-cookie: b=2;DOMAIN=.localhost;HttpOnly",
        "alt-svc: h3=\":443\"\nconnection: upgrade, x\nx: 1\nupgrade: websocket",
        "content-security-policy: frame-ancestors 'none'\nx-frame-options: DENY",
    ];
    fuzz(how_long, &examples.map(str::as_bytes), |bytes, _| {
        let browser = headers::to_browser(&map(bytes));
        for value in browser.get_all(SET_COOKIE) {
            let text = lower(value);
            let mut parts = text.split(';');
            let pair = parts.next().unwrap_or_default();
            let name = pair.trim_start_matches(|c: char| c == '=' || c.is_ascii_whitespace());
            assert!(!name.starts_with("__host-atelier") && !name.starts_with("atelier"), "{text}");
            let mut names = parts.map(|part| part.split('=').next().unwrap_or_default().trim());
            assert!(names.all(|name| name != "domain"), "{text}");
        }
        assert!(!browser.contains_key("alt-svc"));
        assert!(browser.contains_key("x-frame-options") || browser.contains_key("content-security-policy"));
    });
}

/// A name of the sessions' domain is never taken for the application's, nor the other way round.
fn host_names(how_long: Duration) {
    let config = Config::load(&Flags::default()).unwrap();
    let domain = config.session_domain.clone();
    let own = format!("0192f1c4-7b3e-7cc1-8a55-0242ac120002.{domain}:8080");
    let examples = [own.as_str(), "atelier.localhost:8080", "[::1]:8080", "user@host.:1", &domain];
    fuzz(how_long, &examples.map(str::as_bytes), |bytes, _| {
        let Ok(value) = actix_web::http::header::HeaderValue::from_bytes(bytes) else { return };
        let request = TestRequest::default().insert_header((HOST, value)).to_http_request();
        let named = host::session_of(request.head(), &config);
        let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
        match named {
            Some(label) => assert!(text.contains(&label) && text.contains(&domain), "{label}"),
            None => {
                let host = text.rsplit_once('@').map_or(text.as_str(), |(_, host)| host);
                let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
                assert!(!host.ends_with(&format!(".{domain}")) || !bytes.is_ascii(), "{text}");
            }
        }
    });
}
