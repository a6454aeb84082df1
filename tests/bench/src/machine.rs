//! What the figures were measured on, and with which versions.

use std::fs;
use std::process::Command;

/// A sentence.
pub fn about() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let memory = number(&read("/proc/meminfo"), "MemTotal:") / (1 << 20);
    let processor =
        field(&read("/proc/cpuinfo"), "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let kernel = read("/proc/sys/kernel/osrelease").trim().to_owned();
    let load = read("/proc/loadavg").split(' ').next().unwrap_or_default().to_owned();
    format!(
        "Measured on {}: {cores} cores ({processor}), {memory} GiB, Linux {kernel}; the load, the proxies and the \
         backend share the cores. Load average at the end: {load}. Median (least–most). Atelier {}, {}.",
        first_line(Command::new("date").args(["--utc", "+%Y-%m-%d"])),
        env!("CARGO_PKG_VERSION"),
        versions().join(", ")
    )
}

fn versions() -> Vec<String> {
    [
        ("configurable-http-proxy ", Command::new("configurable-http-proxy").arg("--version")),
        ("on node ", Command::new("node").arg("--version")),
        ("", Command::new("nginx").arg("-v")),
        ("DVC ", Command::new("dvc").arg("--version")),
        ("", Command::new("restic").arg("version")),
        ("JupyterHub ", Command::new("jupyterhub").arg("--version")),
        ("Docker ", Command::new("docker").args(["version", "--format", "{{.Server.Version}}"])),
    ]
    .into_iter()
    .map(|(name, command)| format!("{name}{}", first_line(command)))
    .collect()
}

fn first_line(command: &mut Command) -> String {
    let Ok(output) = command.output() else { return "unknown".to_owned() };
    // nginx says its version where others complain.
    let said = if output.stdout.is_empty() { output.stderr } else { output.stdout };
    let said = String::from_utf8_lossy(&said).into_owned();
    said.lines().next().unwrap_or_default().trim_start_matches("nginx version: ").to_owned()
}

fn read(file: &str) -> String {
    fs::read_to_string(file).unwrap_or_default()
}

fn field(text: &str, name: &str) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn number(text: &str, name: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or_default()
}
