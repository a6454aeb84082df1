//! From the bootstrap to the exit code: the tool's life.

use crate::{
    api, bootstrap, control,
    files::{Files, Results},
    observe, pool,
    status::{End, Status, Streams},
    tool::Tool,
};
use atelier_api::channel::{API_VARIABLE, Bootstrap, EXIT_NO_BOOTSTRAP, Order, Report};
use rustix::process::Signal;
use std::{future::pending, io, path::PathBuf, time::Duration};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::{mpsc, oneshot, watch},
    time::{Instant, sleep_until, timeout},
};

/// A program that cannot be started, by the shells' convention.
const EXIT_NOT_STARTED: i32 = 127;
/// How long the end waits for the server to be told of it; Docker tells it as well.
const LAST_WORDS: Duration = Duration::from_secs(3);
/// For the files of a tool that ended by itself to be saved, and of one that Docker ends in ten seconds.
const SAVE: Duration = Duration::from_secs(30);
const LITTLE: Duration = Duration::from_secs(5);
/// For the files of a new folder to come.
const FILL: Duration = Duration::from_secs(10);

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
    let hello = Report::Hello {
        generation: bootstrap.generation,
        protocol: control::PROTOCOL,
        port: Some(bootstrap.tool.port),
    };
    let (answers, answered) = mpsc::channel(8);
    let control = tokio::spawn(control::keep(hello, status.subscribe(), answered, ordered));
    let results = bootstrap.results.take().map(Results::start);
    let files = begin_files(bootstrap.files.take()).await;
    let (end, why) = match Tool::start(&bootstrap.tool) {
        Ok(tool) => {
            let streams = Streams::default();
            pool::keep(bootstrap.pool, bootstrap.tool.port, &streams);
            observe::start(&bootstrap, streams, &status);
            until_end(tool, (orders, answers), (files.as_ref(), results.as_ref())).await
        }
        Err(error) => {
            let tool = &bootstrap.tool;
            eprintln!("atelier-agent: cannot start {} in {}: {error}", tool.argv.join(" "), tool.cwd);
            (End { code: Some(EXIT_NOT_STARTED), signal: None }, Why::Itself)
        }
    };
    let deadline = Instant::now() + why.patience();
    if let Some(files) = files {
        files.finish(why.patience()).await;
    }
    // They say of which files they were made.
    if let Some(results) = results {
        results.finish(deadline.saturating_duration_since(Instant::now())).await;
    }
    observe::look_for_kills(&status);
    status.send_modify(|status| {
        status.ended = matches!(why, Why::Itself).then_some(end);
        status.complete = true;
    });
    let _ = timeout(LAST_WORDS, control).await;
    end.exit_code()
}

/// Why a tool has ended.
enum Why {
    Itself,
    /// Docker's own deadline is running.
    Signal,
    /// So long may its files take.
    Ordered(Duration),
}

impl Why {
    /// How long the end waits for the files to be saved.
    fn patience(&self) -> Duration {
        match self {
            Why::Itself => SAVE,
            Why::Signal => LITTLE,
            Why::Ordered(patience) => *patience,
        }
    }
}

/// A new folder is filled before there is a tool that looks into it; not for ever.
async fn begin_files(folder: Option<PathBuf>) -> Option<Files> {
    let (sender, filled) = oneshot::channel();
    let files = Files::start(folder?, sender);
    let _ = timeout(FILL, filled).await;
    Some(files)
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

/// Passes signals and orders on until the tool has ended; says why it did.
async fn until_end(
    mut tool: Tool,
    (mut orders, answers): (mpsc::Receiver<Order>, mpsc::Sender<Report>),
    (files, results): (Option<&Files>, Option<&Results>),
) -> (End, Why) {
    let mut signals = signals();
    let mut why = Why::Itself;
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
                return (end, why);
            }
            Some(order) = orders.recv() => match order {
                Order::Stop { grace_ms, save_ms } => {
                    why = Why::Ordered(Duration::from_millis(save_ms));
                    tool.signal(Signal::TERM);
                    deadline = Some(Instant::now() + Duration::from_millis(grace_ms));
                }
                Order::Send { id } => send(id, files.cloned(), answers.clone()),
                Order::Take => if let Some(files) = files {
                    files.take().await;
                },
                Order::Results { message } => if let Some(results) = results {
                    results.publish(message).await;
                },
            },
            Some(signal) = signals.recv() => {
                // `docker stop` keeps its own deadline.
                if matches!((&why, signal), (Why::Itself, Signal::TERM | Signal::INT)) {
                    why = Why::Signal;
                }
                tool.signal(signal);
            }
            () = out_of_grace => {
                deadline = None;
                tool.signal(Signal::KILL);
            }
        }
    }
}

/// Has the files sent, and reports it.
fn send(id: u64, files: Option<Files>, answers: mpsc::Sender<Report>) {
    tokio::spawn(async move {
        let problem = match files {
            Some(files) => files.send().await,
            None => Some("this session has no files of the project".to_owned()),
        };
        let _ = answers.send(Report::Sent { id, problem }).await;
    });
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
