//! A woken connection: the tool's bytes.

use super::traffic::Traffic;
use super::workload::Workload;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;
use tokio_util::either::Either;
use tokio_util::sync::WaitForCancellationFutureOwned;

/// How long an agent may take to offer a connection; one that is there does so at once.
const PATIENCE: Duration = Duration::from_secs(3);

/// Why there is no stream to a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoStream {
    #[error("the workload's channel is not open")]
    Closed,
    #[error("the workload's agent offers no connection")]
    Silent,
}

/// A stream of bytes to a workload's tool. Ends with an error when the workload's channel is closed.
pub struct Stream {
    /// To the agent, or to the tool itself.
    socket: Either<UnixStream, TcpStream>,
    closed: Pin<Box<WaitForCancellationFutureOwned>>,
    _permit: OwnedSemaphorePermit,
    traffic: Traffic,
}

impl Stream {
    pub(super) async fn take(workload: &Workload, traffic: Traffic) -> Result<Stream, NoStream> {
        let closed = Box::pin(workload.closed.clone().cancelled_owned());
        if let Some((socket, permit)) = directly(workload).await {
            traffic.streams.inc();
            traffic.direct.inc();
            return Ok(Stream { socket: Either::Right(socket), closed, _permit: permit, traffic });
        }
        let waiting = workload.closed.run_until_cancelled(timeout(PATIENCE, workload.pool.take())).await;
        let waiting = waiting.ok_or(NoStream::Closed)?.map_err(|_| NoStream::Silent)?;
        // The socket is watched by the thread that accepted it; from here on by the one that uses it.
        let socket =
            waiting.socket.into_std().and_then(UnixStream::from_std).map_err(|_| NoStream::Silent)?;
        traffic.streams.inc();
        Ok(Stream { socket: Either::Left(socket), closed, _permit: waiting.permit, traffic })
    }

    fn sent(&self, outcome: &Poll<io::Result<usize>>) {
        if let Poll::Ready(Ok(bytes)) = outcome {
            self.traffic.to_tool.inc_by(*bytes as u64);
        }
    }
}

/// Past the agent, if that goes.
async fn directly(workload: &Workload) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let direct = workload.control.direct()?;
    let permit = workload.connections.clone().try_acquire_owned().ok()?;
    Some((direct.connect().await?, permit))
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.traffic.streams.dec();
    }
}

impl AsyncRead for Stream {
    /// Whoever uses a stream always waits for its bytes too, so the end is looked for here only.
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.closed.as_mut().poll(context).is_ready() {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        let before = buffer.filled().len();
        let outcome = Pin::new(&mut self.socket).poll_read(context, buffer);
        self.traffic.from_tool.inc_by((buffer.filled().len() - before) as u64);
        outcome
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.socket).poll_write(context, bytes);
        self.sent(&outcome);
        outcome
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.socket).poll_write_vectored(context, slices);
        self.sent(&outcome);
        outcome
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }
}
