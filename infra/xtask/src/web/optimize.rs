//! A release's programs made small.

use crate::progress::Step;
use crate::tools::Node;
use crate::tree::Tree;
use anyhow::Result;
use std::path::PathBuf;

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

/// Rewrites the modules where they are.
///
/// # Errors
/// If browsers would refuse one: that is noticed here, not by the first person who opens the page.
pub(crate) fn optimize(tree: &Tree, node: &Node, step: &mut Step, modules: &[PathBuf]) -> Result<()> {
    step.tell("wasm-opt");
    for module in modules {
        let mut optimize = node.command(tree.frontend().join("node_modules/.bin/wasm-opt"))?;
        optimize.arg("-Oz").args(FEATURES.map(|feature| format!("--enable-{feature}")));
        step.run(optimize.arg(module).arg("-o").arg(module))?;
        step.run(node.command("node")?.args(["-e", COMPILE]).arg(module))?;
    }
    Ok(())
}
