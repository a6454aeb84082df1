//! JavaScript glue for the program.

use crate::progress::Step;
use anyhow::{Context, Result};
use std::path::Path;
use wasm_bindgen_cli_support::Bindgen;

/// Writes `<name>.js`, `<name>_bg.wasm` and the snippets that the program's crates bring.
pub(crate) fn generate(step: &mut Step, name: &str, wasm: &Path, output: &Path, release: bool) -> Result<()> {
    step.tell("wasm-bindgen");
    Bindgen::new()
        .input_path(wasm)
        .out_name(name)
        .web(true)?
        .typescript(false)
        // The program's other parts import them.
        .keep_lld_exports(true)
        .remove_name_section(release)
        .remove_producers_section(true)
        .omit_default_module_path(true)
        .generate(output)
        .with_context(|| format!("wasm-bindgen cannot read the compiled {name}"))
}
