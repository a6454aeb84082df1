//! The server's own process, from `/proc`.

use super::Fraction;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use rustix::process::{Resource, getrlimit};
use rustix::time::{ClockId, clock_gettime};
use std::fs;

#[derive(Default)]
pub(super) struct Process {
    resident: Gauge,
    files: Gauge,
    files_limit: Gauge,
    cpu: Fraction,
}

impl Process {
    pub(super) fn register(&self, registry: &mut Registry) {
        registry.register("process_resident_bytes", "Memory of the server", self.resident.clone());
        registry.register("process_open_files", "Files and connections", self.files.clone());
        registry.register("process_open_files_limit", "How many it may have", self.files_limit.clone());
        registry.register("process_cpu_seconds", "Time on processors since its start", self.cpu.clone());
    }

    pub(super) fn look(&self) {
        if let Some(pages) = resident_pages() {
            self.resident
                .set(pages.saturating_mul(i64::try_from(rustix::param::page_size()).unwrap_or(4096)));
        }
        if let Ok(open) = fs::read_dir("/proc/self/fd") {
            self.files.set(i64::try_from(open.count()).unwrap_or(i64::MAX));
        }
        // No limit is the largest number.
        let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
        self.files_limit.set(i64::try_from(limit).unwrap_or(i64::MAX));
        let cpu = clock_gettime(ClockId::ProcessCPUTime);
        self.cpu.set(cpu.tv_sec as f64 + cpu.tv_nsec as f64 / 1e9);
    }
}

fn resident_pages() -> Option<i64> {
    fs::read_to_string("/proc/self/statm").ok()?.split(' ').nth(1)?.parse().ok()
}
