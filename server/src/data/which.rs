//! How requests name a version: by number (`12`, `v12`), as `latest`, or by tag.

use crate::error::{Error, Result};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use std::future::{Ready, ready};

const LATEST: &str = "latest";

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    Number(i64),
    /// The newest that is not in the trash.
    Latest,
    Tag(String),
}

impl Which {
    /// # Errors
    /// Not found, if no version can have this number.
    pub fn parse(word: &str) -> Result<Which> {
        let digits = word.strip_prefix('v').unwrap_or(word);
        if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return digits.parse().map(Which::Number).map_err(|_| Error::not_found());
        }
        Ok(if word == LATEST { Which::Latest } else { Which::Tag(word.to_owned()) })
    }

    /// A word that names it.
    pub fn word(&self) -> String {
        match self {
            Which::Number(number) => number.to_string(),
            Which::Latest => LATEST.to_owned(),
            Which::Tag(tag) => tag.clone(),
        }
    }
}

/// The path's `{version}`.
impl FromRequest for Which {
    type Error = Error;
    type Future = Ready<Result<Which>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(request.match_info().get("version").ok_or_else(Error::not_found).and_then(Which::parse))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_name_versions() {
        for (word, which) in [
            ("12", Which::Number(12)),
            ("v12", Which::Number(12)),
            ("0", Which::Number(0)),
            ("latest", Which::Latest),
            ("production", Which::Tag("production".to_owned())),
            ("v", Which::Tag("v".to_owned())),
            ("v1.0", Which::Tag("v1.0".to_owned())),
            ("-1", Which::Tag("-1".to_owned())),
            ("", Which::Tag(String::new())),
        ] {
            assert_eq!(Which::parse(word).unwrap(), which, "{word}");
        }
        let error = Which::parse("99999999999999999999").unwrap_err();
        assert_eq!(error.problem().status, 404);
    }
}
