//! The image that environments build upon: a minimal Debian, made here, since there may be no image
//! registry to pull one from.

use crate::host;
use crate::progress::Step;
use crate::tree::Tree;
use anyhow::Result;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Its name, as the environments' Dockerfiles have it.
pub(crate) const NAME: &str = "atelier/base:trixie";
const SUITE: &str = "trixie";
/// Holds the address of a Debian mirror, where debootstrap's own default is not reached.
const MIRROR: &str = "ATELIER_DEBIAN_MIRROR";

/// Makes the image unless the daemon has it.
pub(crate) fn make(tree: &Tree) -> Result<()> {
    if host::succeeds(Command::new("docker").args(["image", "inspect", NAME])) {
        return Ok(());
    }
    let mut step = Step::start(format!("Base image {NAME}"));
    let folder = tree.scratch("base-image");
    let root = folder.join("root");
    let archive = folder.join("root.tar");
    fs::create_dir_all(&folder)?;
    clear(&mut step, &folder)?;

    let program = host::find("debootstrap").unwrap_or("debootstrap".into());
    let mut debootstrap = host::as_root(program);
    debootstrap.args(["--variant=minbase", "--include=ca-certificates", SUITE]).arg(&root);
    if let Ok(mirror) = std::env::var(MIRROR) {
        debootstrap.arg(mirror);
    }
    step.run(&mut debootstrap)?;
    add_security(&root)?;
    step.tell("importing into Docker");
    let mut tar = host::as_root("tar");
    tar.arg("--directory").arg(&root).args(["--numeric-owner", "--create", "--file"]).arg(&archive);
    // What apt keeps for later is of no use in a layer.
    tar.args(["--exclude=./var/cache/apt/archives/*.deb", "--exclude=./var/lib/apt/lists/*"]);
    tar.args(["--exclude=./var/log/*.log", "--exclude=./var/cache/debconf/*-old", "."]);
    step.run(&mut tar)?;
    let mut import = Command::new("docker");
    import.args(["import", "--change", "ENV LANG=C.UTF-8", "--change", "CMD [\"bash\"]"]);
    step.run(import.arg(&archive).arg(NAME))?;
    clear(&mut step, &folder)?;
    step.done();
    Ok(())
}

/// Debian's security suite, beside its mirror as on Debian's own, so that builds install what is mended.
fn add_security(root: &Path) -> Result<()> {
    let sources = root.join("etc/apt/sources.list");
    let listed = fs::read_to_string(&sources)?;
    let mirror = listed.split_whitespace().find(|word| word.contains("://")).unwrap_or_default();
    let security = format!("{}-security", mirror.trim_end_matches('/'));
    let mut ask = Command::new("wget");
    // debootstrap brings it along.
    ask.args(["--quiet", "--tries=2", "--timeout=20", "--spider"]);
    ask.arg(format!("{security}/dists/{SUITE}-security/InRelease"));
    // A mirror may not carry it.
    if host::succeeds(&mut ask) {
        let line = format!("deb {security} {SUITE}-security main\n");
        let mut tee = host::as_root("tee");
        tee.arg("--append").arg(&sources);
        host::feed(&mut tee, &line)?;
    }
    Ok(())
}

fn clear(step: &mut Step, folder: &Path) -> Result<()> {
    let paths = [folder.join("root"), folder.join("root.tar")];
    step.run(host::as_root("rm").args(["--recursive", "--force", "--one-file-system"]).args(paths))?;
    Ok(())
}
