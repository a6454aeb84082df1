//! A request to the API, typed by what it answers. Who sends it (a browser, a test, the command line)
//! brings its own HTTP.

use crate::version::etag;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::marker::PhantomData;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

/// One request, ready to be sent.
#[derive(Clone, Debug)]
pub struct Call<Answer> {
    pub method: Method,
    /// Path and query, from `/api/v1` on.
    pub path: String,
    /// JSON.
    pub body: Option<String>,
    /// The `If-Match` header.
    pub if_match: Option<String>,
    answer: PhantomData<fn() -> Answer>,
}

impl<Answer: DeserializeOwned> Call<Answer> {
    pub(crate) fn new(method: Method, path: String) -> Self {
        Call { method, path, body: None, if_match: None, answer: PhantomData }
    }

    /// To an address that the caller knows, with a JSON body.
    pub fn to(method: Method, path: String, body: &impl Serialize) -> Self {
        Call::new(method, path).with(body)
    }

    pub(crate) fn with(mut self, body: &impl Serialize) -> Self {
        // The request types hold strings, numbers and booleans only, which always serialize.
        self.body = serde_json::to_string(body).ok();
        self
    }

    /// To be done only if the thing is still what the caller read under this version; otherwise the answer
    /// is 412.
    pub fn unless_changed(mut self, version: i64) -> Self {
        self.if_match = Some(etag(version));
        self
    }

    pub(crate) fn query(mut self, pairs: &[(&str, Option<&str>)]) -> Self {
        let given = pairs.iter().filter_map(|(name, value)| value.map(|v| (name, v)));
        for (i, (name, value)) in given.enumerate() {
            self.path.push(if i == 0 { '?' } else { '&' });
            self.path.push_str(name);
            self.path.push('=');
            self.path.push_str(&escape(value));
        }
        self
    }

    /// The answer in a response's body. An empty body is `null`.
    pub fn parse(body: &str) -> Result<Answer, serde_json::Error> {
        serde_json::from_str(if body.is_empty() { "null" } else { body })
    }
}

/// Percent-encodes a segment of a path or a value of a query.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            escaped.push(byte as char);
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}

/// Whether an address leads nowhere but into this site: `//elsewhere`, `/\elsewhere` and what a browser
/// makes of a tab in one would lead away.
pub fn is_own_address(address: &str) -> bool {
    let rest = address.strip_prefix('/');
    rest.is_some_and(|rest| !rest.starts_with(['/', '\\'])) && !address.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::is_own_address;

    #[test]
    fn leads_back_into_the_site_only() {
        assert!(is_own_address("/"));
        assert!(is_own_address("/acme/churn?x=//y"));
        for away in ["", "acme", "//evil", "/\\evil", "https://evil", "javascript:x", "/\t/evil", "/a\nb"] {
            assert!(!is_own_address(away), "{away}");
        }
    }
}
