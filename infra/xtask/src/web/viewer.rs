//! The frame for files (`frontend/js/viewer`): one document with its script in it, which no page loads before it
//! shows a file.

use crate::tree::Tree;
use anyhow::{Context, Result, bail};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// What the script comes to.
const PLACE: &str = "{{script}}";

/// Writes `assets/viewer-XXXXXXXX.html`, whose name changes with its content.
pub(super) fn write(tree: &Tree, script: &Path, site: &Path) -> Result<()> {
    let script = fs::read_to_string(script).context("esbuild made no script of the viewer")?;
    let frame = fs::read_to_string(tree.frontend().join("js/viewer/viewer.html"))?;
    let html = composed(&frame, script.trim())?;
    let mut hasher = DefaultHasher::new();
    html.hash(&mut hasher);
    let name = format!("viewer-{:016x}.html", hasher.finish());
    fs::write(site.join("assets").join(name), html)?;
    Ok(())
}

fn composed(frame: &str, script: &str) -> Result<String> {
    if !frame.contains(PLACE) {
        bail!("frontend/js/viewer/viewer.html has no place for its script");
    }
    // What would end a script in its middle, or keep its end from being one, stands in texts and patterns only.
    let script = ["<!--", "<script", "</script"]
        .iter()
        .fold(script.to_owned(), |script, mark| script.replace(mark, &mark.replace('<', "\\x3c")));
    if script.to_ascii_lowercase().contains("<script") || script.to_ascii_lowercase().contains("</script") {
        bail!("the viewer's script would end in its middle");
    }
    Ok(frame.replace(PLACE, &script))
}

#[cfg(test)]
mod tests {
    use super::composed;

    #[test]
    fn a_script_stands_whole_in_its_document() {
        let frame = "<body><script>{{script}}</script></body>";
        let made = |script: &str| composed(frame, script);
        assert_eq!(made("go()").unwrap(), "<body><script>go()</script></body>");
        let marks = made("'<!--', /<script>/, '</script>'").unwrap();
        assert_eq!(marks.matches("<!--").count() + marks.matches("<script").count(), 1, "{marks}");
        assert_eq!(marks.matches("</script").count(), 1, "{marks}");
        assert!(marks.contains(r"/\x3cscript>/"), "{marks}");
        assert!(made("'</SCRIPT'").is_err());
        assert!(composed("<body></body>", "go()").is_err());
    }
}
