//! A client's connection, closed if the client keeps the server waiting.
//!
//! actix watches over the head of a connection's first request and over idle connections; who sends the
//! beginning of another request, or a body that nobody wants, would be waited for without end. Here the
//! time from one answer to the next whole head is bounded, whatever bytes come in between.

use super::callers;
use super::head::Head;
use actix_http::Protocol;
use std::cell::Cell;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, Sleep, sleep_until};
use tokio_rustls::server::TlsStream;
use tokio_util::either::Either;

/// For an idle connection to be used again. Longer than proxies keep theirs, commonly a minute, so that it is
/// they who end it.
pub(super) const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// As long, and a moment for actix to end it politely.
const QUIET: Duration = Duration::from_secs(80);
/// Requests that one connection may have under way, which are many over HTTP/2.
const AT_ONCE: u32 = 256;

/// Among all connections, and among those of the client's address.
type Place = (OwnedSemaphorePermit, callers::Place);

pub(super) type Connection = Watched<Either<TcpStream, TlsStream<TcpStream>>>;

/// What requests know of their connection.
pub struct Facts {
    /// Of the server's, that the client chose.
    port: u16,
    begun: Cell<u64>,
    under_way: Cell<u32>,
    quiet_since: Cell<Instant>,
    last: Cell<Last>,
}

/// Whether the connection's last answer was given.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    ToCome,
    Given,
    /// And a request came after it.
    Overrun,
}

/// A request, until its answer has been sent.
pub(super) struct UnderWay(Rc<Facts>);

/// A stream that ends in an error when no request was under way for too long.
pub(super) struct Watched<T> {
    stream: T,
    facts: Rc<Facts>,
    /// May ring too early, never too late: it is set anew only when it has rung.
    alarm: Pin<Box<Sleep>>,
    /// The head that comes in, and how many requests had begun before it. HTTP/2 has no lines.
    head: Option<(Head, u64)>,
    _place: Place,
}

impl Facts {
    pub(super) fn new(port: u16) -> Facts {
        Facts {
            port,
            begun: Cell::new(0),
            under_way: Cell::new(0),
            quiet_since: Cell::new(Instant::now()),
            last: Cell::new(Last::ToCome),
        }
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// What has come behind the request that was just answered is no request.
    pub(super) fn last_answer(&self) {
        self.last.set(Last::Given);
    }

    /// Whether the last answer was given already. The connection then ends with the next look at it.
    pub(super) fn is_over(&self) -> bool {
        if self.last.get() != Last::ToCome {
            self.last.set(Last::Overrun);
        }
        self.last.get() == Last::Overrun
    }

    /// `None` if the connection has as many as it may have.
    pub(super) fn begin(self: &Rc<Facts>) -> Option<UnderWay> {
        if self.under_way.get() >= AT_ONCE {
            return None;
        }
        self.begun.set(self.begun.get() + 1);
        self.under_way.set(self.under_way.get() + 1);
        Some(UnderWay(self.clone()))
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.under_way.set(self.0.under_way.get() - 1);
        self.0.quiet_since.set(Instant::now());
    }
}

impl<T> Watched<T> {
    pub(super) fn new(stream: T, protocol: Protocol, facts: Facts, place: Place) -> Watched<T> {
        let alarm = Box::pin(sleep_until(Instant::now() + QUIET));
        let head = (protocol == Protocol::Http1).then(|| (Head::default(), 0));
        Watched { stream, facts: Rc::new(facts), alarm, head, _place: place }
    }

    pub(super) fn facts(&self) -> Rc<Facts> {
        self.facts.clone()
    }

    /// Checks bytes that have come in, if they are of a head. After one, the next begins when its request has
    /// been answered; what comes before is its body, or waits behind it.
    fn check(&mut self, bytes: &mut [u8]) {
        let Some((head, before)) = &mut self.head else { return };
        let begun = self.facts.begun.get();
        if head.is_over() && begun > *before && self.facts.under_way.get() == 0 {
            (*head, *before) = (head.next(), begun);
        }
        head.check(bytes);
    }

    /// Done when it has been quiet for too long.
    fn poll_quiet(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            ready!(self.alarm.as_mut().poll(context));
            let now = Instant::now();
            let since = if self.facts.under_way.get() > 0 { now } else { self.facts.quiet_since.get() };
            if since + QUIET <= now {
                return Poll::Ready(());
            }
            self.alarm.as_mut().reset(since + QUIET);
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Watched<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.facts.last.get() == Last::Overrun {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        let filled = buffer.filled().len();
        match Pin::new(&mut self.stream).poll_read(context, buffer) {
            Poll::Ready(Ok(())) => {
                self.check(&mut buffer.filled_mut()[filled..]);
                Poll::Ready(Ok(()))
            }
            Poll::Pending => self.poll_quiet(context).map(|()| Err(io::ErrorKind::TimedOut.into())),
            ready => ready,
        }
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Watched<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, parts)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use super::super::callers::Callers;
    use super::super::capacity::Capacity;
    use super::*;
    use std::net::Ipv4Addr;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
    use tokio::time::{advance, timeout};

    fn watched() -> (DuplexStream, Watched<DuplexStream>) {
        let (client, server) = duplex(64);
        let room = Capacity::of(2).enter().unwrap();
        let place = Callers::new(0, Vec::new()).enter(Ipv4Addr::LOCALHOST.into()).unwrap();
        (client, Watched::new(server, Protocol::Http1, Facts::new(80), (room, place)))
    }

    #[tokio::test(start_paused = true)]
    async fn t21_dripping_bytes_keep_no_connection_open() {
        let (mut client, mut server) = watched();
        let begun = Instant::now();
        let error = loop {
            client.write_all(b"x").await.unwrap();
            server.read_u8().await.unwrap();
            if let Ok(Err(error)) = timeout(Duration::from_secs(1), server.read_u8()).await {
                break error;
            }
            assert!(begun.elapsed() < 2 * QUIET, "it goes on for ever");
        };
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(begun.elapsed() >= QUIET, "closed after {:?}", begun.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_under_way_may_take_its_time() {
        let (_client, mut server) = watched();
        let facts = server.facts();
        let request = facts.begin().unwrap();
        assert!(timeout(10 * QUIET, server.read_u8()).await.is_err(), "cut under way");
        advance(QUIET).await;
        drop(request);
        let ended = Instant::now();
        server.read_u8().await.unwrap_err();
        assert_eq!(ended.elapsed().as_secs(), QUIET.as_secs());
    }

    #[tokio::test]
    async fn t21_a_connection_has_so_many_requests_at_once() {
        let (_client, server) = watched();
        let facts = server.facts();
        let all: Vec<UnderWay> = std::iter::from_fn(|| facts.begin()).take(1000).collect();
        assert_eq!(all.len(), AT_ONCE as usize);
        drop(all);
        assert!(facts.begin().is_some());
    }
}
