//! Tables as SQL names them: `dataset`, `dataset@version`, `dataset@version/path`.

use super::found::{self, Found};
use crate::access::{Access, ListDatasets, ReadDataset, named};
use crate::app::App;
use crate::data::{self, Which};
use crate::datasets::Dataset;
use crate::error::{Error, Result};
use crate::projects::Project;
use actix_web::http::StatusCode;
use actix_web::web;
use atelier_store::TreePath;

/// A name, taken apart.
#[derive(Debug, PartialEq, Eq)]
struct Name<'a> {
    dataset: &'a str,
    version: Option<&'a str>,
    path: Option<&'a str>,
}

impl Name<'_> {
    fn of(name: &str) -> Name<'_> {
        let (before, path) = match name.split_once('/') {
            Some((before, path)) => (before, Some(path)),
            None => (name, None),
        };
        match before.split_once('@') {
            Some((dataset, version)) => Name { dataset, version: Some(version), path },
            None => Name { dataset: before, version: None, path },
        }
    }
}

/// Finds a table for somebody who names it in a project, by the same decision as if it were in the path.
///
/// # Errors
/// 422 if there is no such table, or none that the person may read.
pub(super) async fn find(
    app: &web::Data<App>,
    project: &Access<Project, ListDatasets>,
    name: &str,
) -> Result<Found> {
    let parts = Name::of(name);
    let absent = |error: Error| match error.problem().status {
        404 => Error::status(
            StatusCode::UNPROCESSABLE_ENTITY,
            "no-table",
            format!("There is no table “{name}”, or you may not read it."),
        ),
        _ => error,
    };
    let which = parts.version.map_or(Ok(Which::Latest), Which::parse).map_err(absent)?;
    let (caller, policies) = (project.caller().clone(), app.policies.clone());
    let row = project.row();
    let names = [
        ("organization", row.organization.slug.clone()),
        ("project", row.row.slug.clone()),
        ("dataset", parts.dataset.to_owned()),
    ];
    let dataset =
        app.db.read(move |connection| named::<Dataset, ReadDataset>(connection, &policies, caller, names));
    let dataset = dataset.await.map_err(absent)?;
    let version = data::open(app, &dataset, which).await.map_err(absent)?;
    match parts.path {
        Some(path) => found::at(&version, &TreePath::new(path)?).await.map_err(absent),
        None => found::only(&version, name).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        for (name, dataset, version, path) in [
            ("customers", "customers", None, None),
            ("customers@v11", "customers", Some("v11"), None),
            ("customers/raw/a@b.csv", "customers", None, Some("raw/a@b.csv")),
            ("customers@production/raw/a.csv", "customers", Some("production"), Some("raw/a.csv")),
            ("sales.prices@3", "sales.prices", Some("3"), None),
            ("", "", None, None),
        ] {
            assert_eq!(Name::of(name), Name { dataset, version, path }, "{name}");
        }
    }
}
