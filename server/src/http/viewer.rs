//! The frame in which the page shows what people have written: notebooks, Markdown, pictures, code.
//!
//! It is one document with its script in it, on the sessions' domain where there is one: another site than the
//! application. Its policy takes away its origin, the network and everything else but showing what the page hands
//! in, and runs no script but its own, whatever is shown.

use super::page;
use crate::config::Config;
use actix_web::http::Method;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue, LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use actix_web::{HttpRequest, HttpResponse};
use anyhow::Context;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

/// Where the application's host leads to the frame, or has it.
pub const PATH: &str = "_viewer";
/// Its name on the sessions' domain, which no session has.
pub const LABEL: &str = "view";

/// How long browsers keep it: its name changes with its content.
const CACHING: &str = "public, max-age=31536000, immutable";

pub struct Viewer {
    /// Its own, if sessions have a domain.
    origin: Option<String>,
    document: Option<Document>,
    /// What the application's pages may do.
    page_policy: HeaderValue,
}

struct Document {
    /// As `assets/viewer-XXXXXXXX.html`.
    path: String,
    policy: HeaderValue,
}

impl Viewer {
    /// # Errors
    /// If the addresses in the settings are none that fit into a header.
    pub fn new(config: &Config) -> anyhow::Result<Viewer> {
        let origin = config.session_ports.is_none().then(|| config.session_url(LABEL));
        let found = page::find("assets/viewer-", ".html");
        let document =
            found.map(|(path, text)| Document::new(path, &text, &config.public_url)).transpose()?;
        Ok(Viewer { page_policy: page_policy(origin.as_deref().unwrap_or_default())?, origin, document })
    }

    /// The policy of the application's pages, which may show this frame and no other.
    pub fn page_policy(&self) -> &HeaderValue {
        &self.page_policy
    }

    /// On the application's host: the way to the frame, or the frame.
    pub fn on_the_application(&self, request: &HttpRequest) -> HttpResponse {
        match (&self.origin, &self.document) {
            (Some(origin), Some(document)) => HttpResponse::TemporaryRedirect()
                .insert_header((LOCATION, format!("{origin}/{}", document.path)))
                .insert_header((CACHE_CONTROL, "no-cache"))
                .finish(),
            (None, Some(document)) => document.answer(request),
            (_, None) => page::not_built(),
        }
    }

    /// On its own host, where nothing else is.
    pub fn on_its_host(&self, request: &HttpRequest) -> HttpResponse {
        let asked = request.path().trim_start_matches('/');
        let reads = matches!(*request.method(), Method::GET | Method::HEAD);
        match &self.document {
            Some(document) if reads && document.path == asked => document.answer(request),
            _ => {
                let mut response = HttpResponse::NotFound().finish();
                guard(&mut response, HeaderValue::from_static("default-src 'none'; sandbox"));
                response
            }
        }
    }
}

impl Document {
    fn new(path: String, text: &str, framed_by: &str) -> anyhow::Result<Document> {
        let script = text.split_once("<script>").and_then(|(_, rest)| rest.split_once("</script>"));
        let (script, _) = script.context("the frame for files has no script; build the page again")?;
        let hash = BASE64_STANDARD.encode(Sha256::digest(script));
        let policy = format!(
            "sandbox allow-scripts; default-src 'none'; script-src 'sha256-{hash}'; style-src 'unsafe-inline'; \
             img-src data: blob:; font-src 'none'; connect-src 'none'; form-action 'none'; base-uri 'none'; \
             frame-ancestors {framed_by}; require-trusted-types-for 'script'; trusted-types dompurify"
        );
        Ok(Document { path, policy: HeaderValue::from_str(&policy)? })
    }

    fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let Some(mut response) = page::embedded(request, &self.path, CACHING) else {
            return page::not_built();
        };
        guard(&mut response, self.policy.clone());
        response
    }
}

/// What an answer says beside the policy: it is nobody's to read, and brings nothing along.
fn guard(response: &mut HttpResponse, policy: HeaderValue) {
    let headers = response.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
}

/// The application's own pages; `frames` is what they may show beside themselves.
fn page_policy(frames: &str) -> anyhow::Result<HeaderValue> {
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; \
         form-action 'self'; frame-ancestors 'none'; frame-src 'self' {frames}"
    );
    Ok(HeaderValue::from_str(policy.trim_end())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_frame_runs_its_own_script_and_no_other() {
        let text = "<!doctype html><body><script>alert(1)</script></body>";
        let document = Document::new("assets/viewer-1.html".to_owned(), text, "http://app.test").unwrap();
        let policy = document.policy.to_str().unwrap();
        // As `printf 'alert(1)' | openssl dgst -sha256 -binary | base64` has it.
        assert!(
            policy.contains("script-src 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='"),
            "{policy}"
        );
        for told in ["sandbox allow-scripts;", "default-src 'none'", "frame-ancestors http://app.test;"] {
            assert!(policy.contains(told), "{told}");
        }
        for never in ["unsafe-eval", "allow-same-origin", "allow-popups", "allow-forms", "http:;", "*"] {
            assert!(!policy.contains(never), "{never}");
        }
        assert!(Document::new(String::new(), "<body></body>", "http://app.test").is_err());
    }

    #[test]
    fn the_page_shows_this_frame_and_no_other() {
        let policy = page_policy("http://view.run.test:8080").unwrap();
        assert!(policy.to_str().unwrap().ends_with("frame-src 'self' http://view.run.test:8080"));
        assert!(page_policy("").unwrap().to_str().unwrap().ends_with("frame-src 'self'"));
    }
}
