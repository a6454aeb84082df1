//! The short way to a tool: a connection of the server's own, made within the container's network.
//!
//! A socket belongs to the network in which it was made, whichever process uses it. So the server makes one in the
//! container's network, and connects it to the tool's port on the loopback there: nothing in the container holds it
//! but its own end, and no port of the container is open to anybody else. Where that cannot be done (the server is not
//! root, has another view of processes, or is on another host), bytes go through the agent as ever.

use nix::sched::{CloneFlags, setns};
use nix::sys::socket::{AddressFamily, SockFlag, SockType, getsockopt, socket, sockopt};
use std::fs::File;
use std::io::{self, ErrorKind};
use std::net::Ipv4Addr;
use std::os::fd::OwnedFd;
use std::os::unix::fs::MetadataExt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, LazyLock};
use std::time::Duration;
use tokio::net::{TcpSocket, TcpStream, UnixStream};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// A tool that listens takes a connection at once.
const PATIENCE: Duration = Duration::from_secs(1);
/// The network that a thread is in.
const NETWORK: &str = "/proc/thread-self/ns/net";

/// How to reach the tool of one agent.
pub(super) struct Direct {
    /// The process that connected as the agent; whatever has its number later is another one.
    process: Arc<OwnedFd>,
    port: u16,
    works: AtomicBool,
}

impl Direct {
    /// The process at the other end of a connection, if the system tells (Linux 6.5).
    pub(super) fn process(agent: &UnixStream) -> Option<OwnedFd> {
        getsockopt(agent, sockopt::PeerPidfd).ok()
    }

    /// For an agent whose tool listens on `port` of its container's loopback.
    pub(super) fn new(agent: OwnedFd, port: u16) -> Direct {
        Direct { process: Arc::new(agent), port, works: AtomicBool::new(true) }
    }

    /// None if it does not go, or not now.
    pub(super) async fn connect(&self) -> Option<TcpStream> {
        if !self.works.load(Ordering::Relaxed) {
            return None;
        }
        let (answer, made) = oneshot::channel();
        let job = Job { process: self.process.clone(), answer };
        MAKER.as_ref()?.send(job).ok()?;
        let socket = match made.await.ok()? {
            Ok(socket) => socket,
            Err(error) => {
                let never = [ErrorKind::PermissionDenied, ErrorKind::InvalidInput, ErrorKind::Unsupported];
                self.works.store(!never.contains(&error.kind()), Ordering::Relaxed);
                return None;
            }
        };
        let socket = TcpSocket::from_std_stream(std::net::TcpStream::from(socket));
        let connected = timeout(PATIENCE, socket.connect((Ipv4Addr::LOCALHOST, self.port).into())).await;
        let stream = connected.ok()?.ok()?;
        stream.set_nodelay(true).ok()?;
        Some(stream)
    }
}

struct Job {
    process: Arc<OwnedFd>,
    answer: oneshot::Sender<io::Result<OwnedFd>>,
}

/// The one thread that goes into other networks. Each of its jobs takes some microseconds and waits for nothing.
static MAKER: LazyLock<Option<Sender<Job>>> = LazyLock::new(|| {
    let (sender, jobs) = channel();
    let made = std::thread::Builder::new().name("networks".into()).spawn(move || make(&jobs));
    made.map(|_| sender)
        .inspect_err(|error| tracing::warn!(%error, "streams to tools go through agents"))
        .ok()
});

fn make(jobs: &Receiver<Job>) {
    let home = match File::open(NETWORK) {
        Ok(home) => home,
        Err(error) => {
            tracing::warn!(%error, "streams to tools go through agents");
            return;
        }
    };
    while let Ok(job) = jobs.recv() {
        // Who asked may have gone.
        let _ = job.answer.send(socket_within(&job.process, &home));
    }
}

/// A socket in the network of a process that is in another one than the server.
fn socket_within(process: &OwnedFd, home: &File) -> io::Result<OwnedFd> {
    setns(process, CloneFlags::CLONE_NEWNET)?;
    let made = is(home).and_then(|at_home| match at_home {
        // A tool's port is looked for in a container only, whatever connects as its agent.
        true => Err(ErrorKind::Unsupported.into()),
        false => {
            let flags = SockFlag::SOCK_NONBLOCK | SockFlag::SOCK_CLOEXEC;
            Ok(socket(AddressFamily::Inet, SockType::Stream, flags, None)?)
        }
    });
    setns(home, CloneFlags::CLONE_NEWNET)?;
    made
}

/// Whether the thread is in this network.
fn is(network: &File) -> io::Result<bool> {
    let (here, there) = (std::fs::metadata(NETWORK)?, network.metadata()?);
    Ok((here.dev(), here.ino()) == (there.dev(), there.ino()))
}
