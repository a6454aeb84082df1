//! Whatever is sent, the answer is a problem that says what is wrong.

use atelier_api::account::SignIn;
use atelier_api::calls;
use atelier_api::member::AddMember;
use atelier_api::project::ProjectFilter;
use atelier_api::role::ProjectRole;
use atelier_tests::{Answer, Client, Database, World, on_both_databases};
use reqwest::header::CONTENT_TYPE;
use std::io::Write;
use std::net::TcpStream;

on_both_databases!(bad_bodies_are_refused, bad_addresses_are_refused);

const PROJECTS: &str = "/api/v1/organizations/acme/projects";

async fn post(client: &Client, media_type: &str, body: impl Into<Vec<u8>>) -> Answer {
    let request = client.request("POST", PROJECTS).header(CONTENT_TYPE, media_type).body(body.into());
    client.run(request).await
}

/// Every refusal tells the status, a word for programs, a sentence, and an id to quote.
#[track_caller]
fn explained(answer: &Answer, what: &str) {
    let problem = answer.problem();
    assert!((400..500).contains(&problem.status), "{what}: {}", answer.text());
    assert!(!problem.code.is_empty() && !problem.title.is_empty(), "{what}: {}", answer.text());
    assert!(problem.detail.len() > 10, "{what}: {}", answer.text());
    assert!(!answer.header("x-request-id").is_empty(), "{what}: {:?}", answer.headers);
    for leak in ["diesel", "sqlite", "postgres", "src/", "panicked"] {
        assert!(!answer.text().to_lowercase().contains(leak), "{what}: {}", answer.text());
    }
}

async fn bad_bodies_are_refused(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let client = &world.acme.administrator.client;
    let before = world.server.database.dump()?;
    let json = "application/json";

    for body in ["", "{", "name=x", "{\"name\":\"a\"}{}", "\u{feff}{}", "{\"name\":NaN}", "{'name':'a'}"] {
        let answer = post(client, json, body).await;
        answer.refused(400, "not-json");
        explained(&answer, body);
    }
    for media_type in ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "text/json"] {
        let answer = post(client, media_type, "{\"name\":\"a\"}").await;
        answer.refused(415, "not-json");
        explained(&answer, media_type);
    }
    let deep = format!("{{\"name\":{}1{}}}", "[".repeat(50_000), "]".repeat(50_000));
    let deep_object = format!("{}1{}", "{\"name\":".repeat(10_000), "}".repeat(10_000));
    for (what, body) in [
        ("invalid UTF-8", b"{\"name\":\"\xff\xfe\"}".to_vec()),
        ("deep", deep.into_bytes()),
        ("deep objects", deep_object.into_bytes()),
        ("half a character", b"{\"name\":\"\\ud800\"}".to_vec()),
        ("NUL", b"{\"name\":\"a\\u0000\"}".to_vec()),
        ("a long name", format!("{{\"name\":\"{}\"}}", "n".repeat(200_000)).into_bytes()),
        ("an array", b"[]".to_vec()),
        ("null", b"null".to_vec()),
        ("the same field twice", b"{\"name\":\"a\",\"name\":\"b\"}".to_vec()),
    ] {
        explained(&post(client, json, body).await, what);
    }
    post(client, json, "{\"name\":\"a\",\"owner\":\"me\"}").await.blames(&["owner"]);
    post(client, json, "{\"name\":5}").await.blames(&["name"]);
    let large = post(client, json, format!("{{\"name\":\"{}\"}}", "n".repeat(300_000))).await;
    large.refused(413, "too-large");
    explained(&large, "too large");
    let changes = world.server.database.changes_since(&before)?;
    assert!(changes.is_empty(), "something was changed: {changes:#?}");

    // A character that PostgreSQL does not keep, wherever a text is looked up.
    let nul = "\u{0}".to_owned();
    let sign_in = SignIn { email: nul.clone(), password: nul.clone(), invitation: None };
    explained(&world.server.client().send(calls::sign_in(&sign_in)).await.untyped(), "NUL as an address");
    Ok(())
}

async fn bad_addresses_are_refused(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let acme = &world.acme;
    let client = &acme.administrator.client;
    let project = acme.project(&acme.administrator, "Churn").await;
    for path in [
        "/api/v1/absent",
        "/api/v1/organizations/%00",
        "/api/v1/organizations/%ff%fe",
        "/api/v1/organizations/acme/projects/%00",
        "/api/v1/organizations/acme/projects/..%2f..%2fetc%2fpasswd",
        "/api/v1/organizations/acme/projects/churn'--",
        "/api/v1/organizations/acme/projects/CHURN",
        "/api/v1/organizations/acme/projects/churn/sessions/%00",
        "/api/v1/organizations/acme/projects/churn/datasets/%00",
        "/api/v1/organizations/acme/projects/churn/datasets/absent/versions/%00",
        "/api/v1/organizations/acme/projects/churn/datasets?cursor=%00",
        "/api/v1/organizations/acme/tiers/%00/prices",
        "/api/v1/organizations/acme/environments/..%2f..%2fetc/log",
        "/api/v1/invitations/%00",
        "/api/v1/password-resets/%00",
        "/api/v1/organizations/acme/projects?cursor=%00",
        "/api/v1/organizations/acme/people?cursor=!",
        "/api/v1/organizations/acme/projects?archived=1",
    ] {
        explained(&client.get(path).await, path);
    }
    let long = format!("/api/v1/organizations/{}", "a".repeat(10_000));
    explained(&client.get(&long).await, "a long path");
    let nul = |text: &str| text.replace('0', "\u{0}");
    let add = AddMember { person: nul("0"), role: ProjectRole::Client, custom_role: Some(nul("0")) };
    let add = client.send(calls::member_add(&acme.slug, &project.slug, &add)).await;
    explained(&add.untyped(), "NUL as ids");
    for path in ["me/sign-ins/%00", "organizations/acme/people/%00", "organizations/acme/invitations/%00"] {
        let answer = client.run(client.request("DELETE", &format!("/api/v1/{path}"))).await;
        explained(&answer, path);
    }
    for path in ["segments?person=%00", "segments?project=%00", "segments?cursor=%00", "people?search=%00"] {
        let answer = client.get(&format!("/api/v1/organizations/acme/{path}")).await;
        assert!(answer.status.as_u16() < 500, "{path}: {}", answer.text());
    }
    let odd = ProjectFilter { search: Some("\u{0}%_\\'".to_owned()), ..ProjectFilter::default() };
    assert!(client.send(calls::project_list(&acme.slug, &odd)).await.good().items.is_empty());

    let status = raw(client, format!("GET /api/v1/{} HTTP/1.1", "a".repeat(1 << 20)))?;
    assert!(status.is_empty() || status.starts_with("HTTP/1.1 4"), "1 MB of path: {status}");
    client.send(calls::me_get()).await.good();
    Ok(())
}

/// The first line that comes back; nothing if the server hangs up.
fn raw(client: &Client, first: String) -> anyhow::Result<String> {
    use std::io::{BufRead, BufReader};
    let mut stream = TcpStream::connect(client.server())?;
    stream.set_read_timeout(Some(std::time::Duration::from_secs(10)))?;
    // It may hang up before all is sent.
    stream.write_all(format!("{first}\r\nHost: {}\r\n\r\n", client.host()).as_bytes()).ok();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).ok();
    Ok(line)
}
