//! JavaScript glue for the compiled program, and its optimization for release.

use crate::progress::Step;
use crate::tools::Node;
use crate::tree::Tree;
use anyhow::{Context, Result};
use std::path::Path;
use wasm_bindgen_cli_support::Bindgen;

/// What rustc's wasm uses and every browser knows. Without bounds, wasm-opt writes what none knows yet.
const FEATURES: [&str; 6] = [
    "bulk-memory",
    "multivalue",
    "mutable-globals",
    "nontrapping-float-to-int",
    "reference-types",
    "sign-ext",
];
/// Compiles the module that it is given, by the engine that node has.
const COMPILE: &str = "new WebAssembly.Module(require('fs').readFileSync(process.argv[1]))";

/// Writes `atelier.js`, `atelier_bg.wasm` and the snippets that the program's crates bring.
pub(crate) fn generate(
    tree: &Tree,
    node: &Node,
    step: &mut Step,
    wasm: &Path,
    output: &Path,
    release: bool,
) -> Result<()> {
    step.tell("wasm-bindgen");
    Bindgen::new()
        .input_path(wasm)
        .out_name("atelier")
        .web(true)?
        .typescript(false)
        .remove_name_section(release)
        .remove_producers_section(true)
        .omit_default_module_path(true)
        .generate(output)
        .context("wasm-bindgen cannot read the compiled page")?;
    if release {
        step.tell("wasm-opt");
        let module = output.join("atelier_bg.wasm");
        let mut optimize = node.command(tree.frontend().join("node_modules/.bin/wasm-opt"))?;
        optimize.arg("-Oz").args(FEATURES.map(|feature| format!("--enable-{feature}")));
        step.run(optimize.arg(&module).arg("-o").arg(&module))?;
        // A module that browsers refuse is noticed here, not by the first person who opens the page.
        step.run(node.command("node")?.args(["-e", COMPILE]).arg(&module))?;
    }
    Ok(())
}
