//! T5: a page of another origin cannot act with a person's cookie, and reading changes nothing.

use crate::document::{Operation, operations};
use crate::people::Cast;
use crate::requests::request;
use anyhow::Context;
use atelier_tests::{Answer, Client, Database, eventually, on_both_databases};
use reqwest::header::CONTENT_TYPE;
use std::time::Duration;

/// For the reconciler to note that Docker does not answer.
const NOTED: Duration = Duration::from_secs(60);
const JSON: &str = "application/json";

on_both_databases!(t05_foreign_origins_are_refused, t05_reading_changes_nothing);

async fn t05_foreign_origins_are_refused(database: Database) -> anyhow::Result<()> {
    let cast = Cast::new(database).await?;
    let client = &cast.administrator.client;
    let before = settled(&cast).await?;
    for operation in operations(&cast.server).await? {
        let name = &operation.id;
        let safe = operation.method == "GET";
        for site in [None, Some("none"), Some("same-site"), Some("cross-site"), Some("SAME-ORIGIN")] {
            if !safe {
                send(client, &cast, &operation, site, JSON, false).await.refused(403, "foreign-origin");
            }
            let upgrade = send(client, &cast, &operation, site, JSON, true).await;
            upgrade.refused(403, "foreign-origin");
        }
        if operation.has_body {
            for media_type in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""] {
                let answer = send(client, &cast, &operation, Some("same-origin"), media_type, false).await;
                // What this person may not do anyhow may be refused for that.
                let refused = matches!(answer.status.as_u16(), 403 | 404 | 415);
                assert!(refused, "{name} as {media_type:?}: {} {}", answer.status, answer.text());
            }
        }
    }
    let changes = cast.server.database.changes_since(&before)?;
    assert!(changes.is_empty(), "something was changed: {changes:#?}");
    Ok(())
}

async fn t05_reading_changes_nothing(database: Database) -> anyhow::Result<()> {
    let mut cast = Cast::new(database).await?;
    let owner = cast.identities.iter().find(|identity| identity.name == "owner").context("no owner")?;
    // With a dataset and a model to look at, and uploads; with files of the project, a draft and an upload of them, and with results.
    cast.place = cast.prepare("upload_get", owner).await;
    let data = cast.prepare("model_upload_get", owner).await;
    cast.prepare("files_draft_get", owner).await;
    let files = cast.prepare("files_upload_get", owner).await;
    let results = cast.prepare("results_upload_get", owner).await;
    let before = settled(&cast).await?;
    for operation in operations(&cast.server).await?.iter().filter(|operation| operation.method == "GET") {
        cast.place = match operation.id.split('_').next() {
            Some("files") => files.clone(),
            Some("results") => results.clone(),
            _ => data.clone(),
        };
        let mut read = 0;
        for identity in &cast.identities {
            let answer = send(&identity.client, &cast, operation, None, JSON, false).await;
            read += usize::from(answer.status.is_success());
        }
        // A session to look at needs Docker, a reset link an administrator: neither is in this world.
        let absent = operation.path.contains("{session}") || operation.path.contains("password-resets");
        assert!(read > 0 || absent, "{} could not be read by anybody", operation.id);
        let changes = cast.server.database.changes_since(&before)?;
        assert!(changes.is_empty(), "{} changed something: {changes:#?}", operation.id);
    }
    Ok(())
}

/// The database, once the reconciler has noted that it cannot ask Docker for the session that is in it, what is stored
/// has been measured and what has expired is taken away.
async fn settled(cast: &Cast) -> anyhow::Result<String> {
    eventually("Docker's silence is noted", NOTED, || async {
        let states = cast.server.database.lines("SELECT state AS line FROM workload_status");
        states.is_ok_and(|states| states == ["unknown"])
    })
    .await;
    eventually("what is stored is measured", NOTED, || async {
        let due = "SELECT project_id AS line FROM project_storage WHERE changes <> measured_changes";
        cast.server.database.lines(due).is_ok_and(|due| due.is_empty())
    })
    .await;
    eventually("the sign-in that has expired is taken away", NOTED, || async {
        let expired = "SELECT token_hash AS line FROM sign_ins WHERE expires_at = 1";
        cast.server.database.lines(expired).is_ok_and(|expired| expired.is_empty())
    })
    .await;
    cast.server.database.dump()
}

async fn send(
    client: &Client,
    cast: &Cast,
    operation: &Operation,
    site: Option<&str>,
    media_type: &str,
    upgrade: bool,
) -> Answer {
    let Some(asked) = request(&operation.id, &cast.place) else {
        panic!("{} has no request in requests.rs", operation.id);
    };
    let mut request = client.bare(asked.method, &asked.path);
    if let Some(site) = site {
        request = request.header("sec-fetch-site", site);
    }
    if let Some(body) = asked.body {
        request = request.body(body);
        if !media_type.is_empty() {
            request = request.header(CONTENT_TYPE, media_type);
        }
    }
    if upgrade {
        request = request.header("connection", "upgrade").header("upgrade", "websocket");
    }
    client.run(request).await
}
