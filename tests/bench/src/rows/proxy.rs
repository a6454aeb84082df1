//! The proxy against others before the same backend: small requests, a download, WebSocket messages.

use crate::child::Child;
use crate::ours::Ours;
use crate::peers::{self, CHP, NGINX, Peer};
use crate::row::{Goal, Row};
use crate::sockets;
use crate::stats::Samples;
use crate::target::Target;
use crate::wrk;
use anyhow::ensure;
use std::time::Duration;

/// Each figure is the median of so many turns; in a turn all proxies are measured one after the other.
const TURNS: usize = 5;
const TURN: Duration = Duration::from_secs(2);
const DOWNLOAD: usize = 200 * 1000 * 1000;
/// Of memory for the backend's container.
const MIB: i64 = 256;

/// Our proxy and the others.
pub struct Proxies {
    ours: Target,
    chp: Peer,
    nginx: Peer,
    _backend: Child,
    _server: Ours,
}

/// Measurements of one kind, by proxy.
#[derive(Default)]
struct Turns {
    ours: Samples,
    chp: Samples,
    nginx: Samples,
}

impl Proxies {
    /// # Errors
    /// If one of them does not start.
    pub async fn start() -> anyhow::Result<Proxies> {
        let server = Ours::start(MIB).await?;
        let session = server.session().await?;
        let ours = server.target(&session.id).await?;
        let (backend, port) = peers::backend().await?;
        let (chp, nginx) = (peers::chp(port).await?, peers::nginx(port).await?);
        Ok(Proxies { ours, chp, nginx, _backend: backend, _server: server })
    }

    fn targets(&self) -> [&Target; 3] {
        [&self.ours, &self.chp.target, &self.nginx.target]
    }

    /// # Errors
    /// If a request fails.
    pub async fn requests(&self) -> anyhow::Result<Vec<Row>> {
        let mut rows = Vec::new();
        for (connections, times) in [(1, 3.0), (10, 5.0), (50, 5.0)] {
            let mut turns = Turns::default();
            for _ in 0..TURNS {
                for target in self.targets() {
                    let load = wrk::run(target, "/small", connections, TURN, None).await?;
                    turns.of(target).push(load.per_second);
                }
            }
            let what = format!("Small requests, {connections} at once");
            rows.push(turns.row(what, "/s", Goal::TimesOrMore(times, CHP)));
        }
        Ok(rows)
    }

    /// # Errors
    /// If a download breaks off.
    pub async fn download(&self) -> anyhow::Result<Vec<Row>> {
        let mut turns = Turns::default();
        for _ in 0..TURNS {
            for target in self.targets() {
                let (status, bytes, time) = target.get(&format!("/bytes/{DOWNLOAD}")).await?;
                ensure!((status, bytes) == (200, DOWNLOAD), "{}: {status}, {bytes} bytes", target.name);
                turns.of(target).push(bytes as f64 / 1e6 / time.as_secs_f64());
            }
        }
        Ok(vec![turns.row("Download of 200 MB".to_owned(), "MB/s", Goal::TimesOrMore(2.0, CHP))])
    }

    /// # Errors
    /// If a socket breaks.
    pub async fn websocket(&self) -> anyhow::Result<Vec<Row>> {
        let mut rows = Vec::new();
        for count in [1, 20] {
            let (mut messages, mut rounds) = (Turns::default(), Turns::default());
            for _ in 0..TURNS {
                for target in self.targets() {
                    let echo = sockets::echo(target, count, TURN).await?;
                    messages.of(target).push(echo.per_second);
                    rounds.of(target).push(echo.round_us);
                }
            }
            let what = format!("WebSocket messages there and back, {count} sockets");
            rows.push(messages.row(what, "/s", Goal::TimesOrMore(1.0, CHP)));
            let what = format!("Round trip of such a message, {count} sockets");
            rows.push(rounds.row(what, "µs", Goal::TimesOrLess(1.0, CHP)));
        }
        Ok(rows)
    }
}

impl Turns {
    fn of(&mut self, target: &Target) -> &mut Samples {
        match target.name {
            CHP => &mut self.chp,
            NGINX => &mut self.nginx,
            _ => &mut self.ours,
        }
    }

    fn row(self, what: String, unit: &'static str, goal: Goal) -> Row {
        Row { what, unit, ours: self.ours, peers: vec![(CHP, self.chp), (NGINX, self.nginx)], goal }
    }
}
