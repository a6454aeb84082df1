//! Styles by Tailwind, scripts and fonts by esbuild, and the page that names them all.

use super::viewer;
use crate::host;
use crate::progress::Step;
use crate::tools::Node;
use crate::tree::Tree;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The page itself.
pub(super) const PROGRAM: &str = "atelier";
/// The program that uploads, in a worker: it has a script of its own, which nothing loads before it is needed.
pub(super) const UPLOADER: &str = "uploader";

/// Starts a program; esbuild turns the wasm's import into its hashed address.
fn entry(name: &str) -> String {
    format!(
        "import start from \"./{name}/{name}.js\";\n\
         import program from \"./{name}/{name}_bg.wasm\";\n\
         await start({{ module_or_path: program }});\n"
    )
}

/// Makes the whole site in `work/site`: `index.html`, files of `public/`, and `assets/`.
pub(crate) fn bundle(
    tree: &Tree,
    node: &Node,
    step: &mut Step,
    work: &Path,
    release: bool,
) -> Result<PathBuf> {
    let site = work.join("site");
    let frontend = tree.frontend();
    let bin = frontend.join("node_modules/.bin");
    step.tell("tailwindcss");
    let mut tailwind = node.command(bin.join("tailwindcss"))?;
    tailwind.arg("--input").arg("style/main.css");
    tailwind.arg("--output").arg(work.join("tailwind.css"));
    step.run(tailwind.current_dir(&frontend))?;

    step.tell("esbuild");
    fs::write(work.join("uploader.js"), entry(UPLOADER))?;
    let mut esbuild = bundler(tree, node, work, &site, release)?;
    step.run(esbuild.args(["uploader.js", "--metafile=uploader.json"]))?;
    let uploader = address(&outputs(&work.join("uploader.json"))?, "uploader-", ".js")?;

    let mut esbuild = node.command(bin.join("esbuild"))?;
    let script = work.join("viewer.js");
    esbuild.args(["js/viewer/main.js", "--bundle", "--format=iife", "--target=es2022", "--loader:.css=text"]);
    esbuild.args(["--minify", "--legal-comments=none"]).arg(format!("--outfile={}", script.display()));
    step.run(esbuild.current_dir(&frontend))?;
    viewer::write(tree, &script, &site)?;

    fs::write(work.join("atelier.js"), entry(PROGRAM))?;
    let fonts = frontend.join("style/fonts.css");
    let styles = format!("@import {fonts:?};\n@import \"./tailwind.css\";\n");
    fs::write(work.join("atelier.css"), styles)?;
    let mut esbuild = bundler(tree, node, work, &site, release)?;
    esbuild.args(["atelier.js", "atelier.css", "--splitting", "--metafile=meta.json"]);
    step.run(esbuild.arg(format!("--define:UPLOADER={uploader:?}")))?;
    page(&frontend, work, &site)?;
    Ok(site)
}

fn bundler(tree: &Tree, node: &Node, work: &Path, site: &Path, release: bool) -> Result<Command> {
    let frontend = tree.frontend();
    let mut esbuild = node.command(frontend.join("node_modules/.bin/esbuild"))?;
    esbuild
        .args(["--bundle", "--format=esm", "--target=es2022", "--public-path=/assets"])
        .args(["--loader:.wasm=file", "--loader:.woff2=file"])
        .args(["--entry-names=[name]-[hash]", "--asset-names=[name]-[hash]"])
        .arg("--chunk-names=[name]-[hash]")
        .arg(format!("--outdir={}", site.join("assets").display()))
        // Snippets are copied out of the tree: their imports are found here all the same.
        .env("NODE_PATH", frontend.join("node_modules"))
        .current_dir(work);
    if release {
        esbuild.arg("--minify");
    }
    Ok(esbuild)
}

/// Names of the files that a run of esbuild made.
fn outputs(meta: &Path) -> Result<Vec<String>> {
    let meta: serde_json::Value = serde_json::from_slice(&fs::read(meta)?)?;
    let outputs = meta["outputs"].as_object().context("esbuild lists no outputs")?;
    Ok(outputs.keys().filter_map(|path| path.rsplit('/').next()).map(str::to_owned).collect())
}

/// Where the browser finds the file with this beginning and end.
fn address(outputs: &[String], prefix: &str, suffix: &str) -> Result<String> {
    let name = outputs
        .iter()
        .filter(|name| name.starts_with(prefix) && name.ends_with(suffix))
        .min()
        .with_context(|| format!("esbuild made no {prefix}*{suffix}"))?;
    Ok(format!("/assets/{name}"))
}

/// Fills the hashed names into `index.html`.
fn page(frontend: &Path, work: &Path, site: &Path) -> Result<()> {
    let public = frontend.join("public");
    if public.exists() {
        host::copy_folder(&public, site)?;
    }
    let outputs = outputs(&work.join("meta.json"))?;
    let mut html =
        fs::read_to_string(frontend.join("index.html")).context("cannot read frontend/index.html")?;
    for (place, prefix, suffix) in [
        ("{{script}}", "atelier-", ".js"),
        ("{{style}}", "atelier-", ".css"),
        ("{{wasm}}", "atelier_bg-", ".wasm"),
        ("{{font}}", "inter-", ".woff2"),
    ] {
        html = html.replace(place, &address(&outputs, prefix, suffix)?);
    }
    if let Some(at) = html.find("{{") {
        let rest: String = html.chars().skip(at).take(20).collect();
        bail!("frontend/index.html has an unknown place: {rest}");
    }
    fs::write(site.join("index.html"), html)?;
    Ok(())
}
