//! One clock for all that ticks: durations and costs between two events.

use crate::format::time::now;
use leptos::prelude::*;
use std::time::Duration;

#[derive(Clone, Copy)]
pub(crate) struct Clock(RwSignal<i64>);

impl Clock {
    pub(crate) fn provide() {
        let time = RwSignal::new(now());
        if let Ok(handle) = set_interval_with_handle(move || time.set(now()), Duration::from_secs(1)) {
            on_cleanup(move || handle.clear());
        }
        provide_context(Clock(time));
    }

    pub(crate) fn expect() -> Clock {
        expect_context()
    }

    /// Milliseconds since the epoch, new every second.
    pub(crate) fn now(self) -> i64 {
        self.0.get()
    }
}
