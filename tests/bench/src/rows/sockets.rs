//! Many WebSockets at once, as a room full of notebooks that print.

use crate::ours::Ours;
use crate::row::{Goal, Row};
use crate::sockets::{self, Socket};
use crate::stats::Samples;
use anyhow::ensure;
use futures::future::try_join_all;
use std::time::{Duration, Instant};
use tokio::time::{Instant as Moment, interval_at, timeout};
use tokio_tungstenite::tungstenite::Message;

/// Of one core, the load's share included.
const PER_CORE: usize = 500;
/// Sockets of one session.
const PER_SESSION: usize = 200;
/// A message of 10 KB four times a second is 40 KB/s, each way.
const MESSAGE: usize = 10_000;
const EVERY: Duration = Duration::from_millis(250);
const TIME: Duration = Duration::from_secs(10);
/// A message that is not back by then is lost.
const LOST: Duration = Duration::from_secs(10);
const MIB: i64 = 256;
/// Those who only hold their connection, and for how long.
const IDLE: usize = 2000;
const IDLE_TIME: Duration = Duration::from_secs(30 * 60);

/// # Errors
/// If a socket cannot be opened.
pub async fn busy() -> anyhow::Result<Vec<Row>> {
    let ours = Ours::start(MIB).await?;
    let cores = std::thread::available_parallelism()?.get();
    let opened = open(&ours, PER_CORE * cores).await?;
    let count = opened.len();
    let begun = Instant::now();
    let spoken = futures::future::join_all(opened.into_iter().enumerate().map(|(n, s)| speak(n, s))).await;
    let time = begun.elapsed().as_secs_f64();
    let dropped = spoken.iter().filter(|outcome| outcome.is_err()).count();
    let rounds: Samples = spoken.into_iter().filter_map(Result::ok).flatten().collect();
    let rate = (rounds.len() * MESSAGE) as f64 / 1e3 / time / count as f64;
    let row = |what: &str, unit, ours, goal| Row {
        what: format!("{count} WebSockets at 40 KB/s: {what}"),
        unit,
        ours: std::iter::once(ours).collect(),
        peers: Vec::new(),
        goal,
    };
    Ok(vec![
        row("dropped", "sockets", dropped as f64, Goal::AtMost(0.0)),
        row("brought back per socket", "KB/s", rate, Goal::AtLeast(39.0)),
        row("round trip, p99", "ms", rounds.quantile(0.99), Goal::None),
    ])
}

/// # Errors
/// If a socket cannot be opened.
pub async fn idle() -> anyhow::Result<Vec<Row>> {
    let ours = Ours::start(MIB).await?;
    let opened = open(&ours, IDLE).await?;
    tokio::time::sleep(IDLE_TIME).await;
    let message = Message::binary(vec![0; MESSAGE]);
    let mut dropped = 0;
    for mut socket in opened {
        dropped +=
            usize::from(!matches!(timeout(LOST, sockets::round(&mut socket, &message)).await, Ok(Ok(()))));
    }
    Ok(vec![Row {
        what: format!("{IDLE} idle WebSockets for {} min: dropped", IDLE_TIME.as_secs() / 60),
        unit: "sockets",
        ours: std::iter::once(dropped as f64).collect(),
        peers: Vec::new(),
        goal: Goal::AtMost(0.0),
    }])
}

async fn open(ours: &Ours, count: usize) -> anyhow::Result<Vec<Socket>> {
    let mut opened = Vec::new();
    while opened.len() < count {
        let target = ours.target(&ours.session().await?.id).await?;
        let now = PER_SESSION.min(count - opened.len());
        opened.extend(try_join_all((0..now).map(|_| sockets::open(&target))).await?);
    }
    Ok(opened)
}

/// Sends a message now and then, each time until it is back; gives the rounds' milliseconds.
async fn speak(number: usize, mut socket: Socket) -> anyhow::Result<Vec<f64>> {
    let message = Message::binary(vec![b'x'; MESSAGE]);
    // People do not print in step.
    let offset = EVERY * u32::try_from(number % 100)? / 100;
    let mut ticks = interval_at(Moment::now() + offset, EVERY);
    let begun = Instant::now();
    let mut rounds = Vec::new();
    while begun.elapsed() < TIME {
        ticks.tick().await;
        let sent = Instant::now();
        let back = timeout(LOST, sockets::round(&mut socket, &message)).await;
        ensure!(matches!(back, Ok(Ok(()))), "a message was lost");
        rounds.push(sent.elapsed().as_secs_f64() * 1e3);
    }
    Ok(rounds)
}
