//! Connections by which programs in a workload ask for the API.

use super::pool::Waiting;
use super::workload::Workload;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::UnixStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio_util::sync::WaitForCancellationFutureOwned;

/// API connections of one workload at once. They do not take the places of the streams to its tool.
pub(super) const CONNECTIONS: usize = 64;

/// A connection by which a program in a workload asks for the API. Who it is, the socket has said: nothing
/// that comes over it can change that.
pub struct Program {
    workload: Arc<Workload>,
    socket: UnixStream,
    _place: OwnedSemaphorePermit,
}

/// Whose requests come over a connection, and how fast they are taken.
#[derive(Clone)]
pub struct Requests(Arc<Workload>);

impl Program {
    /// `None` if the workload has too many already.
    pub(super) fn of(connection: Waiting, workload: &Arc<Workload>) -> Option<Program> {
        let place = workload.programs.clone().try_acquire_owned().ok()?;
        Some(Program { workload: workload.clone(), socket: connection.socket, _place: place })
    }

    pub fn requests(&self) -> Requests {
        Requests(self.workload.clone())
    }

    /// Has its bytes watched by the thread that calls, which is the one that will use them.
    ///
    /// # Errors
    /// If the system cannot watch one more.
    pub fn on_this_thread(mut self) -> io::Result<Program> {
        self.socket = self.socket.into_std().and_then(UnixStream::from_std)?;
        Ok(self)
    }

    /// Done when the workload's channel is closed.
    pub fn closed(&self) -> WaitForCancellationFutureOwned {
        self.workload.closed.clone().cancelled_owned()
    }
}

impl Requests {
    pub fn workload(&self) -> &str {
        &self.0.id
    }

    /// Waits until the workload may ask once more.
    pub async fn turn(&self) {
        self.0.request_rate.until_ready().await;
    }
}

impl AsyncRead for Program {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_read(context, buffer)
    }
}

impl AsyncWrite for Program {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.socket).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(context)
    }
}
