//! The machine: the data folder, room on the disk, open files, the clock.

use super::finding::Finding;
use crate::config::Config;
use rustix::fs::{Access, access, statvfs};
use rustix::process::{Resource, getrlimit};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

const GIB: u64 = 1 << 30;
/// Less free room than this is soon none.
const ROOM: u64 = 10 * GIB;
/// Less than this stops builds and sessions.
const NO_ROOM: u64 = GIB;
/// Each session holds a dozen connections.
const FILES: u64 = 16_384;

pub(super) fn examine(config: &Config) -> Vec<Finding> {
    let mut findings = vec![folder(&config.data_dir)];
    findings.push(room("disk", "the data folder's disk", &config.data_dir));
    findings.push(files());
    findings.push(clock());
    findings
}

fn folder(path: &Path) -> Finding {
    let (check, shown) = ("data_dir", path.display());
    let Ok(about) = std::fs::metadata(path) else {
        return match access(existing(path), Access::WRITE_OK) {
            Ok(()) => Finding::good(check, format!("{shown} will be made at the first start")),
            Err(_) => {
                let mend = format!("install -d -m 700 -o \"$USER\" {shown}");
                Finding::bad(check, format!("{shown} is not there and cannot be made"), mend)
            }
        };
    };
    if !about.is_dir() || access(path, Access::WRITE_OK | Access::EXEC_OK).is_err() {
        let mend = format!("chown -R \"$USER\" {shown}");
        return Finding::bad(check, format!("{shown} is no folder that the server may write"), mend);
    }
    if about.permissions().mode() & 0o007 != 0 {
        let detail = format!("{shown} can be read by every user of this machine; the database is in it");
        return Finding::warning(check, detail, format!("chmod 700 {shown}"));
    }
    Finding::good(check, format!("{shown} is the server's own"))
}

/// The nearest folder that is there.
fn existing(path: &Path) -> &Path {
    path.ancestors().find(|folder| folder.exists()).unwrap_or(Path::new("/"))
}

pub(super) fn room(check: &'static str, what: &str, path: &Path) -> Finding {
    let about = match statvfs(existing(path)) {
        Ok(about) => about,
        Err(error) => {
            let detail = format!("{what}: {error}");
            return Finding::warning(check, detail, format!("df {}", path.display()));
        }
    };
    let free = about.f_bavail.saturating_mul(about.f_frsize);
    let detail = format!("{what} has {:.1} GiB free", free as f64 / GIB as f64);
    let mend = "docker image prune; docker volume ls; or a larger disk";
    match free {
        0..NO_ROOM => Finding::bad(check, detail, mend),
        NO_ROOM..ROOM => Finding::warning(check, detail, mend),
        _ => Finding::good(check, detail),
    }
}

fn files() -> Finding {
    let most = getrlimit(Resource::Nofile).maximum.unwrap_or(u64::MAX);
    let detail = format!("the server may have {most} files and connections open");
    if most < FILES {
        let mend = "LimitNOFILE=65536 in the systemd unit, or `ulimit -Hn 65536` before the start";
        return Finding::warning("files", detail, mend);
    }
    Finding::good("files", detail)
}

fn clock() -> Finding {
    let asked = Command::new("timedatectl").args(["show", "-p", "NTPSynchronized", "--value"]).output();
    match asked.ok().map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).as_deref() {
        Some("yes") => Finding::good("clock", "it is set over the network"),
        Some("no") => {
            let detail = "nothing sets the clock; bills and sign-ins name its times";
            Finding::warning("clock", detail, "timedatectl set-ntp true")
        }
        _ => Finding::good("clock", "this machine does not say who sets its clock"),
    }
}
