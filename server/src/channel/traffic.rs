//! What goes over the streams to tools, for whoever watches.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::gauge::Gauge;

/// Clones count into the same figures.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    pub streams: Gauge,
    /// Streams that went past the agent.
    pub direct: Counter,
    /// Bytes.
    pub to_tool: Counter,
    /// Bytes.
    pub from_tool: Counter,
}
