//! Rows of tables, and questions about them.

use super::project;
use crate::call::{Call, Method};
use crate::table::{Rows, RowsOf, RunQuery};
use Method::{Get, Post};

/// Some rows of a file of a version, or of all files of a folder.
pub fn dataset_rows(org: &str, slug: &str, dataset: &str, version: &str, of: &RowsOf) -> Call<Rows> {
    Call::new(Get, project(org, slug, &["datasets", dataset, "versions", version, "rows"])).query(&[
        ("path", Some(&of.path)),
        ("offset", (of.offset > 0).then(|| of.offset.to_string()).as_deref()),
        ("limit", of.limit.map(|limit| limit.to_string()).as_deref()),
        ("order", of.order.as_deref()),
        ("descending", of.descending.then_some("true")),
        ("conditions", of.conditions.as_deref()),
    ])
}

/// The first rows that a question gives.
pub fn query_run(org: &str, slug: &str, body: &RunQuery) -> Call<Rows> {
    Call::new(Post, project(org, slug, &["query"])).with(body)
}

/// Where all of its rows come from, as a stream of Arrow IPC.
pub fn query_stream_path(org: &str, slug: &str) -> String {
    project(org, slug, &["query", "stream"])
}
