//! How fast an upload is, and how long it will take.

/// Seconds that count: long enough to be calm, short enough to be true.
const WINDOW: i64 = 8_000;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pace {
    points: Vec<(i64, u64)>,
}

impl Pace {
    /// `bytes` were done at `at`, in milliseconds.
    pub(crate) fn note(&mut self, at: i64, bytes: u64) {
        // Less than before: some of it has to be done again.
        if self.points.last().is_some_and(|(_, before)| *before > bytes) {
            self.points.clear();
        }
        self.points.push((at, bytes));
        let old = self.points.iter().take_while(|(then, _)| at - then > WINDOW).count();
        // One older than the window stays, so that a slow upload has a pace as well.
        self.points.drain(..old.saturating_sub(1));
    }

    /// Bytes in a second; nothing as long as it cannot be told.
    pub(crate) fn speed(&self) -> Option<u64> {
        let ((from, before), (to, after)) = (self.points.first()?, self.points.last()?);
        let passed = u64::try_from(to - from).ok().filter(|passed| *passed >= 500)?;
        Some((after - before) * 1000 / passed)
    }

    /// Milliseconds for so many bytes.
    pub(crate) fn left(&self, bytes: u64) -> Option<i64> {
        let speed = self.speed().filter(|speed| *speed > 0)?;
        i64::try_from(bytes.saturating_mul(1000) / speed).ok()
    }
}
