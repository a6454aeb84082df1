//! Access tokens as requests bring them: `Authorization: Bearer atl_…`.

use super::new_token;
use actix_web::http::header::{AUTHORIZATION, HeaderMap, HeaderValue};

/// By which people, and programs that look for leaked secrets, know one when they see it.
pub const TOKEN_PREFIX: &str = "atl_";

pub fn new_access_token() -> String {
    format!("{TOKEN_PREFIX}{}", new_token())
}

/// What a request says to be its token: empty if it contradicts itself, `None` if it claims to have none.
///
/// Browsers never send this scheme by themselves, and a page of another origin cannot make them: it would
/// have to be allowed first, which we do not.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut said = headers.get_all(AUTHORIZATION);
    let claimed = said.clone().any(|value| token_in(value).is_some());
    match (said.next(), said.next()) {
        (Some(value), None) => token_in(value),
        _ => claimed.then_some(""),
    }
}

fn token_in(authorization: &HeaderValue) -> Option<&str> {
    let bytes = authorization.as_bytes().trim_ascii();
    let end = bytes.iter().position(|byte| byte.is_ascii_whitespace()).unwrap_or(bytes.len());
    let (scheme, token) = bytes.split_at(end);
    let token = std::str::from_utf8(token.trim_ascii()).unwrap_or_default();
    scheme.eq_ignore_ascii_case(b"bearer").then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[&'static str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_static(value));
        }
        bearer(&headers).map(str::to_owned)
    }

    #[test]
    fn a_token_is_read() {
        for value in ["Bearer atl_x", "bearer atl_x", "BEARER   atl_x "] {
            assert_eq!(of(&[value]).as_deref(), Some("atl_x"), "{value}");
        }
    }

    #[test]
    fn other_schemes_are_no_token() {
        for values in
            [&[][..], &["Basic dXNlcjpwYXNz"], &["bearers atl_x"], &["atl_x"], &["Basic a", "Basic b"]]
        {
            assert_eq!(of(values), None, "{values:?}");
        }
    }

    #[test]
    fn what_contradicts_itself_is_no_valid_token() {
        for values in [&["Bearer"][..], &["Bearer atl_x", "Bearer atl_y"], &["Basic a", "Bearer atl_x"]] {
            assert_eq!(of(values).as_deref(), Some(""), "{values:?}");
        }
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, HeaderValue::from_bytes(b"Bearer \xff").unwrap());
        assert_eq!(bearer(&headers), Some(""));
    }

    #[test]
    fn new_ones_are_known_by_their_beginning_and_never_the_same() {
        let (one, other) = (new_access_token(), new_access_token());
        assert!(one.starts_with("atl_") && one.len() == 47, "{one}");
        assert_ne!(one, other);
    }
}
