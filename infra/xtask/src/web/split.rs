//! The program taken apart: what every page needs, and parts that come with the first page that needs them
//! (`frontend/src/pages/later.rs`).

use anyhow::{Context, Result, anyhow, bail};
use std::fs;
use std::path::{Path, PathBuf};
use wasm_split_cli_support::{Options, transform};

/// What joins the parts again in the browser.
const JOIN: &str = "./join.js";

/// The program's modules.
pub(crate) struct Parts {
    /// Still to be given its JavaScript glue.
    pub(crate) main: PathBuf,
    pub(crate) later: Vec<PathBuf>,
}

/// Writes the parts and what joins them into `folder`.
pub(crate) fn split(wasm: &Path, folder: &Path) -> Result<Parts> {
    let input = fs::read(wasm).context("the page was not compiled")?;
    let main = folder.join("main.wasm");
    let mut options = Options::new(&input);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.link_name = JOIN;
    options.main_module = "./atelier.js";
    let parts = transform(options).map_err(|error| anyhow!("the page cannot be taken apart: {error:#}"))?;
    let join = folder.join(JOIN);
    fs::write(&join, with_addresses(&fs::read_to_string(&join)?, &parts.split_modules)?)?;
    Ok(Parts { main, later: parts.split_modules })
}

/// esbuild knows files by their imports, and gives them their hashed addresses.
fn with_addresses(script: &str, modules: &[PathBuf]) -> Result<String> {
    let mut script = script.to_owned();
    for (number, module) in modules.iter().enumerate() {
        let name = module.file_name().unwrap_or_default().to_string_lossy();
        let address = format!("new URL(\"./{name}\", import.meta.url)");
        if !script.contains(&address) {
            bail!("nothing loads the page's part {name}");
        }
        script = script.replace(&address, &format!("part{number}"));
        script.insert_str(0, &format!("import part{number} from \"./{name}\";\n"));
    }
    Ok(script)
}

#[cfg(test)]
mod tests {
    use super::with_addresses;

    #[test]
    fn parts_are_imported_by_the_script_that_loads_them() {
        let script = "fetch(new URL(\"./1_admin.wasm\", import.meta.url))";
        let made = with_addresses(script, &["/somewhere/1_admin.wasm".into()]).unwrap();
        assert_eq!(made, "import part0 from \"./1_admin.wasm\";\nfetch(part0)");
        assert!(with_addresses(script, &["2_other.wasm".into()]).is_err());
    }
}
