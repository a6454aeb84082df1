//! The OpenAPI document: the server's own list of its operations.

use crate::requests::{self, Place};
use atelier_tests::{Database, TestServer};
use std::collections::{BTreeMap, BTreeSet};

/// One operation of the document.
#[derive(Clone, Debug)]
pub struct Operation {
    pub id: String,
    /// In capitals.
    pub method: String,
    /// With its parameters in braces.
    pub path: String,
    /// What the guard demands.
    pub demands: String,
    pub has_body: bool,
}

/// Every operation of the document, in its order.
pub async fn operations(server: &TestServer) -> anyhow::Result<Vec<Operation>> {
    let document: serde_json::Value =
        serde_json::from_slice(&server.client().get("/api/v1/openapi.json").await.body)?;
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            operations.push(Operation {
                id: text(&operation["operationId"]),
                method: method.to_uppercase(),
                path: path.clone(),
                demands: text(&operation["x-demands"]),
                has_body: operation.get("requestBody").is_some(),
            });
        }
    }
    anyhow::ensure!(operations.len() > 20, "the document is empty: {document}");
    Ok(operations)
}

/// The document only changes where somebody looks at the change.
#[tokio::test]
async fn the_document_is_the_one_that_was_reviewed() -> anyhow::Result<()> {
    let server = TestServer::start(Database::Sqlite).await?;
    let answer = server.client().get("/api/v1/openapi.json").await;
    let document: serde_json::Value = serde_json::from_slice(&answer.body)?;
    let document = serde_json::to_string_pretty(&document)?;
    insta::with_settings!({ prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("openapi", document);
    });
    Ok(())
}

/// One name for one operation: in the document, in the typed calls, in the tests.
#[tokio::test]
async fn operations_and_typed_calls_are_the_same() -> anyhow::Result<()> {
    let server = TestServer::start(Database::Sqlite).await?;
    let operations = operations(&server).await?;
    let mut by_id: BTreeMap<&str, &Operation> = BTreeMap::new();
    for operation in &operations {
        let before = by_id.insert(&operation.id, operation);
        assert!(before.is_none(), "two operations are called {}", operation.id);
    }

    let sources = [
        include_str!("../../../server/api/src/calls.rs"),
        include_str!("../../../server/api/src/calls/files.rs"),
        include_str!("../../../server/api/src/calls/tables.rs"),
        include_str!("../../../server/api/src/calls/trees.rs"),
    ];
    let calls: BTreeSet<String> = sources
        .iter()
        .flat_map(|source| source.split("pub fn "))
        .filter(|function| function.split('{').next().is_some_and(|head| head.contains("-> Call<")))
        .filter_map(|function| function.split('(').next().map(str::to_owned))
        .flat_map(|name| match name.strip_prefix("[<$tree ") {
            // Written once for files and results.
            Some(rest) => {
                ["files", "results"].map(|tree| format!("{tree}{}", rest.trim_end_matches(">]"))).into()
            }
            None => vec![name],
        })
        .chain(of_artifacts())
        .collect();
    let is_json = |id: &&str| {
        !NOT_JSON.contains(&id.trim_start_matches("model_").replace("results_", "files_").as_str())
    };
    let documented: BTreeSet<String> = by_id.keys().copied().filter(is_json).map(str::to_owned).collect();
    assert_eq!(documented, calls, "operations of the document (left) and functions of calls.rs (right)");

    for operation in &operations {
        let Some(request) = requests::request(&operation.id, &Place::absent()) else {
            panic!("{} has no request in requests.rs", operation.id);
        };
        assert_eq!(request.method, operation.method, "{}", operation.id);
        let path = request.path.split('?').next().unwrap_or_default();
        assert!(fits(path, &operation.path), "{}: {path} is not {}", operation.id, operation.path);
        assert_eq!(request.body.is_some(), operation.has_body, "{}", operation.id);
    }
    Ok(())
}

/// Calls that are written once for datasets and models: `[<$noun _list>]`, `[<$upload _list>]`.
fn of_artifacts() -> Vec<String> {
    let source = include_str!("../../../server/api/src/calls/artifacts.rs");
    let mut names = Vec::new();
    for function in source
        .split("pub fn [<")
        .filter(|f| f.split('{').next().is_some_and(|head| head.contains("-> Call<")))
    {
        let name = function.split(">]").next().unwrap_or_default().replace(' ', "");
        for (noun, upload) in [("dataset", "upload"), ("model", "model_upload")] {
            names.push(name.replace("$noun", noun).replace("$upload", upload));
        }
    }
    names
}

/// What is no JSON, asked or answered, has no typed call: links and an `EventSource` ask for them.
const NOT_JSON: &[&str] = &[
    "archive",
    "content",
    "dataset_archive",
    "dataset_content",
    "events",
    "files_archive",
    "files_content",
    "files_draft_content",
    "files_upload_chunks",
    "files_upload_file",
    "query_stream",
    "segments_csv",
    "segments_csv_mine",
    "upload_chunks",
    "upload_file",
];

fn fits(path: &str, template: &str) -> bool {
    let (path, template): (Vec<_>, Vec<_>) = (path.split('/').collect(), template.split('/').collect());
    path.len() == template.len() && path.iter().zip(template).all(|(p, t)| t.starts_with('{') || *p == t)
}
