//! House rules that no lint knows.

use crate::host;
use anyhow::Result;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Text that no file of the repository may hold, and why. Written in two halves, so that this file keeps
/// the rules too.
const FORBIDDEN: [(&str, &str, &str); 10] = [
    ("#[al", "low(", "mend the cause, or say on the same line for what reason it stays"),
    ("#![al", "low(", "mend the cause, or say on the same line for what reason it stays"),
    ("#[ign", "ore", "a test that does not run shows nothing"),
    ("TO", "DO", "do it, or file an issue"),
    ("FIX", "ME", "do it, or file an issue"),
    ("/ro", "ot/", "a path of one machine"),
    ("registry.npm", "js.org", "the host of a package registry"),
    ("pypi", ".org", "the host of a package registry"),
    ("files.python", "hosted.org", "the host of a package registry"),
    ("deb.", "debian.org", "the host of a package registry"),
];

/// Every place that breaks a rule, as `path:line: why`.
pub(crate) fn findings(root: &Path) -> Result<Vec<String>> {
    let list = host::output(Command::new("git").args(["ls-files"]).current_dir(root))?;
    let mut findings = Vec::new();
    for path in list.lines() {
        // Gone from the work tree but not yet from the index, or not text.
        let Ok(text) = fs::read_to_string(root.join(path)) else { continue };
        for (number, line) in text.lines().enumerate() {
            findings.extend(broken(line).map(|why| format!("{path}:{}: {why}", number + 1)));
        }
    }
    Ok(findings)
}

fn broken(line: &str) -> Option<&'static str> {
    let rule = FORBIDDEN.iter().find(|(start, end, _)| line.contains(&[*start, *end].concat()));
    let reasoned = line.contains("reason = \"");
    rule.filter(|(start, ..)| !(start.ends_with("[al") && reasoned)).map(|(_, _, why)| *why)
}

#[cfg(test)]
mod tests {
    use super::{FORBIDDEN, broken};

    #[test]
    fn finds_each_forbidden_text() {
        for (start, end, why) in FORBIDDEN {
            assert_eq!(broken(&format!("  {start}{end} …")), Some(why));
        }
        let [(start, end, _), ..] = FORBIDDEN;
        assert_eq!(broken(&format!("{start}{end}lint, reason = \"the generated code\")]")), None);
        assert_eq!(broken("let allowed = ignore(todo);"), None);
    }
}
