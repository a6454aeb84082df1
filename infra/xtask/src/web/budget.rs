//! What a first visit transfers, and the most that it may.

use anyhow::{Context, Result, bail};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Bytes of a release's page with its program, styles, script and first face, as compressed as a browser gets
/// them. Other faces and parts are fetched by the pages that use them.
const MOST: u64 = 600_000;

/// The first visit's bytes.
///
/// # Errors
/// If they are more than people should wait for; the largest files are named.
pub(crate) fn keep(site: &Path) -> Result<u64> {
    let mut files = Vec::new();
    for file in first_load(site)? {
        files.push((transferred(&file)?, file));
    }
    let sum = files.iter().map(|(size, _)| size).sum();
    if sum > MOST {
        files.sort_by(|a, b| b.cmp(a));
        let largest = files.iter().take(3).map(|(size, file)| format!("{} {size}", name(file)));
        let largest = largest.collect::<Vec<_>>().join(", ");
        bail!("the first visit of the page transfers {sum} bytes, more than {MOST}. The largest: {largest}");
    }
    Ok(sum)
}

/// `index.html` and the files whose addresses stand in it.
fn first_load(site: &Path) -> Result<BTreeSet<PathBuf>> {
    let index = site.join("index.html");
    let text = fs::read_to_string(&index).context("cannot read the page's index.html")?;
    let addresses = text.split('"').filter_map(|word| word.strip_prefix('/'));
    let named = addresses.map(|address| site.join(address)).filter(|path| path.is_file());
    Ok(named.chain([index.clone()]).collect())
}

/// The size of the compressed copy, if there is one.
fn transferred(file: &Path) -> Result<u64> {
    let compressed = super::compress::beside(file, "br")?;
    let file = if compressed.exists() { &compressed } else { file };
    Ok(fs::metadata(file)?.len())
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_page_names_counts_as_transferred() {
        let site = std::env::temp_dir().join(format!("atelier-budget-{}", std::process::id()));
        fs::create_dir_all(&site).unwrap();
        let write = |name: &str, bytes: &[u8]| fs::write(site.join(name), bytes).unwrap();
        write("index.html", b"<link href=\"/a.woff2\"><script src=\"/b.js\"></script>");
        write("a.woff2", &[0; 50]);
        write("b.js", &[b' '; 1000]);
        write("b.js.br", &[0; 100]);
        write("later.js", &[0; 5000]);
        assert_eq!(keep(&site).unwrap(), 51 + 50 + 100);
        write("b.js.br", &[0; 700_000]);
        let error = keep(&site).unwrap_err().to_string();
        assert!(error.contains("The largest: b.js 700000"), "{error}");
        fs::remove_dir_all(&site).unwrap();
    }
}
