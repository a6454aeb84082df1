//! What there is to tell the server, kept so that nothing is lost while the server is away.

use atelier_api::channel::{Activity, Report};
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

/// Known of the container so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Status {
    pub(crate) ready: bool,
    /// The latest observation and its number.
    pub(crate) activity: Option<(u64, Activity)>,
    pub(crate) out_of_memory: OutOfMemory,
    /// How the tool ended, if nobody had asked it to.
    pub(crate) ended: Option<End>,
    /// Nothing will be added any more.
    pub(crate) complete: bool,
}

/// Kills for lack of memory, and the figures at the last one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OutOfMemory {
    pub(crate) kills: u64,
    pub(crate) used_bytes: u64,
    pub(crate) limit_bytes: u64,
}

/// How a process ended: one of the two is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) code: Option<i32>,
    pub(crate) signal: Option<i32>,
}

impl End {
    /// The exit code by the shells' convention: 128 + the signal.
    pub(crate) fn exit_code(self) -> u8 {
        let code = self.code.or(self.signal.map(|signal| 128 + signal));
        code.and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX)
    }
}

/// What has been told on this connection, or on any for what is told once.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) ready: bool,
    pub(crate) activity: u64,
    pub(crate) kills: u64,
    pub(crate) ended: bool,
}

impl Told {
    /// What a new connection already knows: that memory ran out is not told again.
    pub(crate) fn reconnected(&self) -> Self {
        Self { kills: self.kills, ..Self::default() }
    }

    /// The next thing to tell, in the order in which it happened; it counts as told.
    pub(crate) fn next(&mut self, status: &Status) -> Option<Report> {
        if status.ready && !self.ready {
            self.ready = true;
            return Some(Report::Ready);
        }
        let memory = status.out_of_memory;
        if memory.kills > self.kills {
            self.kills = memory.kills;
            let OutOfMemory { used_bytes, limit_bytes, .. } = memory;
            return Some(Report::OutOfMemory { used_bytes, limit_bytes });
        }
        if let Some((number, activity)) = &status.activity
            && *number > self.activity
        {
            self.activity = *number;
            return Some(Report::Activity(activity.clone()));
        }
        let end = status.ended.filter(|_| !self.ended)?;
        self.ended = true;
        Some(Report::ToolExited { code: end.code, signal: end.signal })
    }
}

/// Streams that are open at this moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Streams(Arc<AtomicU32>);

/// Counts one stream for as long as it lives.
pub(crate) struct Open(Streams);

impl Streams {
    pub(crate) fn open(&self) -> Open {
        self.0.fetch_add(1, Ordering::Relaxed);
        Open(self.clone())
    }

    pub(crate) fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told_all(told: &mut Told, status: &Status) -> Vec<Report> {
        std::iter::from_fn(|| told.next(status)).collect()
    }

    #[test]
    fn after_a_reconnection_ready_is_told_again_but_not_a_kill() {
        let memory = OutOfMemory { kills: 1, used_bytes: 5, limit_bytes: 6 };
        let status = Status { ready: true, out_of_memory: memory, ..Status::default() };
        let mut told = Told::default();
        let killed = Report::OutOfMemory { used_bytes: 5, limit_bytes: 6 };
        assert_eq!(told_all(&mut told, &status), [Report::Ready, killed]);
        assert_eq!(told_all(&mut told, &status), []);
        assert_eq!(told_all(&mut told.reconnected(), &status), [Report::Ready]);
    }

    #[test]
    fn the_end_comes_last() {
        let status = Status {
            ready: true,
            activity: Some((3, Activity::default())),
            ended: Some(End { code: None, signal: Some(9) }),
            ..Status::default()
        };
        let reports = told_all(&mut Told::default(), &status);
        assert_eq!(reports.last(), Some(&Report::ToolExited { code: None, signal: Some(9) }));
        assert_eq!(reports.len(), 3);
    }

    #[test]
    fn exit_codes_follow_the_shells() {
        assert_eq!(End { code: Some(3), signal: None }.exit_code(), 3);
        assert_eq!(End { code: None, signal: Some(9) }.exit_code(), 137);
    }
}
