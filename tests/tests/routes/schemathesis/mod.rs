//! schemathesis makes requests up from the OpenAPI document, well-formed and not, and holds every answer
//! against it. `schemathesis.toml` says what counts as a finding.

use anyhow::Context;
use atelier_api::calls;
use atelier_api::role::{OrganizationRole, ProjectRole};
use atelier_tests::{Database, World};
use std::path::Path;
use tokio::process::Command;

#[tokio::test]
async fn five_thousand_made_up_requests_find_nothing() -> anyhow::Result<()> {
    made_up_requests(Database::Sqlite, 5_000, 8).await
}

#[tokio::test]
async fn long_twenty_five_thousand_made_up_requests_find_nothing() -> anyhow::Result<()> {
    made_up_requests(Database::Postgres, 25_000, 330).await
}

/// At least `cases`, for which schemathesis is asked for so many per operation.
async fn made_up_requests(database: Database, cases: u32, per_operation: u32) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (client, organization) = (&world.acme.administrator.client, &world.acme.slug);
    let owner = world.acme.person(OrganizationRole::Member).await;
    let project = world.acme.project(&owner, "Churn").await;
    let member = world.acme.member(&project, ProjectRole::DataScientist).await;
    let tiers = client.send(calls::tier_list(organization)).await.good();
    let tier = tiers.first().context("there is no tier")?;
    let place = serde_json::json!({
        "organization": organization, "project": project.slug, "person": member.id, "tier": tier.id,
        "environment": "python-data-science",
    });

    let folder = tempfile::tempdir()?;
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/routes/schemathesis");
    let program = std::env::var_os("ATELIER_TEST_SCHEMATHESIS").context("ATELIER_TEST_SCHEMATHESIS")?;
    let cookie = client.cookie().context("nobody is signed in")?;
    let base = format!("http://127.0.0.1:{}", world.server.port());
    let output = Command::new(program)
        .arg("--no-color")
        .arg("--config-file")
        .arg(here.join("schemathesis.toml"))
        .arg("run")
        .arg(format!("{base}/api/v1/openapi.json"))
        // One thread: Python 3.11 fails now and then where two parse at once.
        .args(["--workers=1", &format!("--max-examples={per_operation}")])
        .env("ATELIER_BASE_URL", &base)
        .env("ATELIER_HOST", client.host())
        .env("ATELIER_HOOKS", here.join("hooks.py"))
        .env("ATELIER_SIGN_IN", cookie.split_once('=').context("a cookie without a value")?.1)
        .env("ATELIER_PLACE", place.to_string())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(folder.path())
        .kill_on_drop(true)
        .output()
        .await?;
    let report = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{report}{}", String::from_utf8_lossy(&output.stderr));
    let made = report.lines().find_map(|line| line.trim().split_once(" generated")?.0.parse::<u32>().ok());
    let made = made.with_context(|| format!("no number of cases in {report}"))?;
    println!("{made} cases");
    assert!(made >= cases, "only {made} cases:\n{report}");
    Ok(())
}
