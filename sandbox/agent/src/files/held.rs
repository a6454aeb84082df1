//! Which files some process has open, or has mapped into its memory.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

/// Of those below this folder. Everything in the container runs as one user, so nothing is hidden from us; a process
/// that ends meanwhile holds nothing.
pub(crate) fn held(below: &Path) -> HashSet<PathBuf> {
    let mut held = HashSet::new();
    let own = std::process::id().to_string();
    for process in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let name = process.file_name();
        let is_process = name.to_str().is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_digit()));
        if !is_process || name.to_str() == Some(own.as_str()) {
            continue;
        }
        let open = fs::read_dir(process.path().join("fd")).into_iter().flatten().flatten();
        let files = open.filter_map(|file| fs::read_link(file.path()).ok());
        held.extend(files.filter(|file| file.starts_with(below)));
        let maps = fs::read(process.path().join("maps")).unwrap_or_default();
        let maps = String::from_utf8_lossy(&maps);
        // Address, rights, offset, device, inode, path.
        let mapped = maps.lines().filter_map(|line| line.find('/').and_then(|at| line.get(at..)));
        held.extend(mapped.map(PathBuf::from).filter(|file| file.starts_with(below)));
    }
    held
}

#[cfg(test)]
mod tests {
    use super::held;
    use std::{fs, process::Command};

    #[test]
    fn what_another_process_has_open_is_held() {
        let root = std::env::temp_dir().join(format!("atelier-held-{}", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        let (open, closed) = (root.join("open é"), root.join("closed"));
        fs::write(&open, "1").unwrap();
        fs::write(&closed, "1").unwrap();
        let mut child =
            Command::new("sleep").arg("60").stdin(fs::File::open(&open).unwrap()).spawn().unwrap();
        let found = held(&root);
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(found.contains(&open) && !found.contains(&closed), "{found:?}");
        assert!(held(&root).is_empty());
        fs::remove_dir_all(root).unwrap();
    }
}
