//! A build's output as whole lines: it comes cut anywhere.

/// A line that goes on beyond this is cut.
const LONGEST: usize = 16 * 1024;

/// Output of which the last line has not ended yet.
#[derive(Default)]
pub(crate) struct Lines {
    unfinished: String,
}

impl Lines {
    /// Tells each line that ends within `text`, unless it is empty. A line that was written over, as
    /// progress is, counts as ended.
    pub(crate) fn add(&mut self, text: &str, tell: &mut impl FnMut(&str)) {
        self.unfinished.push_str(text);
        if self.unfinished.len() > LONGEST {
            self.unfinished.push('\n');
        }
        let Some(end) = self.unfinished.rfind(['\n', '\r']) else { return };
        let rest = self.unfinished.split_off(end + 1);
        let ended = std::mem::replace(&mut self.unfinished, rest);
        ended.split(['\n', '\r']).filter(|line| !line.trim().is_empty()).for_each(tell);
    }
}

#[cfg(test)]
mod tests {
    use super::{LONGEST, Lines};

    #[test]
    fn a_line_without_end_is_not_kept_for_ever() {
        let (mut lines, mut told) = (Lines::default(), 0);
        for _ in 0..5 {
            lines.add(&"x".repeat(LONGEST), &mut |line| told += line.len());
        }
        assert_eq!((told, lines.unfinished.len()), (4 * LONGEST, LONGEST));
    }

    #[test]
    fn lines_are_whole() {
        let (mut lines, mut told) = (Lines::default(), Vec::new());
        for text in ["Step 1/2 : RUN x\n", "\n", "hel", "lo\r\n10%\r", "20%\roops\n", "\n"] {
            lines.add(text, &mut |line| told.push(line.to_owned()));
        }
        assert_eq!(told, ["Step 1/2 : RUN x", "hello", "10%", "20%", "oops"]);
    }
}
