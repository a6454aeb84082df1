//! What a container printed.

use crate::{Docker, Result, docker::ask, timestamp::millis};
use bollard::{container::LogOutput, query_parameters::LogsOptionsBuilder};
use futures::{Stream, StreamExt, TryStreamExt};

/// A program decides how long its lines are; longer ones are cut here.
const LONGEST_LINE: usize = 4096;

/// One line of a container's output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// When Docker received it, milliseconds since the epoch.
    pub at_ms: Option<i64>,
    /// Whether it went to standard error.
    pub stderr: bool,
    pub text: String,
}

impl Docker {
    /// The last lines, oldest first. They stay readable until the container is removed.
    pub async fn logs_tail(&self, name: &str, lines: usize) -> Result<Vec<LogLine>> {
        let logs = self.api().await?.logs(name, Some(options(lines).build()));
        ask(logs.map_ok(LogLine::from_docker).try_collect()).await
    }

    /// The last lines and then each new one, until the container ends.
    pub async fn logs_follow(
        &self,
        name: &str,
        lines: usize,
    ) -> Result<impl Stream<Item = Result<LogLine>> + Send + use<>> {
        let logs = self.api().await?.logs(name, Some(options(lines).follow(true).build()));
        Ok(logs.map(|line| Ok(LogLine::from_docker(line?))))
    }
}

fn options(lines: usize) -> LogsOptionsBuilder {
    LogsOptionsBuilder::new().stdout(true).stderr(true).timestamps(true).tail(&lines.to_string())
}

impl LogLine {
    fn from_docker(output: LogOutput) -> Self {
        let stderr = matches!(output, LogOutput::StdErr { .. });
        let bytes = output.into_bytes();
        let line = String::from_utf8_lossy(&bytes);
        let (at_ms, text) = match line.split_once(' ') {
            Some((time, text)) if millis(time).is_some() => (millis(time), text),
            _ => (None, &*line),
        };
        let text = text.trim_end_matches(['\r', '\n']);
        let end = text.floor_char_boundary(LONGEST_LINE);
        Self { at_ms, stderr, text: text[..end].to_owned() }
    }
}
