//! The control connection: reports out, orders in, dialled again for ever.

use crate::status::{Status, Told};
use atelier_api::channel::{CONTROL, FOLDER, Order, Report, SOCKET};
use std::{io, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::UnixStream,
    sync::{mpsc, watch},
    time::sleep,
};

/// Version of the channel's protocol.
pub(crate) const PROTOCOL: u32 = 1;
/// Between two attempts while the server is away.
pub(crate) const REDIAL: Duration = Duration::from_millis(200);

/// Connects to the server and says what the connection is for.
pub(crate) async fn dial(purpose: u8) -> io::Result<UnixStream> {
    let mut stream = UnixStream::connect(format!("{FOLDER}/{SOCKET}")).await?;
    stream.write_all(&[purpose]).await?;
    Ok(stream)
}

/// Keeps the connection until all has been told and nothing more will come. `answers` to orders are told once: a
/// server that has gone meanwhile waits for none.
pub(crate) async fn keep(
    hello: Report,
    mut status: watch::Receiver<Status>,
    mut answers: mpsc::Receiver<Report>,
    orders: mpsc::Sender<Order>,
) {
    let mut told = Told::default();
    loop {
        if let Ok(stream) = dial(CONTROL).await {
            told = told.reconnected();
            if serve(stream, &hello, (&mut status, &mut told), &mut answers, &orders).await.is_ok() {
                return;
            }
        }
        sleep(REDIAL).await;
    }
}

/// Speaks over one connection; an error is its loss.
async fn serve(
    stream: UnixStream,
    hello: &Report,
    (status, told): (&mut watch::Receiver<Status>, &mut Told),
    answers: &mut mpsc::Receiver<Report>,
    orders: &mpsc::Sender<Order>,
) -> io::Result<()> {
    let (input, mut output) = stream.into_split();
    let mut lines = BufReader::new(input).lines();
    send(&mut output, hello).await?;
    loop {
        loop {
            let report = told.next(&status.borrow_and_update());
            match report {
                Some(report) => send(&mut output, &report).await?,
                None => break,
            }
        }
        if status.borrow().complete {
            while let Ok(answer) = answers.try_recv() {
                send(&mut output, &answer).await?;
            }
            return Ok(());
        }
        tokio::select! {
            _ = status.changed() => {}
            Some(answer) = answers.recv() => send(&mut output, &answer).await?,
            line = lines.next_line() => match line? {
                // An order of a later server that this agent does not know is not for it.
                Some(line) => if let Ok(order) = serde_json::from_str(&line) {
                    let _ = orders.try_send(order);
                },
                None => return Err(io::ErrorKind::UnexpectedEof.into()),
            },
        }
    }
}

async fn send(output: &mut (impl AsyncWriteExt + Unpin), report: &Report) -> io::Result<()> {
    let mut line = serde_json::to_vec(report)?;
    line.push(b'\n');
    output.write_all(&line).await
}
