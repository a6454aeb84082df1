//! The control connection: reports in, orders out.

use super::direct::Direct;
use super::workload::Workload;
use super::{Told, lock};
use crate::billing::Moment;
use atelier_api::channel::{Order, Report};
use futures::StreamExt;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::AsyncWriteExt;
use tokio::net::UnixStream;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;
use tokio_util::codec::{FramedRead, LinesCodec};
use tokio_util::sync::CancellationToken;

/// A longer line is no report.
const LINE: usize = 256 * 1024;
/// For the first line to come, and for an order to be taken.
const PATIENCE: Duration = Duration::from_secs(5);
/// Orders that may wait to be taken.
const ORDERS: usize = 16;
/// Control connections of one workload at once: the one that counts and some that are about to.
const CONNECTIONS: usize = 4;

type Lines = FramedRead<OwnedReadHalf, LinesCodec>;

pub(super) struct Control {
    current: Mutex<Option<Current>>,
    /// Generation of the agent that was here last, and when it left.
    left: Mutex<Option<(i64, Moment)>>,
    places: Semaphore,
}

/// The agent's connection that counts: the newest.
struct Current {
    generation: i64,
    orders: mpsc::Sender<Order>,
    direct: Option<Arc<Direct>>,
    replaced: CancellationToken,
}

impl Default for Control {
    fn default() -> Control {
        Control { current: Mutex::default(), left: Mutex::default(), places: Semaphore::new(CONNECTIONS) }
    }
}

impl Control {
    pub(super) fn order(&self, order: Order) -> bool {
        lock(&self.current).as_ref().is_some_and(|current| current.orders.try_send(order).is_ok())
    }

    /// The short way to the tool, as long as its agent is connected.
    pub(super) fn direct(&self) -> Option<Arc<Direct>> {
        lock(&self.current).as_ref()?.direct.clone()
    }

    pub(super) fn generation(&self) -> Option<i64> {
        lock(&self.current).as_ref().map(|current| current.generation)
    }

    /// The generation of the last agent and until when it was certainly there; a container lives at least as
    /// long as its agent.
    pub(super) fn seen(&self) -> Option<(i64, Moment)> {
        let now = self.generation().map(|generation| (generation, Moment::now()));
        now.or_else(|| lock(&self.left).clone())
    }

    fn replace(&self, next: Current) {
        if let Some(former) = lock(&self.current).replace(next) {
            former.replaced.cancel();
        }
    }

    /// Forgets the connection unless another one counts by now.
    fn ended(&self) {
        if let Some(ended) = lock(&self.current).take_if(|current| current.orders.is_closed()) {
            *lock(&self.left) = Some((ended.generation, Moment::now()));
        }
    }
}

/// Speaks with the agent until either end is done.
pub(super) async fn serve(socket: UnixStream, workload: &Workload, reports: &mpsc::Sender<Told>) {
    let Ok(_place) = workload.control.places.try_acquire() else { return };
    let process = Direct::process(&socket);
    let (input, output) = socket.into_split();
    let mut lines = Lines::new(input, LinesCodec::new_with_max_length(LINE));
    let Ok(Some(Ok(first))) = timeout(PATIENCE, lines.next()).await else { return };
    let Ok(hello @ Report::Hello { generation, port, .. }) = serde_json::from_str(&first) else { return };
    let direct = process.zip(port).map(|(process, port)| Arc::new(Direct::new(process, port)));
    let (sender, orders) = mpsc::channel(ORDERS);
    let replaced = CancellationToken::new();
    workload.control.replace(Current { generation, orders: sender, direct, replaced: replaced.clone() });
    let speaking = async {
        tell(workload, reports, generation, hello).await?;
        tokio::select! {
            heard = hear(lines, workload, reports, generation) => heard,
            said = say(output, orders) => said,
        }
    };
    if let Some(Err(error)) = replaced.run_until_cancelled(speaking).await {
        tracing::debug!(workload = workload.id, %error, "the control connection ended");
    }
    workload.control.ended();
}

async fn hear(
    mut lines: Lines,
    workload: &Workload,
    reports: &mpsc::Sender<Told>,
    generation: i64,
) -> io::Result<()> {
    while let Some(line) = lines.next().await {
        let line = line.map_err(io::Error::other)?;
        // A later agent may report what this server does not know yet.
        match serde_json::from_str(&line) {
            Ok(report) => tell(workload, reports, generation, report).await?,
            Err(_) => workload.report_rate.until_ready().await,
        }
    }
    Ok(())
}

async fn tell(
    workload: &Workload,
    reports: &mpsc::Sender<Told>,
    generation: i64,
    report: Report,
) -> io::Result<()> {
    workload.report_rate.until_ready().await;
    reports.send((workload.id.clone(), generation, report)).await.map_err(io::Error::other)
}

async fn say(mut output: OwnedWriteHalf, mut orders: mpsc::Receiver<Order>) -> io::Result<()> {
    while let Some(order) = orders.recv().await {
        let mut line = serde_json::to_vec(&order)?;
        line.push(b'\n');
        timeout(PATIENCE, output.write_all(&line)).await??;
    }
    Ok(())
}
