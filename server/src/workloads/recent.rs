//! What a workload used of the CPU in the last minutes: for a line that does not begin when somebody looks.

use std::collections::VecDeque;

/// Each value is an average over this long.
const EACH_MS: i64 = 30_000;
const MOST: usize = 20;

/// Averages of the last half minutes, and where the current one began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recent {
    averages: VecDeque<i64>,
    began_at: i64,
    /// CPU time used until then.
    used_ns: u64,
}

impl Recent {
    pub fn beginning(at: i64, used_ns: u64) -> Recent {
        Recent { averages: VecDeque::new(), began_at: at, used_ns }
    }

    /// With a later measurement of the CPU time used in all.
    pub fn after(mut self, at: i64, used_ns: u64) -> Recent {
        let ms = at - self.began_at;
        if ms < EACH_MS {
            return self;
        }
        let used = used_ns.saturating_sub(self.used_ns);
        // ns per ms are millionths of a CPU.
        self.averages.push_back(i64::try_from(used / 1000).unwrap_or(i64::MAX) / ms);
        if self.averages.len() > MOST {
            self.averages.pop_front();
        }
        Recent { averages: self.averages, began_at: at, used_ns }
    }

    /// Thousandths of a CPU, the oldest first.
    pub fn averages(&self) -> Vec<i64> {
        self.averages.iter().copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_minutes_are_averaged_and_the_oldest_forgotten() {
        let mut recent = Recent::beginning(0, 0);
        // Half a CPU in the first ten seconds, nothing after.
        for (at, used_ns) in [(10_000, 5_000_000_000), (20_000, 5_000_000_000), (30_000, 5_000_000_000)] {
            recent = recent.after(at, used_ns);
        }
        assert_eq!(recent.averages(), [166]);
        for minute in 1..100 {
            recent = recent.after(30_000 + minute * 30_000, 5_000_000_000);
        }
        assert_eq!(recent.averages(), [0; MOST]);
    }
}
