//! Styles by Tailwind, scripts and fonts by esbuild, and the page that names them all.

use crate::host;
use crate::progress::Step;
use crate::tools::Node;
use crate::tree::Tree;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};

/// Starts the program; esbuild turns the wasm's import into its hashed address.
const ENTRY: &str = r#"import start from "./program/atelier.js";
import program from "./program/atelier_bg.wasm";
await start({ module_or_path: program });
"#;

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
    fs::write(work.join("atelier.js"), ENTRY)?;
    let fonts = frontend.join("style/fonts.css");
    let styles = format!("@import {fonts:?};\n@import \"./tailwind.css\";\n");
    fs::write(work.join("atelier.css"), styles)?;
    let mut esbuild = node.command(bin.join("esbuild"))?;
    esbuild
        .args(["atelier.js", "atelier.css", "--bundle", "--format=esm"])
        .args(["--splitting", "--target=es2022", "--public-path=/assets"])
        .args(["--loader:.wasm=file", "--loader:.woff2=file"])
        .args(["--entry-names=[name]-[hash]", "--asset-names=[name]-[hash]"])
        .args(["--chunk-names=[name]-[hash]", "--metafile=meta.json"])
        .arg(format!("--outdir={}", site.join("assets").display()))
        // Snippets are copied out of the tree: their imports are found here all the same.
        .env("NODE_PATH", frontend.join("node_modules"))
        .current_dir(work);
    if release {
        esbuild.arg("--minify");
    }
    step.run(&mut esbuild)?;
    page(&frontend, work, &site)?;
    Ok(site)
}

/// Fills the hashed names into `index.html`.
fn page(frontend: &Path, work: &Path, site: &Path) -> Result<()> {
    let public = frontend.join("public");
    if public.exists() {
        host::copy_folder(&public, site)?;
    }
    let meta: serde_json::Value = serde_json::from_slice(&fs::read(work.join("meta.json"))?)?;
    let outputs = meta["outputs"].as_object().context("esbuild lists no outputs")?;
    let mut html =
        fs::read_to_string(frontend.join("index.html")).context("cannot read frontend/index.html")?;
    for (place, prefix, suffix) in [
        ("{{script}}", "atelier-", ".js"),
        ("{{style}}", "atelier-", ".css"),
        ("{{wasm}}", "atelier_bg-", ".wasm"),
        ("{{font}}", "inter-", ".woff2"),
    ] {
        let names = outputs.keys().filter_map(|path| path.rsplit('/').next());
        let name = names
            .filter(|name| name.starts_with(prefix) && name.ends_with(suffix))
            .min()
            .with_context(|| format!("esbuild made no {prefix}*{suffix}"))?;
        html = html.replace(place, &format!("/assets/{name}"));
    }
    if let Some(at) = html.find("{{") {
        let rest: String = html.chars().skip(at).take(20).collect();
        bail!("frontend/index.html has an unknown place: {rest}");
    }
    fs::write(site.join("index.html"), html)?;
    Ok(())
}
