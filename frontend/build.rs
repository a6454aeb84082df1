//! Turns `locales/` into typed keys. A key that a language lacks is an error here, so it does not compile.

use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;
use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=locales");
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let mut namespaces = Vec::new();
    for file in fs::read_dir(root.join("locales/en"))? {
        if let Some(name) = file?.path().file_stem() {
            namespaces.push(name.to_string_lossy().into_owned());
        }
    }
    namespaces.sort();

    let config = Config::new("en")?
        .add_locale("fr")?
        .add_namespaces(namespaces)?
        .parse_options(ParseOptions::new().interpolate_display(true));
    let parsed = parse_locales(Some(root), config)?;
    let mut faults = Vec::new();
    faults.extend(parsed.diag.errors().iter().map(ToString::to_string));
    faults.extend(parsed.diag.warnings().iter().map(ToString::to_string));
    if !faults.is_empty() {
        return Err(faults.join("\n").into());
    }
    let attributes =
        r#"#![allow(unused, unreachable_pub, clippy::all, clippy::expect_used, reason = "generated")]"#;
    let attributes = attributes.parse()?;
    let code = leptos_i18n_codegen::gen_code(&parsed, None, false, Some(&attributes), false)?;
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("i18n.rs"), code.to_string())?;
    Ok(())
}
