//! The last lines of a build.

use std::collections::VecDeque;

/// More are not kept.
const LINES: usize = 2000;

#[derive(Clone, Debug, Default)]
pub(super) struct Log(VecDeque<String>);

impl Log {
    pub(super) fn push(&mut self, line: String) {
        if self.0.len() == LINES {
            self.0.pop_front();
        }
        self.0.push_back(line);
    }

    pub(super) fn lines(&self) -> Vec<String> {
        self.0.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_lines_stay() {
        let mut log = Log::default();
        (0..LINES + 5).for_each(|n| log.push(n.to_string()));
        let lines = log.lines();
        assert_eq!((lines.len(), lines[0].as_str()), (LINES, "5"));
        assert_eq!(lines[LINES - 1], (LINES + 4).to_string());
    }
}
