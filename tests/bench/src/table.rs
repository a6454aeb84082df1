//! The table in docs/performance.md.

use crate::machine;
use crate::row::Row;
use anyhow::{Context, ensure};
use std::path::Path;

/// Between these lines stands what the bench has written; the rest of the page is a person's.
const BEGIN: &str = "<!-- what follows is written by `cargo xtask bench` -->";
const END: &str = "<!-- until here -->";

/// All rows, and what they were measured on.
pub fn of(rows: &[Row]) -> String {
    let lines: Vec<String> = rows.iter().map(Row::line).collect();
    let missed = rows.iter().filter(|row| !row.is_met()).count();
    let verdict = match missed {
        0 => "Every figure is met.".to_owned(),
        missed => format!("{missed} of {} rows miss their figure.", rows.len()),
    };
    format!(
        "{}\n\n{verdict}\n\n| What | Atelier | Beside it (ours is × theirs) | Figure | |\n| --- | --- | --- | --- | --- |\n{}\n",
        machine::about(),
        lines.join("\n")
    )
}

/// Puts a table in the place of the one before.
///
/// # Errors
/// If the page cannot be read or written, or has no such place.
pub fn write(page: &Path, table: &str) -> anyhow::Result<()> {
    let text = std::fs::read_to_string(page).with_context(|| page.display().to_string())?;
    let replaced = replace(&text, table).with_context(|| page.display().to_string())?;
    std::fs::write(page, replaced).with_context(|| page.display().to_string())
}

fn replace(text: &str, table: &str) -> anyhow::Result<String> {
    let (before, rest) = text.split_once(BEGIN).with_context(|| format!("no line {BEGIN:?}"))?;
    let (_, after) = rest.split_once(END).with_context(|| format!("no line {END:?}"))?;
    ensure!(!after.contains(BEGIN), "two places for the table");
    Ok(format!("{before}{BEGIN}\n{table}{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::{BEGIN, END, replace};

    #[test]
    fn only_the_table_changes() {
        let page = format!("# Figures\n{BEGIN}\nold\n{END}\n## Reasons\n");
        let new = replace(&page, "new\n").unwrap();
        assert_eq!(new, format!("# Figures\n{BEGIN}\nnew\n{END}\n## Reasons\n"));
        assert_eq!(replace(&new, "new\n").unwrap(), new);
        assert!(replace("# Figures\n", "new\n").is_err());
    }
}
