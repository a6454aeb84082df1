//! What the system says of processes.

use anyhow::Context;
use std::collections::BTreeSet;
use std::fs;

/// A process and all that descend from it, as far as they are still there.
pub fn family(id: u32) -> BTreeSet<u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok);
    let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let parents: Vec<(u32, u32)> = ids.filter_map(|id| Some((id, parent(id)?))).collect();
    let mut family = BTreeSet::from([id]);
    loop {
        let known = family.len();
        let children = parents.iter().filter(|(_, parent)| family.contains(parent));
        let children: Vec<u32> = children.map(|(id, _)| *id).collect();
        family.extend(children);
        if family.len() == known {
            return family;
        }
    }
}

fn parent(id: u32) -> Option<u32> {
    status(id, "PPid:").ok()?.parse().ok()
}

/// Memory that a process has in use, megabytes of 10⁶ bytes.
///
/// # Errors
/// If it has ended.
pub fn resident_mb(id: u32) -> anyhow::Result<f64> {
    megabytes(id, "VmRSS:")
}

/// The most of it since [`forget_peak`], or since it began.
///
/// # Errors
/// If it has ended.
pub fn peak_mb(id: u32) -> anyhow::Result<f64> {
    megabytes(id, "VmHWM:")
}

/// # Errors
/// If it has ended.
pub fn forget_peak(id: u32) -> anyhow::Result<()> {
    // As proc(5) has it.
    Ok(fs::write(format!("/proc/{id}/clear_refs"), "5")?)
}

fn megabytes(id: u32, name: &str) -> anyhow::Result<f64> {
    let kib = status(id, name)?;
    let kib: f64 = kib.trim_end_matches(" kB").parse()?;
    Ok(kib * 1024.0 / 1e6)
}

fn status(id: u32, name: &str) -> anyhow::Result<String> {
    let text = fs::read_to_string(format!("/proc/{id}/status"))?;
    let value = text.lines().find_map(|line| line.strip_prefix(name));
    Ok(value.with_context(|| format!("process {id} has no {name}"))?.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::{family, resident_mb};
    use std::process::Command;

    #[test]
    fn a_child_is_of_the_family() {
        let mut child = Command::new("sleep").arg("60").spawn().unwrap();
        let family = family(std::process::id());
        assert!(family.contains(&child.id()) && family.contains(&std::process::id()));
        assert!(!family.contains(&1));
        assert!(resident_mb(std::process::id()).unwrap() > 0.1);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(resident_mb(child.id()).is_err());
    }
}
