//! WebSocket load: messages that come back.

use crate::stats::Samples;
use crate::target::Target;
use anyhow::Context;
use futures::{SinkExt, StreamExt, TryStreamExt};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::{HeaderName, HeaderValue};

pub type Socket = WebSocketStream<TcpStream>;

/// Bytes of a message, as a small output of a cell.
const MESSAGE: usize = 100;

/// # Errors
/// If the target does not upgrade.
pub async fn open(target: &Target) -> anyhow::Result<Socket> {
    let mut request = format!("ws://{}/echo", target.host).into_client_request()?;
    for header in target.headers() {
        let (name, value) = header.split_once(": ").context("no header")?;
        request.headers_mut().insert(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
    }
    let stream = target.connect().await?;
    let upgraded = tokio_tungstenite::client_async(request, stream).await;
    Ok(upgraded.with_context(|| format!("{} does not upgrade", target.name))?.0)
}

/// Sends a message and waits until it is back.
///
/// # Errors
/// If something else comes, or nothing.
pub async fn round(socket: &mut Socket, message: &Message) -> anyhow::Result<()> {
    socket.send(message.clone()).await?;
    let back = socket.next().await.context("the socket has ended")??;
    anyhow::ensure!(back == *message, "another message came back");
    Ok(())
}

pub struct Echo {
    pub per_second: f64,
    /// Median, microseconds.
    pub round_us: f64,
}

/// Sends over so many sockets, on each one message after the other.
///
/// # Errors
/// If a socket breaks.
pub async fn echo(target: &Target, sockets: usize, time: Duration) -> anyhow::Result<Echo> {
    let opened = (0..sockets).map(|_| open(target));
    let opened: Vec<Socket> = futures::future::try_join_all(opened).await?;
    let begun = Instant::now();
    let rounds = opened.into_iter().map(|mut socket| async move {
        let message = Message::text("x".repeat(MESSAGE));
        let mut rounds = Vec::new();
        while begun.elapsed() < time {
            let sent = Instant::now();
            round(&mut socket, &message).await?;
            rounds.push(sent.elapsed().as_secs_f64() * 1e6);
        }
        anyhow::Ok(rounds)
    });
    let rounds: futures::stream::FuturesUnordered<_> = rounds.collect();
    let rounds: Samples = rounds.try_collect::<Vec<_>>().await?.into_iter().flatten().collect();
    let per_second = rounds.len() as f64 / begun.elapsed().as_secs_f64();
    Ok(Echo { per_second, round_us: rounds.median() })
}
