//! Secrets that the server was given are nowhere that others look: its log at the most talkative level, the
//! database, a backup, what Docker knows of a container, answers with errors.

use atelier_api::account::{ChangePassword, NewAccount};
use atelier_api::calls;
use atelier_api::role::OrganizationRole;
use atelier_api::token::{CreateToken, TokenScope};
use atelier_tests::studio::{LIMIT, Studio, container, split};
use atelier_tests::{Client, Database, PASSWORD, docker, eventually, on_both_databases, program, token_of};

on_both_databases!(secrets_are_nowhere_that_others_look);

const METRICS_TOKEN: &str = "canary-metrics-token-5b1f0c";
const NEW_PASSWORD: &str = "canary-harbour-violin-77-basalt";

/// What must not be found, with a word for what it is.
#[derive(Default)]
struct Canaries(Vec<(&'static str, String)>);

impl Canaries {
    fn add(&mut self, what: &'static str, secret: &str) {
        assert!(secret.len() >= 12, "{what} is too short to be looked for: {secret:?}");
        self.0.push((what, secret.to_owned()));
    }

    fn add_cookie(&mut self, what: &'static str, client: &Client) {
        let cookie = client.cookie().unwrap_or_default();
        self.add(what, cookie.split_once('=').map_or("", |(_, value)| value));
    }

    fn are_not_in(&self, place: &str, text: &[u8]) {
        assert!(!text.is_empty(), "{place} is empty");
        for (what, secret) in &self.0 {
            let found = text.windows(secret.len()).position(|window| window == secret.as_bytes());
            if let Some(at) = found {
                let around = &text[at.saturating_sub(200)..(at + secret.len() + 50).min(text.len())];
                panic!("{what} is in {place}: …{}…", String::from_utf8_lossy(around));
            }
        }
    }
}

async fn secrets_are_nowhere_that_others_look(database: Database) -> anyhow::Result<()> {
    let settings = [("LOG", "trace".to_owned()), ("METRICS_TOKEN", METRICS_TOKEN.to_owned())];
    let mut studio = Studio::with(database, &settings).await?;
    let mut canaries = Canaries::default();
    canaries.add("the metrics token", METRICS_TOKEN);
    canaries.add("a password", PASSWORD);
    canaries.add("a new password", NEW_PASSWORD);
    canaries.add("the set-up token", &studio.world.server.setup_token().await?);
    let owner = studio.owner.client.clone();
    canaries.add_cookie("a sign-in's cookie", &owner);

    // Invitations, sign-ins and passwords, right and wrong.
    let invitation = studio.world.acme.invite(OrganizationRole::Member).await;
    canaries.add("an invitation's token", token_of(&invitation));
    let account = NewAccount {
        name: "Grace".to_owned(),
        email: "grace@acme.test".to_owned(),
        password: PASSWORD.to_owned(),
        language: atelier_api::account::Language::English,
    };
    let grace = owner.fresh();
    grace.send(calls::invitation_accept_new(token_of(&invitation), &account)).await.good_with(201);
    canaries.add_cookie("a cookie of a new account", &grace);
    let change = ChangePassword { current: PASSWORD.to_owned(), new: NEW_PASSWORD.to_owned() };
    grace.send(calls::password_change(&change)).await.good();
    let wrong = owner.fresh().sign_in_with("grace@acme.test", PASSWORD).await;
    canaries.are_not_in("the answer to a wrong password", &wrong.body);
    owner.fresh().sign_in_with("grace@acme.test", NEW_PASSWORD).await.good();
    let misuse = owner.fresh();
    misuse.set_cookie(owner.cookie());
    misuse.get("/api/v1/organizations/none/projects").await;
    let as_token = owner.bare("GET", "/metrics").bearer_auth(METRICS_TOKEN);
    assert_eq!(owner.run::<()>(as_token).await.status, 200);

    // An access token, made, used and misused.
    let new = CreateToken { name: "Canary".to_owned(), scope: TokenScope::Read, days: 1 };
    let text = owner.send(calls::token_create(&new)).await.good_with(201).text;
    canaries.add("an access token", &text);
    let program = owner.with_token(&text);
    program.send(calls::me_get()).await.good();
    program.send(calls::sign_out()).await.refused(403, "not-by-token");
    owner.with_token(&format!("{text}x")).send(calls::me_get()).await.refused(401, "token-invalid");

    // A session, the code that opens it, and the cookie there.
    let session = studio.running().await;
    let open = calls::session_open(studio.organization(), &studio.project.slug, &session.id);
    let entry = owner.send(open).await.good().url;
    canaries.add("a session's entry code", entry.rsplit(['=', '/']).next().unwrap_or_default());
    let browser = owner.on_host(split(&entry).0);
    assert_eq!(browser.get(split(&entry).1).await.status, 303);
    canaries.add_cookie("a session's cookie", &browser);
    eventually("the tool answers", LIMIT, || async { browser.get("/api").await.status == 200 }).await;
    // Used twice, which is refused and told.
    owner.on_host(split(&entry).0).get(split(&entry).1).await;

    let server = &studio.world.server;
    let inspected = docker::inspect(&studio.docker, &container(&session)).await?;
    canaries.are_not_in("what Docker knows of the container", format!("{inspected:?}").as_bytes());
    let environment = studio.run(&session, "cat /proc/1/environ /proc/*/environ").await?;
    canaries.are_not_in("the container's environment", environment.as_bytes());
    canaries.are_not_in("the database", server.database.dump()?.as_bytes());
    let archive = server.data_dir().join("backup.tar");
    let file = archive.display().to_string();
    let backup = program::command(&["backup", &file], &server.data_dir(), &server.database.url);
    let said = program::succeed(backup).await?;
    canaries.are_not_in("the backup", &std::fs::read(&archive)?);
    canaries.are_not_in("what the backup said", said.as_bytes());
    let doctor = program::command(&["doctor"], &server.data_dir(), &server.database.url);
    canaries.are_not_in("what the doctor said", program::said(&program::run(doctor).await?).as_bytes());

    studio.world.server.kill9()?;
    let log = studio.world.server.log();
    assert!(log.contains("TRACE"), "the log is not at its most talkative");
    canaries.are_not_in("the log", log.as_bytes());
    Ok(())
}
