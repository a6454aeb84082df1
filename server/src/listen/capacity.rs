//! How many connections the server has in all. What it needs beside them, for its answers and to tell those
//! whom it cannot take, stays free.

use crate::error::Error;
use actix_web::http::StatusCode;
use atelier_api::problem::MEDIA_TYPE;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// For somebody who is refused to read that.
const FAREWELL: Duration = Duration::from_secs(1);

#[derive(Clone)]
pub(super) struct Capacity {
    places: Arc<Semaphore>,
    refusals: Arc<Semaphore>,
}

impl Capacity {
    /// For a process that may open so many files: a request may need one more than its connection, as towards
    /// a session's tool.
    pub(super) fn of(files: usize) -> Capacity {
        let semaphore = |part: usize| Arc::new(Semaphore::new((files / part).min(Semaphore::MAX_PERMITS)));
        Capacity { places: semaphore(2), refusals: semaphore(16) }
    }

    /// A connection's place, given back when dropped.
    pub(super) fn enter(&self) -> Option<OwnedSemaphorePermit> {
        self.places.clone().try_acquire_owned().ok()
    }

    /// Tells a client over a plain connection that there is no place. Who comes when too many are being told
    /// is hung up on.
    pub(super) async fn refuse(&self, stream: TcpStream) {
        let Ok(_permit) = self.refusals.try_acquire() else { return };
        // Who does not listen has missed it.
        let _ = timeout(FAREWELL, tell(stream)).await;
    }
}

async fn tell(mut stream: TcpStream) -> io::Result<()> {
    let status = StatusCode::SERVICE_UNAVAILABLE;
    let detail = "The server has as many connections as it can hold. Try again in a moment.";
    let body = serde_json::to_vec(Error::status(status, "busy", detail).problem())?;
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {MEDIA_TYPE}\r\ncontent-length: {}\r\nretry-after: 5\r\n\
         connection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), &body].concat()).await?;
    stream.shutdown().await?;
    // Closed with something unread, the kernel would take back what was said.
    let mut rest = [0; 4096];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn f15_who_finds_no_place_is_told() {
        let capacity = Capacity::of(32);
        let places: Vec<_> = (0..16).map(|_| capacity.enter()).collect();
        assert!(places.iter().all(Option::is_some) && capacity.enter().is_none());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = async {
            let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
            client.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
            let mut answer = String::new();
            client.read_to_string(&mut answer).await.unwrap();
            answer
        };
        let server = async { capacity.refuse(listener.accept().await.unwrap().0).await };
        let (answer, ()) = tokio::join!(client, server);
        assert!(answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{answer}");
        assert!(answer.contains("retry-after: 5") && answer.contains("\"code\":\"busy\""), "{answer}");
        drop(places);
        assert!(capacity.enter().is_some());
    }
}
