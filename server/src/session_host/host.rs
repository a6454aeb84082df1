//! Host names of sessions.

use crate::config::Config;
use actix_web::dev::RequestHead;
use actix_web::http::header::HOST;

/// The session whose host a request names, or what stands in its place in a name of the sessions' domain.
/// `None` if the request is the application's.
pub fn session_of(head: &RequestHead, config: &Config) -> Option<String> {
    let named = head.uri.authority().map(|authority| authority.as_str());
    let host = named.or_else(|| head.headers().get(HOST)?.to_str().ok())?;
    label(host, &config.session_domain)
}

fn label(host: &str, domain: &str) -> Option<String> {
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    let host = host.rsplit_once(':').map_or(host, |(name, _)| name);
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let rest = host.strip_suffix(&domain.to_ascii_lowercase())?;
    if rest.is_empty() { Some(String::new()) } else { rest.strip_suffix('.').map(str::to_owned) }
}

#[cfg(test)]
mod tests {
    use super::label;

    #[test]
    fn tells_sessions_from_the_application() {
        let cases = [
            ("s1.run.localhost:8080", Some("s1")),
            ("S1.Run.Localhost", Some("s1")),
            ("s1.run.localhost.:8080", Some("s1")),
            ("user@s1.run.localhost", Some("s1")),
            // Not sessions, but not the application's either.
            ("run.localhost", Some("")),
            ("a.s1.run.localhost", Some("a.s1")),
            ("atelier.localhost:8080", None),
            ("rerun.localhost", None),
            ("run.localhost.example.org", None),
            ("127.0.0.1:8080", None),
            ("[::1]:8080", None),
            ("", None),
        ];
        for (host, expected) in cases {
            assert_eq!(label(host, "run.localhost").as_deref(), expected, "{host}");
        }
    }
}
