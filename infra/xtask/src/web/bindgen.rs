//! JavaScript glue for the compiled program, and its optimization for release.

use crate::progress::Step;
use crate::tools::Node;
use crate::tree::Tree;
use anyhow::{Context, Result};
use std::path::Path;
use wasm_bindgen_cli_support::Bindgen;

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
        optimize.args(["-Oz", "--all-features", "-o"]);
        step.run(optimize.arg(&module).arg(&module))?;
    }
    Ok(())
}
