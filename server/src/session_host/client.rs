//! Connections to tools, through the workloads' channels.

use super::upload::Upload;
use crate::channel::{Channels, NoStream, Stream};
use futures::future::BoxFuture;
use hyper::Uri;
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use std::task::{Context, Poll};
use std::time::Duration;

/// Connections kept open for the next request to the same tool, by all threads together, and for how long:
/// enough that a crowd of requests does not open new ones all the time, and for a short time, because each
/// counts as one of the tool's open streams.
const KEPT: usize = 128;
const KEPT_FOR: Duration = Duration::from_secs(5);
/// Bytes that may wait on their way from a tool.
const BUFFER: usize = 256 * 1024;

pub(super) type Client = legacy::Client<Tools, Upload>;

/// A client whose hosts are ids of workloads, for one of the server's threads.
pub(super) fn new(channels: Channels) -> Client {
    // actix makes as many.
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    legacy::Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(KEPT_FOR)
        .pool_max_idle_per_host((KEPT / threads).max(1))
        .http1_max_buf_size(BUFFER)
        .set_host(false)
        .build(Tools(channels))
}

#[derive(Clone)]
pub(super) struct Tools(Channels);

impl tower_service::Service<Uri> for Tools {
    type Response = TokioIo<Stream>;
    type Error = NoStream;
    type Future = BoxFuture<'static, Result<TokioIo<Stream>, NoStream>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), NoStream>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let channels = self.0.clone();
        Box::pin(async move { Ok(TokioIo::new(channels.stream(uri.host().unwrap_or_default()).await?)) })
    }
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}
