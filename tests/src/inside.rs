//! Programs inside workloads, played from outside a container: what they send goes over the workload's
//! socket as the agent carries it.

use crate::{Client, TestServer, until};
use atelier_api::channel::{API, SOCKET};
use std::io;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;
use tokio::io::{AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, UnixStream};

/// The server opens a channel within its next pass.
const OPENS: Duration = Duration::from_secs(30);

impl TestServer {
    /// A connection over the workload's socket that says what it is for.
    ///
    /// # Errors
    /// If the server does not listen there.
    pub async fn dial(&self, workload: &str, purpose: u8) -> io::Result<UnixStream> {
        dial(self.socket(workload), purpose).await
    }

    /// A program inside the workload, as soon as the server listens to it.
    ///
    /// # Errors
    /// If no port is free.
    pub async fn inside(&self, workload: &str) -> anyhow::Result<Client> {
        let socket = self.socket(workload);
        until("the server listens to the workload", OPENS, || async { dial(socket.clone(), API).await.ok() })
            .await;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let port = listener.local_addr()?.port();
        tokio::spawn(async move {
            while let Ok((mut program, _)) = listener.accept().await {
                let socket = socket.clone();
                tokio::spawn(async move {
                    // Either end may break off; what comes of it is the test's to see.
                    if let Ok(mut server) = dial(socket, API).await {
                        copy_bidirectional(&mut program, &mut server).await.ok();
                    }
                });
            }
        });
        Ok(Client::program(port))
    }

    fn socket(&self, workload: &str) -> PathBuf {
        self.data_dir().join("run").join(workload).join(SOCKET)
    }
}

async fn dial(socket: PathBuf, purpose: u8) -> io::Result<UnixStream> {
    let mut stream = UnixStream::connect(socket).await?;
    stream.write_all(&[purpose]).await?;
    Ok(stream)
}
