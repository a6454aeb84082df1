//! What was found, and what to do about it.

use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Good,
    /// It works, and could be better or safer.
    Warning,
    /// It does not work, or is not safe.
    Bad,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at: a word that stays the same.
    pub check: &'static str,
    pub level: Level,
    pub detail: String,
    /// A command, or a setting to change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
}

impl Finding {
    pub fn good(check: &'static str, detail: impl Into<String>) -> Finding {
        Finding { check, level: Level::Good, detail: detail.into(), mend: None }
    }

    pub fn warning(check: &'static str, detail: impl Into<String>, mend: impl Into<String>) -> Finding {
        Finding { check, level: Level::Warning, detail: detail.into(), mend: Some(mend.into()) }
    }

    pub fn bad(check: &'static str, detail: impl Into<String>, mend: impl Into<String>) -> Finding {
        Finding { check, level: Level::Bad, detail: detail.into(), mend: Some(mend.into()) }
    }

    /// For people.
    pub fn print(&self) {
        let mark = match self.level {
            Level::Good => "good",
            Level::Warning => "WARN",
            Level::Bad => "BAD ",
        };
        println!("{mark}  {:<12}  {}", self.check, self.detail);
        if let Some(mend) = &self.mend {
            println!("                    → {mend}");
        }
    }
}
