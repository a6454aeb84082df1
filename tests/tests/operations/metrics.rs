//! `/metrics`: who may read it, what it says, and that the page about it is true.

use atelier_tests::studio::Studio;
use atelier_tests::{Client, Database, NO_DOCKER, TestServer, World, eventually, on_both_databases};
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

on_both_databases!(a_session_shows_in_the_figures);

async fn figures(client: &Client) -> String {
    let answer = client.run::<()>(client.fresh().bare("GET", "/metrics")).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(answer.header("content-type").starts_with("application/openmetrics-text"));
    answer.text()
}

/// The value of a line that begins so, up to the value.
fn value(figures: &str, line: &str) -> Option<f64> {
    figures.lines().find_map(|found| found.strip_prefix(line)?.trim().parse().ok())
}

#[tokio::test]
async fn the_host_and_the_token_open_it() -> anyhow::Result<()> {
    let token = "a-token-of-this-test-alone";
    let settings = [("DOCKER", NO_DOCKER.to_owned()), ("METRICS_TOKEN", token.to_owned())];
    let server = TestServer::start_with(Database::Sqlite, &settings).await?;
    let client = server.client();
    let ask = || client.bare("GET", "/metrics");
    assert_eq!(client.run::<()>(ask()).await.status, 200);
    let proxied = client.run::<()>(ask().header("x-forwarded-for", "192.0.2.7")).await;
    proxied.refused(403, "metrics-closed");
    let with_token = ask().header("x-forwarded-for", "192.0.2.7").bearer_auth(token);
    assert_eq!(client.run::<()>(with_token).await.status, 200);
    client.run::<()>(ask().bearer_auth("another-token")).await.refused(403, "metrics-closed");
    Ok(())
}

#[tokio::test]
async fn labels_name_nobody_and_do_not_grow() -> anyhow::Result<()> {
    let world = World::new(Database::Sqlite).await?;
    let client = &world.acme.administrator.client;
    for n in 0..20 {
        client.get(&format!("/api/v1/organizations/acme/projects/nothing-{n}")).await;
        client.run::<()>(client.request(&format!("METHOD{n}"), "/api/v1/me")).await;
        client.get(&format!("/acme/page-{n}")).await;
    }
    let figures = figures(client).await;
    assert!(figures.ends_with("# EOF\n"));
    let id = &world.acme.administrator.id;
    for secret in ["acme", "Acme", "ada@", "nothing-", "page-", "METHOD", id] {
        assert!(!figures.contains(secret), "{secret} is in the figures:\n{figures}");
    }
    let missing = "atelier_http_requests_total{method=\"GET\",\
         route=\"/api/v1/organizations/{organization}/projects/{project}\",status=\"404\"}";
    assert_eq!(value(&figures, missing), Some(20.0), "{figures}");
    assert!(figures.contains("method=\"other\""), "{figures}");
    Ok(())
}

#[tokio::test]
async fn the_page_about_them_names_each_and_no_other() -> anyhow::Result<()> {
    let server = TestServer::start(Database::Sqlite).await?;
    let figures = figures(&server.client()).await;
    let told: BTreeSet<&str> =
        figures.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/operations.md");
    let page = std::fs::read_to_string(page)?;
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `atelier_")?.split(['`', '{']).next());
    let rows: Vec<String> = rows.map(|name| format!("atelier_{name}")).collect();
    let named: BTreeSet<&str> = rows.iter().map(String::as_str).collect();
    assert_eq!(named, told);
    Ok(())
}

async fn a_session_shows_in_the_figures(database: Database) -> anyhow::Result<()> {
    let studio = Studio::new(database).await?;
    let session = studio.running().await;
    let browser = studio.browser(&session.id).await;
    assert_eq!(browser.get("/bytes/100000").await.body.len(), 100_000);
    let client = &studio.owner.client;
    eventually("the figures tell of the session", Duration::from_secs(30), || async {
        let figures = figures(client).await;
        let is = |line: &str, least: f64| value(&figures, line).is_some_and(|value| value >= least);
        is("atelier_sessions{state=\"running\"}", 1.0)
            && is("atelier_session_start_seconds_count", 1.0)
            && is("atelier_channels", 1.0)
            && is("atelier_docker_up", 1.0)
            && is("atelier_reconciler_passes_total", 1.0)
            && is("atelier_proxy_from_tool_bytes_total", 100_000.0)
            // As root on Docker's host, as tests run.
            && is("atelier_proxy_direct_streams_total", 1.0)
            && is("atelier_ledger_heartbeat_age_seconds", 0.001)
            && is("atelier_database_write_seconds_count", 1.0)
            && is("atelier_process_resident_bytes", 1e6)
    })
    .await;
    let figures = figures(client).await;
    assert_eq!(value(&figures, "atelier_reconciler_errors_total"), Some(0.0), "{figures}");
    assert!(value(&figures, "atelier_ledger_heartbeat_age_seconds").is_some_and(|age| age < 30.0));
    Ok(())
}
