//! What the server tells whoever watches it, as OpenMetrics at `/metrics`.
//!
//! No label names a person, a project or a tenant: each has a small, known set of values. What every figure
//! means, and when to worry, is in `docs/operations.md`; a test compares that page with what is told here.

mod door;
mod process;
mod requests;
mod scrape;

pub use requests::measure;
pub use scrape::scrape;

use crate::channel::Traffic;
use crate::db::Timings;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use requests::Requests;
use scrape::State;
use std::sync::atomic::AtomicU64;

/// A gauge of seconds or of a fraction.
type Fraction = Gauge<f64, AtomicU64>;

/// Everything that is counted. What it holds is shared with those who count.
pub struct Metrics {
    registry: Registry,
    requests: Requests,
    pub reconciler: Reconciler,
    pub starts: Starts,
    pub data: Data,
    now: Now,
}

/// The loop that compares rows with containers.
#[derive(Clone, Default)]
pub struct Reconciler {
    pub passes: Counter,
    pub failed: Counter,
}

/// Sessions that came up or did not.
#[derive(Clone)]
pub struct Starts {
    pub ready: Histogram,
    pub failed: Counter,
}

/// Files of versions: bytes that came, that went, that are there.
#[derive(Clone, Default)]
pub struct Data {
    pub received: Counter,
    pub sent: Counter,
    /// As the last collection of garbage found it.
    pub live: Gauge,
    pub garbage: Gauge,
    /// When that was, in seconds since the epoch.
    pub collected_at: Gauge,
}

/// What is looked up when somebody asks.
#[derive(Default)]
struct Now {
    sessions: Family<State, Gauge>,
    heartbeat_age: Fraction,
    uploads: Gauge,
    channels: Gauge,
    listeners: Gauge,
    connections: Gauge,
    connections_idle: Gauge,
    docker: Gauge,
    process: process::Process,
}

/// Upper ends, in seconds.
const REQUEST: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.25, 1.0, 2.5, 10.0];
const START: [f64; 9] = [0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 300.0];

impl Metrics {
    pub fn new(database: &Timings, traffic: &Traffic) -> Metrics {
        let metrics = Metrics {
            registry: Registry::with_prefix("atelier"),
            requests: Requests::default(),
            reconciler: Reconciler::default(),
            starts: Starts { ready: Histogram::new(START), failed: Counter::default() },
            data: Data::default(),
            now: Now::default(),
        };
        metrics.registered(database, traffic)
    }

    fn registered(mut self, database: &Timings, traffic: &Traffic) -> Metrics {
        let Metrics { registry, requests, reconciler, starts, data, now } = &mut self;
        requests.register(registry);
        registry.register("sessions", "Sessions by state", now.sessions.clone());
        registry.register(
            "session_start_seconds",
            "From the click to a tool that answers",
            starts.ready.clone(),
        );
        registry.register("session_starts_failed", "Starts that were given up", starts.failed.clone());
        registry.register(
            "reconciler_passes",
            "Comparisons of rows and containers",
            reconciler.passes.clone(),
        );
        registry.register("reconciler_errors", "Passes that were cut short", reconciler.failed.clone());
        registry.register("docker_up", "Whether Docker answered last", now.docker.clone());
        registry.register(
            "ledger_heartbeat_age_seconds",
            "Since the oldest heartbeat of what is being billed; 0 if nothing is",
            now.heartbeat_age.clone(),
        );
        registry.register("channels", "Agents that are connected", now.channels.clone());
        registry.register("proxy_streams", "Open streams to tools", traffic.streams.clone());
        registry.register(
            "proxy_direct_streams",
            "Streams to tools that went past the agent",
            traffic.direct.clone(),
        );
        registry.register("proxy_to_tool_bytes", "Bytes from browsers to tools", traffic.to_tool.clone());
        registry.register("proxy_from_tool_bytes", "Bytes from tools to browsers", traffic.from_tool.clone());
        registry.register("data_received_bytes", "Bytes of uploads", data.received.clone());
        registry.register("data_sent_bytes", "Bytes of downloads", data.sent.clone());
        registry.register("uploads", "Uploads that have not ended", now.uploads.clone());
        registry.register("data_live_bytes", "Stored and needed, when last looked at", data.live.clone());
        registry.register("data_garbage_bytes", "Stored and not needed, at that time", data.garbage.clone());
        registry.register(
            "data_collected_timestamp_seconds",
            "When garbage was last collected; 0 if it never was by this server",
            data.collected_at.clone(),
        );
        registry.register("event_streams", "Pages that listen for changes", now.listeners.clone());
        registry.register("database_read_seconds", "Reads, waiting included", database.read.clone());
        registry.register(
            "database_write_seconds",
            "Write transactions, waiting and repeating included",
            database.write.clone(),
        );
        registry.register("database_collisions", "Writes that were repeated", database.collisions.clone());
        registry.register("database_connections", "Open connections", now.connections.clone());
        registry.register(
            "database_connections_idle",
            "Open connections that nobody uses",
            now.connections_idle.clone(),
        );
        now.process.register(registry);
        self
    }
}
