//! The page itself: files that the build embedded, and `index.html` for every address that is a page's.

use super::viewer;
use crate::app::App;
use crate::error::Error;
use actix_web::body::SizedStream;
use actix_web::http::Method;
use actix_web::http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use actix_web::{HttpRequest, HttpResponse, ResponseError, web};
use bytes::Bytes;
use futures::stream;
use rust_embed::{EmbeddedFile, RustEmbed};
use std::borrow::Cow;
use std::convert::Infallible;

#[derive(RustEmbed)]
#[folder = "../target/embed/web"]
#[allow_missing = true]
struct Web;

/// Bytes that wait for a browser which does not take them. The file itself is there once, for all.
const PART: usize = 64 * 1024;

/// Whether this program was built with the page.
pub fn is_carried() -> bool {
    Web::get("index.html").is_some()
}

/// Answers whatever no route took.
pub async fn serve(request: HttpRequest, app: web::Data<App>) -> HttpResponse {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Error::not_found().error_response();
    }
    let path = request.path().trim_start_matches('/');
    if path == viewer::PATH {
        return app.viewer.on_the_application(&request);
    }
    let (path, cache) = match Web::get(path) {
        // Only these names change with their content.
        Some(_) if path.starts_with("assets/") => (path, "public, max-age=31536000, immutable"),
        Some(_) => (path, "no-cache"),
        _ if path.starts_with("api/") || path.rsplit('/').next().is_some_and(|last| last.contains('.')) => {
            return Error::not_found().error_response();
        }
        _ => ("index.html", "no-cache"),
    };
    embedded(&request, path, cache).unwrap_or_else(not_built)
}

/// A file of the page, in the smallest form that the browser takes.
pub(super) fn embedded(request: &HttpRequest, path: &str, cache: &'static str) -> Option<HttpResponse> {
    let accepted = request.headers().get(ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    for (encoding, ending) in [("br", ".br"), ("gzip", ".gz")] {
        if accepted.split(',').any(|offer| offer.split(';').next().unwrap_or_default().trim() == encoding)
            && let Some(file) = Web::get(&format!("{path}{ending}"))
        {
            return Some(answer(path, cache, file, Some(encoding)));
        }
    }
    Web::get(path).map(|file| answer(path, cache, file, None))
}

/// The path and text of the file whose name begins and ends like this.
pub(super) fn find(prefix: &str, suffix: &str) -> Option<(String, String)> {
    let path = Web::iter().find(|path| path.starts_with(prefix) && path.ends_with(suffix))?;
    let text = String::from_utf8(Web::get(&path)?.data.into_owned()).ok()?;
    Some((path.into_owned(), text))
}

pub(super) fn not_built() -> HttpResponse {
    HttpResponse::ServiceUnavailable()
        .body("The page has not been built. Run `cargo xtask web`, then start the server again.\n")
}

fn answer(path: &str, cache: &str, file: EmbeddedFile, encoding: Option<&'static str>) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    let media_type = mime_guess::from_path(path).first_or_octet_stream();
    let charset = if media_type.type_() == "text" { "; charset=utf-8" } else { "" };
    response
        .insert_header((CONTENT_TYPE, format!("{}{charset}", media_type.essence_str())))
        .insert_header((CACHE_CONTROL, cache))
        .insert_header((VARY, "accept-encoding"));
    if let Some(encoding) = encoding {
        response.insert_header((CONTENT_ENCODING, encoding));
    }
    let data = match file.data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    };
    let size = data.len();
    let parts =
        (0..size).step_by(PART).map(move |at| Ok::<_, Infallible>(data.slice(at..size.min(at + PART))));
    response.body(SizedStream::new(size as u64, stream::iter(parts)))
}
