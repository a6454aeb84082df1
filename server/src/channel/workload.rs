//! What the server holds of one workload's channel.

use super::control::Control;
use super::pool::Pool;
use super::program;
use crate::db::now;
use governor::{DefaultDirectRateLimiter, Quota};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

/// Connections of one workload at once, streams included.
const CONNECTIONS: usize = 256;
/// Connections accepted from one workload in a second. Browsers' requests share connections that are kept
/// open, so an honest agent stays far below.
const CONNECTIONS_PER_SECOND: NonZeroU32 = NonZeroU32::new(2000).unwrap();
/// Requests to the API taken from one workload's programs in a second, over time and at once.
const REQUESTS_PER_SECOND: NonZeroU32 = NonZeroU32::new(100).unwrap();
const REQUESTS_AT_ONCE: NonZeroU32 = NonZeroU32::new(300).unwrap();
/// Reports taken from one workload in a second, over time and at once; an honest agent sends fewer than two.
const REPORTS_PER_SECOND: NonZeroU32 = NonZeroU32::new(3).unwrap();
const REPORTS_AT_ONCE: NonZeroU32 = NonZeroU32::new(30).unwrap();

pub(super) struct Workload {
    pub(super) id: String,
    pub(super) pool: Pool,
    pub(super) control: Control,
    pub(super) connections: Arc<Semaphore>,
    /// Places for programs that ask for the API.
    pub(super) programs: Arc<Semaphore>,
    pub(super) connection_rate: DefaultDirectRateLimiter,
    pub(super) request_rate: DefaultDirectRateLimiter,
    pub(super) report_rate: DefaultDirectRateLimiter,
    pub(super) closed: CancellationToken,
    /// Zero while there was none.
    last_interaction: AtomicI64,
}

impl Workload {
    pub(super) fn new(id: &str) -> Workload {
        Workload {
            id: id.to_owned(),
            pool: Pool::default(),
            control: Control::default(),
            connections: Arc::new(Semaphore::new(CONNECTIONS)),
            programs: Arc::new(Semaphore::new(program::CONNECTIONS)),
            connection_rate: DefaultDirectRateLimiter::direct(Quota::per_second(CONNECTIONS_PER_SECOND)),
            request_rate: DefaultDirectRateLimiter::direct(
                Quota::per_second(REQUESTS_PER_SECOND).allow_burst(REQUESTS_AT_ONCE),
            ),
            report_rate: DefaultDirectRateLimiter::direct(
                Quota::per_second(REPORTS_PER_SECOND).allow_burst(REPORTS_AT_ONCE),
            ),
            closed: CancellationToken::new(),
            last_interaction: AtomicI64::new(0),
        }
    }

    pub(super) fn interaction(&self) {
        self.last_interaction.store(now(), Ordering::Relaxed);
    }

    pub(super) fn last_interaction(&self) -> Option<i64> {
        Some(self.last_interaction.load(Ordering::Relaxed)).filter(|at| *at > 0)
    }
}
