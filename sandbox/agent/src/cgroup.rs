//! The container's own accounts, by either version of cgroups. A runtime that does not keep one of them
//! gives zero.

use std::{fs, path::Path};

/// Memory in use, its limit, and how often the kernel killed for lack of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    /// Without file cache that the kernel can take back.
    pub(crate) used_bytes: u64,
    /// The most that was ever in use, cache included.
    pub(crate) peak_bytes: u64,
    /// `u64::MAX` if there is none.
    pub(crate) limit_bytes: u64,
    pub(crate) kills: u64,
}

/// Where the accounts are, as mounted in the container.
pub(crate) enum Cgroup<'a> {
    V1(&'a Path),
    V2(&'a Path),
}

impl<'a> Cgroup<'a> {
    pub(crate) fn at(root: &'a str) -> Self {
        let root = Path::new(root);
        if root.join("cgroup.controllers").exists() { Self::V2(root) } else { Self::V1(root) }
    }

    /// CPU time since the container started, nanoseconds.
    pub(crate) fn cpu_ns(&self) -> u64 {
        match self {
            Self::V1(root) => number(&root.join("cpuacct/cpuacct.usage")),
            Self::V2(root) => field(&root.join("cpu.stat"), "usage_usec") * 1000,
        }
    }

    pub(crate) fn memory(&self) -> Memory {
        match self {
            Self::V1(root) => {
                let file = |name: &str| root.join("memory").join(format!("memory.{name}"));
                let cache = field(&file("stat"), "total_inactive_file");
                Memory {
                    used_bytes: number(&file("usage_in_bytes")).saturating_sub(cache),
                    peak_bytes: number(&file("max_usage_in_bytes")),
                    limit_bytes: number(&file("limit_in_bytes")),
                    kills: field(&file("oom_control"), "oom_kill"),
                }
            }
            Self::V2(root) => {
                let file = |name: &str| root.join(format!("memory.{name}"));
                let current = number(&file("current"));
                let cache = field(&file("stat"), "inactive_file");
                Memory {
                    used_bytes: current.saturating_sub(cache),
                    // Kernels before 5.19 do not keep the peak.
                    peak_bytes: number(&file("peak")).max(current),
                    limit_bytes: number(&file("max")),
                    kills: field(&file("events"), "oom_kill"),
                }
            }
        }
    }
}

/// The number that is all of the file; `max` is cgroup v2's word for no limit.
fn number(path: &Path) -> u64 {
    match fs::read_to_string(path).unwrap_or_default().trim() {
        "max" => u64::MAX,
        text => text.parse().unwrap_or_default(),
    }
}

/// The number after `name` in a file of names and numbers.
fn field(path: &Path, name: &str) -> u64 {
    let text = fs::read_to_string(path).unwrap_or_default();
    let mut pairs = text.lines().filter_map(|line| line.split_once(' '));
    pairs.find(|(key, _)| *key == name).and_then(|(_, value)| value.trim().parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(name: &str, files: &[(&str, &str)]) -> String {
        let root = std::env::temp_dir().join(format!("atelier-cgroup-{name}-{}", std::process::id()));
        for (file, contents) in files {
            let path = root.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, contents).unwrap();
        }
        root.to_string_lossy().into_owned()
    }

    const EXPECTED: Memory = Memory { used_bytes: 700, peak_bytes: 2000, limit_bytes: 4096, kills: 2 };

    #[test]
    fn version_1() {
        let root = tree(
            "v1",
            &[
                ("cpuacct/cpuacct.usage", "5000\n"),
                ("memory/memory.usage_in_bytes", "1000\n"),
                ("memory/memory.max_usage_in_bytes", "2000\n"),
                ("memory/memory.limit_in_bytes", "4096\n"),
                ("memory/memory.stat", "inactive_file 1\ntotal_inactive_file 300\n"),
                ("memory/memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n"),
            ],
        );
        assert_eq!(Cgroup::at(&root).cpu_ns(), 5000);
        assert_eq!(Cgroup::at(&root).memory(), EXPECTED);
        fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn version_2() {
        let root = tree(
            "v2",
            &[
                ("cgroup.controllers", "cpu memory\n"),
                ("cpu.stat", "usage_usec 5\nuser_usec 3\n"),
                ("memory.current", "1000\n"),
                ("memory.peak", "2000\n"),
                ("memory.max", "4096\n"),
                ("memory.stat", "anon 600\ninactive_file 300\n"),
                ("memory.events", "oom 3\noom_kill 2\n"),
            ],
        );
        assert_eq!(Cgroup::at(&root).cpu_ns(), 5000);
        assert_eq!(Cgroup::at(&root).memory(), EXPECTED);
        fs::write(Path::new(&root).join("memory.max"), "max\n").unwrap();
        assert_eq!(Cgroup::at(&root).memory().limit_bytes, u64::MAX);
        fs::remove_dir_all(root).unwrap();
    }
}
