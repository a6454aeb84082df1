//! From the bootstrap to the exit code: the tool's life.

use crate::{
    api, bootstrap, control, observe, pool,
    status::{End, Status, Streams},
    tool::Tool,
};
use atelier_api::channel::{API_VARIABLE, Bootstrap, EXIT_NO_BOOTSTRAP, Order};
use rustix::process::Signal;
use std::{future::pending, io, time::Duration};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::{mpsc, watch},
    time::{Instant, sleep_until, timeout},
};

/// A program that cannot be started, by the shells' convention.
const EXIT_NOT_STARTED: i32 = 127;
/// How long the end waits for the server to be told of it; Docker tells it as well.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// Runs the tool to its end; the agent's exit code.
pub(crate) async fn run() -> u8 {
    match bootstrap::read().await {
        Ok(bootstrap) => run_tool(bootstrap).await,
        Err(cause) => {
            eprintln!("atelier-agent: {cause}");
            u8::try_from(EXIT_NO_BOOTSTRAP).unwrap_or(u8::MAX)
        }
    }
}

async fn run_tool(mut bootstrap: Bootstrap) -> u8 {
    offer_api(&mut bootstrap).await;
    let status = watch::Sender::new(Status::default());
    let (ordered, orders) = mpsc::channel(8);
    let control = tokio::spawn(control::keep(bootstrap.generation, status.subscribe(), ordered));
    let (end, by_itself) = match Tool::start(&bootstrap.tool) {
        Ok(tool) => {
            let streams = Streams::default();
            pool::keep(bootstrap.pool, bootstrap.tool.port, &streams);
            observe::start(&bootstrap, streams, &status);
            until_end(tool, orders).await
        }
        Err(error) => {
            let tool = &bootstrap.tool;
            eprintln!("atelier-agent: cannot start {} in {}: {error}", tool.argv.join(" "), tool.cwd);
            (End { code: Some(EXIT_NOT_STARTED), signal: None }, true)
        }
    };
    observe::look_for_kills(&status);
    status.send_modify(|status| {
        status.ended = by_itself.then_some(end);
        status.complete = true;
    });
    let _ = timeout(LAST_WORDS, control).await;
    end.exit_code()
}

/// A tool that needs no API runs without it too.
async fn offer_api(bootstrap: &mut Bootstrap) {
    match api::listen().await {
        Ok(listener) => {
            tokio::spawn(api::serve(listener));
            bootstrap.tool.env.insert(API_VARIABLE.to_owned(), api::address());
        }
        Err(error) => eprintln!("atelier-agent: no API for the tool: {error}"),
    }
}

/// Passes signals and orders on until the tool has ended; says whether it ended by itself.
async fn until_end(mut tool: Tool, mut orders: mpsc::Receiver<Order>) -> (End, bool) {
    let mut signals = signals();
    let mut by_itself = true;
    let mut deadline = None;
    loop {
        let out_of_grace = async {
            match deadline {
                Some(deadline) => sleep_until(deadline).await,
                None => pending().await,
            }
        };
        tokio::select! {
            end = tool.ended() => {
                tool.last_words().await;
                return (end, by_itself);
            }
            Some(Order::Stop { grace_ms }) = orders.recv() => {
                by_itself = false;
                tool.signal(Signal::TERM);
                deadline = Some(Instant::now() + Duration::from_millis(grace_ms));
            }
            Some(signal) = signals.recv() => {
                // `docker stop` keeps its own deadline.
                by_itself &= !matches!(signal, Signal::TERM | Signal::INT);
                tool.signal(signal);
            }
            () = out_of_grace => {
                deadline = None;
                tool.signal(Signal::KILL);
            }
        }
    }
}

/// The signals that a container's first process gets for its tool.
fn signals() -> mpsc::Receiver<Signal> {
    let (sender, receiver) = mpsc::channel(8);
    let forwarded = [
        (SignalKind::terminate(), Signal::TERM),
        (SignalKind::interrupt(), Signal::INT),
        (SignalKind::hangup(), Signal::HUP),
        (SignalKind::quit(), Signal::QUIT),
        (SignalKind::user_defined1(), Signal::USR1),
        (SignalKind::user_defined2(), Signal::USR2),
    ];
    for (kind, name) in forwarded {
        if let Err(error) = forward(kind, name, sender.clone()) {
            eprintln!("atelier-agent: signal {name:?} will not reach the tool: {error}");
        }
    }
    receiver
}

fn forward(kind: SignalKind, name: Signal, sender: mpsc::Sender<Signal>) -> io::Result<()> {
    let mut arrivals = signal(kind)?;
    tokio::spawn(async move { while arrivals.recv().await.is_some() && sender.send(name).await.is_ok() {} });
    Ok(())
}
