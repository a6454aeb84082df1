//! What a browser fetches before it shows the first page.

use crate::row::{Goal, Row};
use anyhow::ensure;
use atelier_tests::{Client, Database, TestServer};

/// # Errors
/// If the page or one of its parts is not there.
pub async fn run() -> anyhow::Result<Vec<Row>> {
    let server = TestServer::start(Database::Sqlite).await?;
    let client = server.client();
    let page = client.get("/").await.text().to_owned();
    let mut bytes = size(&client, "/").await?;
    for part in parts(&page) {
        bytes += size(&client, part).await?;
    }
    Ok(vec![Row {
        what: "First load, compressed".to_owned(),
        unit: "KB",
        ours: std::iter::once(bytes as f64 / 1e3).collect(),
        peers: Vec::new(),
        goal: Goal::AtMost(600.0),
    }])
}

/// Addresses of this host that the page names in its head.
fn parts(page: &str) -> Vec<&str> {
    let quoted = ["href=\"", "src=\""].into_iter().flat_map(|attribute| page.split(attribute).skip(1));
    let mut parts: Vec<&str> = quoted.filter_map(|rest| rest.split('"').next()).collect();
    parts.retain(|address| address.starts_with('/'));
    parts.sort_unstable();
    parts.dedup();
    parts
}

async fn size(client: &Client, path: &str) -> anyhow::Result<usize> {
    let request = client.request("GET", path).header("accept-encoding", "br, gzip");
    let (name, response) = client.begin(request).await;
    ensure!(response.status().is_success(), "{name}: {}", response.status());
    Ok(response.bytes().await?.len())
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn finds_what_the_page_needs() {
        let page =
            r#"<link href="/b.css"><script src="/a.js"></script><link href="/b.css"><a href="https://x/">"#;
        assert_eq!(parts(page), ["/a.js", "/b.css"]);
    }
}
