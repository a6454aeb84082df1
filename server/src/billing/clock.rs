//! Time for the meter: what the wall clock says, and a clock that never jumps.

use crate::db::now;

/// One moment by both clocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Milliseconds UTC; an administrator or NTP may step it.
    pub wall: i64,
    /// Which start of the machine `boot_ms` counts from.
    pub boot_id: String,
    /// Milliseconds since the machine started, sleep included; survives restarts of the server.
    pub boot_ms: i64,
}

impl Moment {
    pub fn now() -> Moment {
        let since = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        let boot_ms = since.tv_sec.saturating_mul(1000).saturating_add(since.tv_nsec / 1_000_000);
        // Without the file every start of the server counts as a start of the machine.
        let boot_id = std::fs::read_to_string("/proc/sys/kernel/random/boot_id")
            .map_or_else(|_| std::process::id().to_string(), |id| id.trim().to_owned());
        Moment { wall: now(), boot_id, boot_ms }
    }
}
