//! The database: there, whole, of a version that this program knows.

use super::finding::Finding;
use crate::config::Config;
use crate::db;

pub(super) fn examine(config: &Config) -> Vec<Finding> {
    let url = config.database_url();
    if let Some(path) = url.strip_prefix("sqlite:")
        && !std::path::Path::new(path.trim_start_matches("//")).exists()
    {
        return vec![Finding::good("database", format!("{path} will be made at the first start"))];
    }
    let found = db::examine(&url);
    let mut findings = Vec::new();
    match found {
        Ok(state) => {
            findings.push(Finding::good("database", format!("{}, whole", state.version)));
            findings.push(match state.steps_missing {
                0 => Finding::good("schema", "up to date"),
                steps => Finding::warning(
                    "schema",
                    format!("{steps} steps are missing; the server takes them when it starts"),
                    "atelier backup FILE, then start the server",
                ),
            });
        }
        Err(error) => findings.push(Finding::bad("database", format!("{error:#}"), mend(&url))),
    }
    findings
}

fn mend(url: &str) -> &'static str {
    if url.starts_with("sqlite:") {
        "atelier restore FILE, after putting the damaged file aside"
    } else {
        "systemctl status postgresql; then the setting database_url"
    }
}
