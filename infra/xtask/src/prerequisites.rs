//! What building and running need of the machine: looked for, and installed where that is allowed.

use crate::host;
use crate::progress::Step;
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;

/// A Debian or Ubuntu package, and the sign that it or its like is there already.
struct Need {
    package: &'static str,
    /// What holds it in other releases, where there is no package of the first name.
    instead: &'static str,
    sign: Sign,
}

enum Sign {
    Program(&'static str),
    File(&'static str),
    Module(&'static str),
}

const fn program(package: &'static str, name: &'static str) -> Need {
    Need { package, instead: package, sign: Sign::Program(name) }
}

const fn file(package: &'static str, path: &'static str) -> Need {
    Need { package, instead: package, sign: Sign::File(path) }
}

/// For building and running Atelier.
const BASE: [Need; 9] = [
    program("build-essential", "cc"),
    program("git", "git"),
    program("musl-tools", "musl-gcc"),
    program("docker.io", "dockerd"),
    // Debian 13 has the client apart.
    Need { package: "docker-cli", instead: "docker.io", sign: Sign::Program("docker") },
    program("iptables", "iptables"),
    program("debootstrap", "debootstrap"),
    file("debian-archive-keyring", "/usr/share/keyrings/debian-archive-keyring.gpg"),
    Need { package: "python3-venv", instead: "python3-venv", sign: Sign::Module("ensurepip") },
];

/// For the tests, beyond that.
const TESTS: [Need; 10] = [
    program("chromium", "chromium"),
    file("postgresql", "/usr/lib/postgresql"),
    program("busybox-static", "busybox"),
    program("curl", "curl"),
    program("docker-compose", "docker-compose"),
    program("systemd", "systemd-analyze"),
    program("strace", "strace"),
    program("faketime", "faketime"),
    program("iproute2", "ip"),
    program("util-linux", "nsenter"),
];

/// For the figures: load, a proxy to compare ours with, and a browser.
const BENCH: [Need; 4] = [
    program("wrk", "wrk"),
    Need { package: "nginx-light", instead: "nginx", sign: Sign::Program("nginx") },
    program("chromium", "chromium"),
    program("restic", "restic"),
];

const TARGETS: [&str; 2] = ["wasm32-unknown-unknown", "x86_64-unknown-linux-musl"];

impl Need {
    fn is_met(&self) -> bool {
        match self.sign {
            Sign::Program(name) => host::find(name).is_some(),
            Sign::File(path) => Path::new(path).exists(),
            Sign::Module(name) => {
                host::succeeds(Command::new("python3").args(["-c", &format!("import {name}")]))
            }
        }
    }
}

/// Everything that building and running need.
///
/// # Errors
/// When something is absent and may not be installed: says what to run.
pub(crate) fn ensure() -> Result<()> {
    packages(&BASE)?;
    targets()
}

/// Everything that the tests need beyond that.
///
/// # Errors
/// As [`ensure`].
pub(crate) fn ensure_for_tests() -> Result<()> {
    packages(&TESTS)
}

/// Everything that the bench needs beyond that.
///
/// # Errors
/// As [`ensure`].
pub(crate) fn ensure_for_bench() -> Result<()> {
    packages(&BENCH)
}

fn packages(needs: &[Need]) -> Result<()> {
    let unmet: Vec<&Need> = needs.iter().filter(|need| !need.is_met()).collect();
    if unmet.is_empty() {
        return Ok(());
    }
    if host::find("apt-get").is_none() {
        let names: Vec<_> = unmet.iter().map(|need| need.package).collect();
        bail!("not found here, under any name: {}. Install them, then run this again", names.join(", "));
    }
    if !host::may_be_root() {
        let names = names(&unmet).join(" ");
        bail!("packages are missing. Run: sudo apt-get update && sudo apt-get install --yes {names}");
    }
    let mut step = Step::start("Packages of the system");
    step.run(host::as_root("apt-get").arg("update"))?;
    let names = names(&unmet);
    let mut install = host::as_root("env");
    install.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "--yes"]);
    step.run(install.arg("--no-install-recommends").args(&names))?;
    step.end(&names.join(" "));
    Ok(())
}

/// The packages' names in this release.
fn names(needs: &[&Need]) -> Vec<&'static str> {
    let known = |name: &str| host::succeeds(Command::new("apt-cache").args(["show", name]));
    let name = |need: &&Need| if known(need.package) { need.package } else { need.instead };
    let mut names: Vec<_> = needs.iter().map(name).collect();
    names.dedup();
    names
}

fn targets() -> Result<()> {
    let installed = host::output(Command::new("rustup").args(["target", "list", "--installed"]))?;
    let absent: Vec<_> =
        TARGETS.iter().filter(|target| !installed.lines().any(|line| line == **target)).collect();
    if absent.is_empty() {
        return Ok(());
    }
    let mut step = Step::start("Rust targets");
    step.run(Command::new("rustup").args(["target", "add"]).args(absent))?;
    step.done();
    Ok(())
}
