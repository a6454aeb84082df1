//! How long the database takes, for whoever watches.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::histogram::Histogram;

/// Upper ends, in seconds.
const BUCKETS: [f64; 9] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5];

/// Clones count into the same figures.
#[derive(Clone, Debug)]
pub struct Timings {
    pub read: Histogram,
    pub write: Histogram,
    /// Writes that collided with another and were tried again.
    pub collisions: Counter,
}

impl Default for Timings {
    fn default() -> Timings {
        Timings {
            read: Histogram::new(BUCKETS),
            write: Histogram::new(BUCKETS),
            collisions: Counter::default(),
        }
    }
}
