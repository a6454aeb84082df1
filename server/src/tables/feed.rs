//! Files, handed out to a worker: those that it was asked about, while it is.

use super::lock;
use atelier_query::File;
use atelier_store::{Content, Store};
use bytes::Bytes;
use futures::TryStreamExt;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Empty, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::RANGE;
use hyper::{Request, Response, StatusCode};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::net::UnixStream;

type Body = UnsyncBoxBody<Bytes, atelier_store::Error>;

/// What may be read now, by key.
pub(super) struct Shelf {
    files: Mutex<HashMap<String, OnShelf>>,
    used: Mutex<Instant>,
}

struct OnShelf {
    file: Readable,
    /// How many questions need it.
    needed: usize,
}

/// A file that somebody who asks may read.
#[derive(Clone)]
pub(super) struct Readable {
    pub(super) store: Store,
    pub(super) content: Content,
}

impl Readable {
    /// As the worker is told of it.
    pub(super) fn told(&self) -> File {
        // With its length: a list of chunks and a chunk with the bytes of that list are called the same.
        let bytes = self.content.bytes();
        File { key: format!("{bytes}-{}", self.content.name()), bytes }
    }
}

/// Takes files from the shelf when dropped.
pub(super) struct Lent {
    shelf: Arc<Shelf>,
    keys: Vec<String>,
}

impl Default for Shelf {
    fn default() -> Shelf {
        Shelf { files: Mutex::default(), used: Mutex::new(Instant::now()) }
    }
}

impl Shelf {
    pub(super) fn lend(self: &Arc<Shelf>, files: &[Readable]) -> Lent {
        *lock(&self.used) = Instant::now();
        let mut shelf = lock(&self.files);
        let put = |file: &Readable| {
            let key = file.told().key;
            shelf.entry(key.clone()).or_insert_with(|| OnShelf { file: file.clone(), needed: 0 }).needed += 1;
            key
        };
        Lent { keys: files.iter().map(put).collect(), shelf: self.clone() }
    }

    /// How long ago something was put on it.
    pub(super) fn quiet(&self) -> Duration {
        lock(&self.used).elapsed()
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let mut files = lock(&self.shelf.files);
        for key in &self.keys {
            if let Some(on) = files.get_mut(key) {
                on.needed -= 1;
                if on.needed == 0 {
                    files.remove(key);
                }
            }
        }
    }
}

/// Until the worker is gone.
pub(super) async fn hand_out(socket: UnixStream, shelf: Arc<Shelf>) {
    let answer = move |request: Request<Incoming>| {
        let shelf = shelf.clone();
        async move {
            read(&shelf, &request).await.unwrap_or_else(|status| {
                let mut refused = Response::new(Empty::new().map_err(|never| match never {}).boxed_unsync());
                *refused.status_mut() = status;
                refused
            })
        }
    };
    if let Err(error) = atelier_query::serve(socket, answer).await {
        tracing::debug!(%error, "a worker for tables reads no more");
    }
}

async fn read(shelf: &Shelf, request: &Request<Incoming>) -> Result<Response<Body>, StatusCode> {
    let key = request.uri().path().trim_start_matches('/');
    let found = lock(&shelf.files).get(key).map(|on| on.file.clone());
    let file = found.ok_or(StatusCode::NOT_FOUND)?;
    let range = range(request).filter(|range| range.end <= file.content.bytes());
    let range = range.ok_or(StatusCode::RANGE_NOT_SATISFIABLE)?;
    let read = file.store.read(&file.content, range).await.map_err(|error| {
        tracing::warn!(%error, "a file of a table cannot be read");
        StatusCode::INTERNAL_SERVER_ERROR
    })?;
    let mut response = Response::new(StreamBody::new(read.into_stream().map_ok(Frame::data)).boxed_unsync());
    *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    Ok(response)
}

/// As the worker writes it: one, from and to.
fn range(request: &Request<Incoming>) -> Option<Range<u64>> {
    let range = request.headers().get(RANGE)?.to_str().ok()?.strip_prefix("bytes=")?;
    let (first, last) = range.split_once('-')?;
    let (first, last): (u64, u64) = (first.parse().ok()?, last.parse().ok()?);
    (first <= last).then_some(first..last.checked_add(1)?)
}
