//! HTTP load, by wrk.

use crate::target::Target;
use anyhow::{Context, ensure};
use std::path::Path;
use std::time::Duration;
use tokio::process::Command;

/// What a run came to.
pub struct Load {
    pub per_second: f64,
    /// Of the time that 99 of 100 answers took no longer than, milliseconds.
    pub p99_ms: f64,
}

/// Loads a path of `target` over so many connections at once, from one thread. A script may make the requests.
///
/// # Errors
/// If an answer is none of success, or does not come.
pub async fn run(
    target: &Target,
    path: &str,
    connections: usize,
    time: Duration,
    script: Option<&Path>,
) -> anyhow::Result<Load> {
    let mut command = Command::new("wrk");
    command.args(["--threads", "1", "--latency", "--connections", &connections.to_string()]);
    command.arg("--duration").arg(format!("{}s", time.as_secs()));
    if let Some(script) = script {
        command.arg("--script").arg(script);
    }
    for header in target.headers() {
        command.arg("--header").arg(header);
    }
    command.arg(format!("http://127.0.0.1:{}{path}", target.port));
    let output = command.output().await.context("wrk cannot be started; run `cargo xtask bench`")?;
    let report = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(output.status.success(), "wrk failed: {report}{}", String::from_utf8_lossy(&output.stderr));
    parse(&report).with_context(|| format!("{}: {report}", target.name))
}

fn parse(report: &str) -> anyhow::Result<Load> {
    for fault in ["Non-2xx", "Socket errors"] {
        ensure!(!report.contains(fault), "not all requests succeeded");
    }
    let value = |name: &str| {
        let line = report.lines().find_map(|line| line.trim().strip_prefix(name));
        line.map(|rest| rest.trim().to_owned()).with_context(|| format!("no {name:?} in wrk's report"))
    };
    Ok(Load { per_second: value("Requests/sec:")?.parse()?, p99_ms: milliseconds(&value("99%")?)? })
}

/// As wrk writes times: `812.00us`, `1.20ms`, `3.01s`.
fn milliseconds(text: &str) -> anyhow::Result<f64> {
    let digits = text.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: f64 = number.parse()?;
    match unit {
        "us" => Ok(number / 1e3),
        "ms" => Ok(number),
        "s" => Ok(number * 1e3),
        "m" => Ok(number * 6e4),
        _ => anyhow::bail!("no time: {text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    const REPORT: &str = "Running 1s test @ http://127.0.0.1:1/
  1 threads and 10 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     1.00ms    2.00ms  30.00ms   90.00%
  Latency Distribution
     50%  812.00us
     99%    1.20ms
  21874 requests in 2.01s, 3.21MB read
Requests/sec:  10882.39
Transfer/sec:      1.60MB
";

    #[test]
    fn reads_what_wrk_reports() {
        let load = parse(REPORT).unwrap();
        assert_eq!((load.per_second, load.p99_ms), (10882.39, 1.2));
        let bad = format!("{REPORT}  Non-2xx or 3xx responses: 3\n");
        assert!(parse(&bad).is_err());
    }
}
