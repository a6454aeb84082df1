use serde::{Deserialize, Serialize};

/// Why there is no answer: the body of an answer with a status other than 200. It is told to whoever asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{code}: {detail}")]
pub struct Problem {
    /// `wrong-query`, `broken-file`, `query-too-large`, `query-too-long`, or `worker-fault`, which is ours.
    pub code: String,
    /// In words for people.
    pub detail: String,
}

impl Problem {
    pub fn new(code: &str, detail: impl Into<String>) -> Problem {
        Problem { code: code.to_owned(), detail: detail.into() }
    }
}
