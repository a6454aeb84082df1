//! What is told of a version beyond its files: what it scored, and what made it.

use crate::money::Micros;
use crate::validate;
use garde::Validate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Metrics, or parameters, of one version.
pub const MAX_FACTS: usize = 200;
/// Datasets that one version says it was made of.
pub const MAX_INPUTS: usize = 100;

/// A version of a dataset of the same project, or of one that is shared with it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Its word in the address; `<project>.<its word>` if it is shared.
    #[garde(skip)]
    pub dataset: String,
    #[garde(range(min = 1))]
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub number: i64,
}

/// What made a version.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Provenance {
    /// The environment of the session.
    pub environment: Option<String>,
    /// Digest of its image.
    pub image: Option<String>,
    /// Versions of datasets that it was made of, as far as the reader may see datasets.
    pub datasets: Vec<Input>,
    /// The version of the project's files that the session had saved last.
    pub files: Option<i64>,
    /// What the session had cost since its start when it made the version, if the reader may see that.
    pub cost: Option<Micros>,
}

pub(crate) fn metrics(value: &BTreeMap<String, f64>, _: &()) -> garde::Result {
    names(value)?;
    match value.values().all(|number| number.is_finite()) {
        true => Ok(()),
        false => Err(garde::Error::new("must be finite numbers")),
    }
}

pub(crate) fn parameters(value: &BTreeMap<String, String>, _: &()) -> garde::Result {
    names(value)?;
    value.values().try_for_each(|text| validate::parameter(text, &()))
}

fn names<T>(value: &BTreeMap<String, T>) -> garde::Result {
    if value.len() > MAX_FACTS {
        return Err(garde::Error::new(format!("are more than {MAX_FACTS}")));
    }
    value.keys().try_for_each(|name| validate::fact_name(name, &()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::upload::CommitUpload;

    fn said(json: &str) -> Result<(), String> {
        let facts: CommitUpload = serde_json::from_str(json).map_err(|error| error.to_string())?;
        facts.validate().map_err(|report| report.to_string())
    }

    #[test]
    fn what_can_be_said_of_a_version() {
        for good in [
            "{}",
            r#"{"metrics": {"auc": 0.93, "loss at 5": -1e300, "n": 12}}"#,
            r#"{"parameters": {"depth": "5", "note": ""}}"#,
            r#"{"datasets": [{"dataset": "customers", "number": 3}]}"#,
        ] {
            assert_eq!(said(good), Ok(()), "{good}");
        }
        let many = |count: usize| {
            let all: Vec<String> = (0..count).map(|n| format!(r#""m{n}": {n}"#)).collect();
            format!(r#"{{"metrics": {{{}}}}}"#, all.join(", "))
        };
        assert_eq!(said(&many(MAX_FACTS)), Ok(()));
        let long = "x".repeat(101);
        for bad in [
            many(MAX_FACTS + 1),
            r#"{"metrics": {"": 1}}"#.to_owned(),
            r#"{"metrics": {"auc": 1e999}}"#.to_owned(),
            r#"{"metrics": {"auc": "high"}}"#.to_owned(),
            r#"{"metrics": {"auc": null}}"#.to_owned(),
            format!(r#"{{"metrics": {{"{long}": 1}}}}"#),
            format!(r#"{{"parameters": {{"{long}": ""}}}}"#),
            format!(r#"{{"parameters": {{"a": "{}"}}}}"#, "x".repeat(1001)),
            r#"{"datasets": [{"dataset": "customers", "number": 0}]}"#.to_owned(),
        ] {
            assert!(said(&bad).is_err(), "{bad}");
        }
        let mut facts = CommitUpload::default();
        facts.metrics.insert("auc".to_owned(), f64::NAN);
        assert!(facts.validate().is_err());
    }
}
