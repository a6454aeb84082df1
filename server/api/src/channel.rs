//! What the server and the agent inside a container say to each other over the workload's Unix socket.
//!
//! The agent dials. The first byte of a connection says what it is for: [`CONTROL`] carries JSON lines,
//! [`Report`] towards the server and [`Order`] towards the agent; [`POOLED`] waits until the server
//! writes [`WAKE`], from then on its bytes are the tool's; [`API`] is HTTP of a program in the container,
//! which asks the server's API as the workload.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Where the workload's folder is mounted in the container.
pub const FOLDER: &str = "/run/atelier";
/// The socket inside that folder.
pub const SOCKET: &str = "channel.sock";
/// First byte of a control connection.
pub const CONTROL: u8 = b'C';
/// First byte of a connection that waits for a stream.
pub const POOLED: u8 = b'P';
/// First byte of a connection to the API.
pub const API: u8 = b'A';
/// The byte by which the server turns a waiting connection into a stream to the tool.
pub const WAKE: u8 = b'W';
/// The agent offers the API on this port of the container's own loopback.
pub const API_PORT: u16 = 2740;
/// The variable that tells the tool's processes where: `http://127.0.0.1:2740`.
pub const API_VARIABLE: &str = "ATELIER_API";
/// The agent's exit code when its bootstrap was absent or cut short.
pub const EXIT_NO_BOOTSTRAP: i64 = 64;

/// What the agent reads from standard input before anything else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bootstrap {
    /// The workload's generation: which start this container belongs to.
    pub generation: i64,
    pub tool: Tool,
    /// Waiting connections that the agent keeps open.
    pub pool: usize,
    /// Milliseconds between two activity reports.
    pub report_every_ms: u64,
    /// Folders of the container that are on the host's disk.
    #[serde(default)]
    pub folders: Vec<PathBuf>,
    /// The one of them that is the person's copy of the project's files.
    #[serde(default)]
    pub files: Option<PathBuf>,
    /// The one of them whose files become the project's results.
    #[serde(default)]
    pub results: Option<PathBuf>,
}

/// The program that the container exists for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tool {
    pub argv: Vec<String>,
    pub env: BTreeMap<String, String>,
    pub cwd: String,
    /// The tool listens on this port of the container's own loopback.
    pub port: u16,
    /// A path that answers below 500 once the tool is usable.
    pub ready_path: String,
    /// Whether kernels and terminals can be asked for through Jupyter's own API.
    pub jupyter: bool,
}

/// Agent to server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "report", rename_all = "snake_case")]
pub enum Report {
    /// First line of every control connection.
    Hello {
        generation: i64,
        protocol: u32,
        /// Where the tool listens on the container's own loopback.
        #[serde(default)]
        port: Option<u16>,
    },
    /// The tool answers; repeated after a reconnection.
    Ready,
    Activity(Activity),
    /// A process of the container was killed because memory ran out.
    OutOfMemory {
        used_bytes: u64,
        limit_bytes: u64,
    },
    /// What an [`Order::Send`] asked for is done, or could not be.
    Sent {
        id: u64,
        problem: Option<String>,
    },
    /// The tool ended by itself; the container ends next.
    ToolExited {
        code: Option<i32>,
        signal: Option<i32>,
    },
}

/// What goes on in the container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// CPU time since the container started, nanoseconds.
    pub cpu_ns: u64,
    /// Memory in use without reclaimable file cache.
    pub memory_bytes: u64,
    pub memory_limit_bytes: u64,
    pub kernels: Vec<Kernel>,
    pub terminals: Vec<Terminal>,
    /// Streams between browsers and the tool that go through the agent.
    pub streams: u32,
    /// What is on the host's disk, once that has been looked for.
    #[serde(default)]
    pub disk: Option<Disk>,
}

/// What a workload keeps on the host's disk: in its folders, and in deleted files that are still open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disk {
    pub used_bytes: u64,
    /// The same when the container began.
    pub begun_bytes: u64,
    /// The few largest things that are directly in one of the folders, the largest first.
    pub largest: Vec<Large>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Large {
    pub path: String,
    pub bytes: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kernel {
    pub id: String,
    /// The notebook it belongs to, relative to `/work`.
    pub path: Option<String>,
    pub busy: bool,
    pub last_activity_ms: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terminal {
    pub name: String,
    pub last_activity_ms: i64,
}

/// Server to agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "snake_case")]
pub enum Order {
    /// End the tool: SIGTERM, then SIGKILL after the grace. Its files are saved then, if that can be done in time.
    Stop {
        grace_ms: u64,
        #[serde(default)]
        save_ms: u64,
    },
    /// Send what changed in the person's copy of the project's files, and report it under this number.
    Send { id: u64 },
    /// Take what others changed in the project's files.
    Take,
    /// Make what changed in the results a version, and say this of it.
    Results { message: String },
}
