//! The server's end of the channel, as small as it can be.

use atelier_api::channel::{CONTROL, Order, POOLED, Report, SOCKET, WAKE};
use std::{fs, os::unix::fs::PermissionsExt, path::Path, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{UnixListener, UnixStream, unix::OwnedWriteHalf},
    sync::mpsc,
    task::{JoinHandle, JoinSet},
    time::timeout,
};

const PATIENCE: Duration = Duration::from_secs(30);

/// Listens in a workload's folder. Dropping it is the server's death: every connection breaks.
pub(crate) struct Server {
    reports: mpsc::UnboundedReceiver<Report>,
    controls: mpsc::UnboundedReceiver<OwnedWriteHalf>,
    waiting: mpsc::UnboundedReceiver<UnixStream>,
    accepting: JoinHandle<()>,
}

impl Server {
    pub(crate) fn listen(folder: &Path) -> Self {
        let path = folder.join(SOCKET);
        // As after a crash: the old socket's file is still there.
        let _ = fs::remove_file(&path);
        let listener = UnixListener::bind(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
        let (report, reports) = mpsc::unbounded_channel();
        let (control, controls) = mpsc::unbounded_channel();
        let (wait, waiting) = mpsc::unbounded_channel();
        let accepting = tokio::spawn(async move {
            let mut readers = JoinSet::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                match stream.read_u8().await {
                    Ok(CONTROL) => {
                        let (input, output) = stream.into_split();
                        control.send(output).unwrap();
                        let report = report.clone();
                        readers.spawn(async move {
                            let mut lines = BufReader::new(input).lines();
                            while let Ok(Some(line)) = lines.next_line().await {
                                let _ = report.send(serde_json::from_str(&line).unwrap());
                            }
                        });
                    }
                    Ok(POOLED) => wait.send(stream).unwrap(),
                    other => panic!("a connection began with {other:?}"),
                }
            }
        });
        Self { reports, controls, waiting, accepting }
    }

    /// The next report that `pick` takes; others are passed over.
    pub(crate) async fn report<T>(&mut self, what: &str, pick: impl Fn(Report) -> Option<T>) -> T {
        let search = async {
            loop {
                let report = self.reports.recv().await.expect("the server listens");
                if let Some(picked) = pick(report) {
                    return picked;
                }
            }
        };
        timeout(PATIENCE, search).await.unwrap_or_else(|_| panic!("not reported in time: {what}"))
    }

    pub(crate) async fn ready(&mut self) {
        self.report("ready", |report| matches!(report, Report::Ready).then_some(())).await;
    }

    pub(crate) async fn order(&mut self, order: &Order) {
        let mut control = self.controls.recv().await.unwrap();
        let line = serde_json::to_string(order).unwrap() + "\n";
        control.write_all(line.as_bytes()).await.unwrap();
        // Kept open: its end would be the server's death to the agent.
        std::mem::forget(control);
    }

    /// A stream to the tool.
    pub(crate) async fn stream(&mut self) -> UnixStream {
        let mut stream = timeout(PATIENCE, self.waiting.recv())
            .await
            .expect("a waiting connection comes in time")
            .unwrap();
        stream.write_all(&[WAKE]).await.unwrap();
        stream
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// The whole answer to a GET over a stream.
pub(crate) async fn get(mut stream: UnixStream, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.0\r\nHost: tool\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    timeout(PATIENCE, stream.read_to_string(&mut answer)).await.expect("an answer in time").unwrap();
    answer
}
