//! The page: Rust to wasm, styles and scripts to files with hashed names, compressed beside.

mod bindgen;
mod budget;
mod bundle;
mod compress;
mod npm;
mod optimize;
mod split;
mod viewer;

pub(crate) use npm::install;

use crate::cargo::{cargo, linting};
use crate::host;
use crate::progress::Step;
use crate::stamp::Stamp;
use crate::tools::Node;
use crate::tree::Tree;
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

const TRIPLE: &str = "wasm32-unknown-unknown";

/// The page itself, and the program that uploads.
const PACKAGES: [&str; 2] = ["atelier-frontend", "atelier-uploader"];

/// How the page is built.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Build {
    /// For tests and for work on it: quick to build again.
    Dev,
    /// For `cargo xtask up`: quick to build once, from the same parts as the server.
    Up,
    /// To be installed elsewhere: small.
    Release,
}

impl Build {
    fn profile(self) -> &'static str {
        match self {
            Self::Dev => "web-dev",
            Self::Up => "up",
            Self::Release => "web-release",
        }
    }
}

/// The page's programs as compiled, and what they are made into.
pub(crate) struct Compiled {
    build: Build,
    programs: [PathBuf; 2],
    node: Node,
    step: Step,
}

/// Builds the page and puts it where the server embeds it from, unless nothing changed.
pub(crate) fn build(tree: &Tree, build: Build) -> Result<()> {
    compile(tree, build)?.finish(tree)
}

/// Installs what the page is made with, and compiles its programs.
pub(crate) fn compile(tree: &Tree, build: Build) -> Result<Compiled> {
    let node = Node::ensure(tree)?;
    npm::install(&tree.frontend(), &node)?;
    let mut step = Step::start("Page");
    step.run(&mut compiler(tree, build))?;
    let output = tree.target.join(TRIPLE).join(build.profile());
    let programs = PACKAGES.map(|package| output.join(format!("{package}.wasm")));
    Ok(Compiled { build, programs, node, step })
}

impl Compiled {
    /// Makes the page of it, unless nothing changed, and puts it where the server embeds it from.
    pub(crate) fn finish(self, tree: &Tree) -> Result<()> {
        let Compiled { build, programs, node, mut step } = self;
        let web = tree.embed("web");
        let stamp = Stamp::of(tree.scratch("page.stamp"), &build, &inputs(tree, &programs))?;
        if stamp.is_fresh() && web.join("index.html").exists() {
            step.end("unchanged");
            return Ok(());
        }

        let release = build == Build::Release;
        let work = tree.scratch("page");
        if work.exists() {
            fs::remove_dir_all(&work)?;
        }
        let [program, uploader] = [bundle::PROGRAM, bundle::UPLOADER].map(|name| work.join(name));
        step.tell("taking it apart");
        let parts = split::split(&programs[0], &program)?;
        bindgen::generate(&mut step, bundle::PROGRAM, &parts.main, &program, release)?;
        bindgen::generate(&mut step, bundle::UPLOADER, &programs[1], &uploader, release)?;
        if release {
            let mut modules = parts.later;
            modules.push(program.join("atelier_bg.wasm"));
            modules.push(uploader.join("uploader_bg.wasm"));
            optimize::optimize(tree, &node, &mut step, &modules)?;
        }
        let site = bundle::bundle(tree, &node, &mut step, &work, release)?;
        compress::compress(&mut step, &site, release)?;

        if web.exists() {
            fs::remove_dir_all(&web)?;
        }
        fs::create_dir_all(web.parent().context("the embed folder has no parent")?)?;
        host::copy_folder(&site, &web)?;
        if release {
            let first_visit = budget::keep(&web)?;
            stamp.write()?;
            step.end(&format!("{}, {} kB at the first visit", tree.shown(&web), first_visit / 1000));
        } else {
            stamp.write()?;
            step.end(&tree.shown(&web).to_string());
        }
        Ok(())
    }
}

/// Everything that the page is made from, the programs themselves as compiled.
fn inputs(tree: &Tree, programs: &[PathBuf]) -> Vec<PathBuf> {
    let frontend = tree.frontend();
    let mut inputs = programs.to_vec();
    let sources = ["src", "style", "js", "public", "index.html", "package-lock.json"];
    inputs.extend(sources.map(|name| frontend.join(name)));
    inputs.push(tree.root.join("infra/xtask/src/web"));
    inputs
}

/// Compiles the [`PACKAGES`]; for development with lints.
pub(crate) fn compiler(tree: &Tree, build: Build) -> Command {
    let mut command = if build == Build::Dev { linting(tree) } else { cargo(tree) };
    command.args(["build", "--target", TRIPLE, "--profile", build.profile()]);
    command.args(PACKAGES.map(|package| format!("--package={package}")));
    command
}
