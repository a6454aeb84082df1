//! What building and running need of the machine: looked for, and installed where that is allowed.

use crate::host;
use crate::progress::Step;
use anyhow::{Result, bail};
use std::path::Path;
use std::process::Command;

/// A Debian or Ubuntu package, and the sign that it or its like is there already.
struct Need {
    package: &'static str,
    sign: Sign,
}

enum Sign {
    Program(&'static str),
    File(&'static str),
    Module(&'static str),
}

const fn program(package: &'static str, name: &'static str) -> Need {
    Need { package, sign: Sign::Program(name) }
}

/// For building and running Atelier.
const BASE: [Need; 8] = [
    program("build-essential", "cc"),
    program("musl-tools", "musl-gcc"),
    program("docker.io", "docker"),
    program("docker.io", "dockerd"),
    program("iptables", "iptables"),
    program("debootstrap", "debootstrap"),
    Need {
        package: "debian-archive-keyring",
        sign: Sign::File("/usr/share/keyrings/debian-archive-keyring.gpg"),
    },
    Need { package: "python3-venv", sign: Sign::Module("ensurepip") },
];

/// For the tests, beyond that.
const TESTS: [Need; 4] = [
    program("chromium", "chromium"),
    Need { package: "postgresql", sign: Sign::File("/usr/lib/postgresql") },
    program("busybox-static", "busybox"),
    program("curl", "curl"),
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

fn packages(needs: &[Need]) -> Result<()> {
    let absent = needs.iter().filter(|need| !need.is_met()).map(|need| need.package);
    let mut absent: Vec<&str> = absent.collect();
    absent.dedup();
    if absent.is_empty() {
        return Ok(());
    }
    if host::find("apt-get").is_none() {
        bail!("not found here, under any name: {}. Install them, then run this again", absent.join(", "));
    }
    if !host::may_be_root() {
        let names = absent.join(" ");
        bail!("packages are missing. Run: sudo apt-get update && sudo apt-get install --yes {names}");
    }
    let mut step = Step::start(format!("Packages: {}", absent.join(" ")));
    step.run(host::as_root("apt-get").arg("update"))?;
    let mut install = host::as_root("env");
    install.args(["DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "--yes"]);
    step.run(install.arg("--no-install-recommends").args(&absent))?;
    step.done();
    Ok(())
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
