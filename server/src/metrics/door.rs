//! Who may read the figures: the host itself, and whoever has the token.

use crate::config::Config;
use actix_web::HttpRequest;
use actix_web::http::header::{AUTHORIZATION, FORWARDED, HeaderName, X_FORWARDED_FOR};

/// What a proxy adds. Behind one on this host, everybody seems to be the host itself.
const FROM_A_PROXY: [HeaderName; 2] = [FORWARDED, X_FORWARDED_FOR];

pub(super) fn is_open_to(request: &HttpRequest, config: &Config) -> bool {
    match (&config.metrics_token, bearer(request)) {
        (Some(token), Some(given)) => blake3::hash(token.as_bytes()) == blake3::hash(given.as_bytes()),
        (_, Some(_)) => false,
        (_, None) => is_the_host(request),
    }
}

fn bearer(request: &HttpRequest) -> Option<&str> {
    request.headers().get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

fn is_the_host(request: &HttpRequest) -> bool {
    request.peer_addr().is_some_and(|peer| peer.ip().to_canonical().is_loopback())
        && !FROM_A_PROXY.iter().any(|name| request.headers().contains_key(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        flags: crate::config::Flags,
    }

    fn config(settings: &[&str]) -> Config {
        Config::load(&Line::parse_from([&["atelier"], settings].concat()).flags).unwrap()
    }

    fn from(address: &str) -> TestRequest {
        TestRequest::get().peer_addr(format!("{address}:40000").parse().unwrap())
    }

    #[test]
    fn the_host_itself_needs_nothing() {
        for address in ["127.0.0.1", "[::1]", "[::ffff:127.0.0.1]"] {
            assert!(is_open_to(&from(address).to_http_request(), &config(&[])));
        }
        for address in ["10.0.0.1", "[fe80::1]", "192.0.2.7"] {
            assert!(!is_open_to(&from(address).to_http_request(), &config(&[])));
        }
        assert!(!is_open_to(&TestRequest::get().to_http_request(), &config(&[])));
    }

    #[test]
    fn whom_a_proxy_speaks_for_is_not_the_host() {
        for header in ["x-forwarded-for", "forwarded"] {
            let request = from("127.0.0.1").insert_header((header, "192.0.2.7")).to_http_request();
            assert!(!is_open_to(&request, &config(&[])));
        }
    }

    #[test]
    fn the_token_opens_from_anywhere_and_a_wrong_one_from_nowhere() {
        let set = config(&["--set", "metrics_token=a-long-token-of-the-test"]);
        for (token, open) in [("a-long-token-of-the-test", true), ("a-long-token-of-the-tesT", false)] {
            for address in ["127.0.0.1", "192.0.2.7"] {
                let request = from(address).insert_header((AUTHORIZATION, format!("Bearer {token}")));
                let request = request.to_http_request();
                assert_eq!(is_open_to(&request, &set), open);
                assert!(!is_open_to(&request, &config(&[])));
            }
        }
    }
}
