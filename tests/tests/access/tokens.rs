//! Access tokens: whom they speak for, how far they reach, and what ends them.

use crate::requests::token;
use atelier_api::account::{ChangePassword, ResetPassword};
use atelier_api::calls;
use atelier_api::member::UpdateMember;
use atelier_api::person::UpdatePerson;
use atelier_api::project::{CreateProject, Project, UpdateProject};
use atelier_api::role::{OrganizationRole, ProjectRole};
use atelier_api::token::{CreateToken, CreatedToken, TokenScope};
use atelier_tests::{Client, Database, PASSWORD, Person, World, eventually, on_both_databases, token_of};
use reqwest::header::AUTHORIZATION;
use serde_json::json;
use std::time::Duration;

on_both_databases!(
    a_token_speaks_for_its_person_as_far_as_its_scope,
    a_token_never_becomes_more_than_it_is,
    what_ends_a_token_is_felt_by_the_next_request,
    t05_a_token_comes_from_anywhere_and_a_cookie_does_not,
    t07_a_token_is_kept_as_a_hash,
    a_token_is_made_as_the_rules_say,
);

/// Somebody with a project and a token of each scope.
struct Desk {
    world: World,
    project: Project,
    owner: Person,
    read: Client,
    write: Client,
    admin: Client,
}

impl Desk {
    async fn new(database: Database, role: OrganizationRole) -> anyhow::Result<Desk> {
        let world = World::new(database).await?;
        let owner = world.acme.person(role).await;
        let project = world.acme.project(&owner, "Churn").await;
        let mut clients = Vec::new();
        for scope in [TokenScope::Read, TokenScope::Write, TokenScope::Admin] {
            clients.push(owner.client.with_token(&make(&owner, scope).await.text));
        }
        let [read, write, admin] = clients.try_into().map_err(|_| anyhow::anyhow!("three scopes"))?;
        Ok(Desk { world, project, owner, read, write, admin })
    }

    fn organization(&self) -> &str {
        &self.world.acme.slug
    }
}

async fn make(person: &Person, scope: TokenScope) -> CreatedToken {
    person.client.send(calls::token_create(&token(scope))).await.good_with(201)
}

fn renamed() -> UpdateProject {
    UpdateProject { name: Some("Churn 2".to_owned()), ..UpdateProject::default() }
}

async fn a_token_speaks_for_its_person_as_far_as_its_scope(database: Database) -> anyhow::Result<()> {
    let desk = Desk::new(database, OrganizationRole::Administrator).await?;
    let (o, p) = (desk.organization(), desk.project.slug.as_str());
    let person = desk.world.acme.person(OrganizationRole::Member).await;
    let disable = || {
        let change = UpdatePerson { disabled: Some(true), ..UpdatePerson::default() };
        calls::person_update(o, &person.id, &change)
    };
    let new = CreateProject { name: "New".to_owned(), description: String::new() };

    for program in [&desk.read, &desk.write, &desk.admin] {
        assert_eq!(program.send(calls::me_get()).await.good().id, desk.owner.id);
        assert_eq!(program.send(calls::organization_list()).await.good().len(), 1);
        program.send(calls::project_get(o, p)).await.good();
        program.send(calls::person_list(o, None, None)).await.good();
    }

    // The refusal names the scope that would do, and with it the same is done.
    let refused = desk.read.send(calls::project_create(o, &new)).await.refused(403, "token-scope");
    assert!(refused.detail.contains("scope write"), "{}", refused.detail);
    desk.read.send(calls::project_update(o, p, &renamed())).await.refused(403, "token-scope");
    desk.write.send(calls::project_create(o, &new)).await.good_with(201);
    assert_eq!(desk.write.send(calls::project_update(o, p, &renamed())).await.good().name, "Churn 2");

    let refused = desk.write.send(disable()).await.refused(403, "token-scope");
    assert!(refused.detail.contains("scope admin"), "{}", refused.detail);
    assert!(desk.admin.send(disable()).await.good().disabled_at.is_some());

    // What the person may not see is not there, and what the role forbids is the role's to explain.
    let guest = desk.world.acme.person(OrganizationRole::Guest).await;
    let theirs = guest.client.with_token(&make(&guest, TokenScope::Read).await.text);
    theirs.send(calls::project_update(o, p, &renamed())).await.refused(404, "not-found");
    theirs.send(calls::project_create(o, &new)).await.refused(403, "forbidden");
    desk.world.acme.add(&desk.project, &guest, ProjectRole::Client).await;
    theirs.send(calls::project_get(o, p)).await.good();
    theirs.send(calls::project_update(o, p, &renamed())).await.refused(403, "forbidden");
    // A role that grows opens no scope.
    let owner = UpdateMember { role: ProjectRole::Owner, custom_role: None };
    desk.owner.client.send(calls::member_update(o, p, &guest.id, &owner)).await.good();
    theirs.send(calls::project_update(o, p, &renamed())).await.refused(403, "token-scope");
    Ok(())
}

async fn a_token_never_becomes_more_than_it_is(database: Database) -> anyhow::Result<()> {
    let desk = Desk::new(database, OrganizationRole::Administrator).await?;
    let (o, program) = (desk.organization(), &desk.admin);
    let only = |status: u16, code: String| assert_eq!((status, code.as_str()), (403, "not-by-token"));
    for path in ["/api/v1/me/tokens", "/api/v1/me/sign-ins", &calls::events_path(o)] {
        let answer = program.get(path).await;
        only(answer.status.as_u16(), answer.problem().code);
    }
    program.send(calls::token_create(&token(TokenScope::Read))).await.refused(403, "not-by-token");
    program.send(calls::me_update(&Default::default())).await.refused(403, "not-by-token");
    let change = ChangePassword { current: PASSWORD.to_owned(), new: format!("{PASSWORD}-new") };
    program.send(calls::password_change(&change)).await.refused(403, "not-by-token");
    // A link that gives the person, or anybody, a password would be as good as the account.
    program.send(calls::person_reset_password(o, &desk.owner.id)).await.refused(403, "not-by-token");
    desk.owner.client.send(calls::person_reset_password(o, &desk.owner.id)).await.good();

    // Nor does the installation's operator give a token the installation.
    let operator = &desk.world.acme.administrator;
    let theirs = operator.client.with_token(&make(operator, TokenScope::Admin).await.text);
    let new = atelier_api::organization::CreateOrganization { name: "Second".to_owned() };
    theirs.send(calls::organization_create(&new)).await.refused(403, "not-by-token");

    // A way into a session stands on a browser's sign-in.
    let tiers = desk.owner.client.send(calls::tier_list(o)).await.good();
    let tier = tiers.first().map(|tier| tier.id.as_str()).unwrap_or_default();
    let project = desk.project.slug.as_str();
    let session = desk.world.server.database.session(project, &desk.owner.email, tier, "running")?;
    program.send(calls::session_get(o, project, &session)).await.good();
    program.send(calls::session_open(o, project, &session)).await.refused(403, "not-by-token");
    desk.owner.client.send(calls::session_open(o, project, &session)).await.good();
    Ok(())
}

async fn what_ends_a_token_is_felt_by_the_next_request(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (o, admin) = (world.acme.slug.as_str(), &world.acme.administrator.client);
    let ends =
        ["revoked", "expired", "disabled", "removed", "password reset", "password changed", "signed out"];
    for how in ends {
        let person = world.acme.person(OrganizationRole::Member).await;
        let made = make(&person, TokenScope::Admin).await;
        let other = make(&person, TokenScope::Read).await;
        let program = person.client.with_token(&made.text);
        program.send(calls::organization_get(o)).await.good();
        match how {
            "revoked" => person.client.send(calls::token_revoke(&made.token.id)).await.good_with(204),
            "expired" => {
                // At this very moment, by the server's clock.
                let now = format!(
                    "UPDATE access_tokens SET expires_at = last_row.at FROM (SELECT MAX(created_at) AS at FROM \
                     access_tokens) AS last_row WHERE id = '{}'",
                    made.token.id
                );
                assert_eq!(world.server.database.execute(&now)?, 1);
            }
            "disabled" => {
                let change = UpdatePerson { disabled: Some(true), ..UpdatePerson::default() };
                admin.send(calls::person_update(o, &person.id, &change)).await.good();
            }
            "removed" => admin.send(calls::person_remove(o, &person.id)).await.good(),
            "password reset" => {
                let link = admin.send(calls::person_reset_password(o, &person.id)).await.good();
                let password = ResetPassword { password: format!("{PASSWORD}-new") };
                person.client.fresh().send(calls::password_reset(token_of(&link), &password)).await.good();
            }
            "password changed" => {
                let change = ChangePassword { current: PASSWORD.to_owned(), new: format!("{PASSWORD}-new") };
                person.client.send(calls::password_change(&change)).await.good();
            }
            _ => person.client.send(calls::sign_out()).await.good(),
        }
        let still = matches!(how, "password changed" | "signed out");
        for call in [calls::organization_get(o), calls::organization_get("absent")] {
            let answer = program.send(call).await;
            if !still {
                answer.refused(401, "token-invalid");
            }
        }
        let me = program.send(calls::me_get()).await;
        assert_eq!(me.status.is_success(), still, "{how}: {}", me.text());
        // One that ends takes no other with it, unless they all do.
        let all = matches!(how, "disabled" | "removed" | "password reset");
        let answer = person.client.with_token(&other.text).send(calls::me_get()).await;
        assert_eq!(answer.status.is_success(), !all, "{how}: {}", answer.text());
        if how == "expired" {
            let listed = person.client.send(calls::token_list()).await.good();
            let marked: Vec<bool> = listed.iter().map(|token| token.expired).collect();
            assert_eq!(marked, [false, true]);
            // It stays expired though its time be moved: what was noticed is over.
            let noticed = format!(
                "SELECT id AS line FROM access_tokens WHERE id = '{}' AND revoked_at = expires_at",
                made.token.id
            );
            eventually("the server notices", Duration::from_secs(20), || async {
                world.server.database.lines(&noticed).is_ok_and(|lines| lines.len() == 1)
            })
            .await;
            assert_eq!(person.client.send(calls::token_list()).await.good(), listed);
            person.client.send(calls::token_revoke(&made.token.id)).await.good_with(204);
            assert_eq!(person.client.send(calls::token_list()).await.good().len(), 1);
        }
    }
    Ok(())
}

async fn t05_a_token_comes_from_anywhere_and_a_cookie_does_not(database: Database) -> anyhow::Result<()> {
    let desk = Desk::new(database, OrganizationRole::Member).await?;
    let (o, p) = (desk.organization(), desk.project.slug.as_str());
    let body = serde_json::to_string(&renamed())?;
    let path = format!("/api/v1/organizations/{o}/projects/{p}");
    let change = |client: &Client, site: Option<&str>| {
        let request = client.bare("PATCH", &path).header("content-type", "application/json");
        let request = match site {
            Some(site) => request.header("sec-fetch-site", site),
            None => request,
        };
        request.body(body.clone())
    };
    for site in [None, Some("cross-site"), Some("same-site")] {
        let answer = desk.write.run::<Project>(change(&desk.write, site)).await;
        assert_eq!(answer.good().name, "Churn 2");
        assert!(!answer.headers.contains_key("access-control-allow-origin"));
        desk.owner.client.run::<()>(change(&desk.owner.client, site)).await.refused(403, "foreign-origin");
        // Other schemes come by themselves, from browsers too.
        let basic = change(&desk.owner.client, site).header(AUTHORIZATION, "Basic dXNlcjpwYXNz");
        desk.owner.client.run::<()>(basic).await.refused(403, "foreign-origin");
    }
    // Whoever may ask from elsewhere is told by nobody but us, and we say nothing.
    let preflight = desk.owner.client.bare("OPTIONS", &path).header("origin", "https://evil.test");
    let preflight = preflight.header("access-control-request-headers", "authorization");
    let answer = desk.owner.client.run::<()>(preflight).await;
    assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control")), "{answer:?}");

    // Beside a token, a cookie counts for nothing: neither where the token does not reach nor where it is wrong.
    desk.read.set_cookie(desk.owner.client.cookie());
    desk.read.send(calls::project_update(o, p, &renamed())).await.refused(403, "token-scope");
    desk.read.send(calls::token_list()).await.refused(403, "not-by-token");
    let cookie = desk.owner.client.cookie().unwrap_or_default();
    let sign_in = cookie.split_once('=').map_or("", |(_, token)| token);
    for wrong in ["atl_wrong", "", "atl_", sign_in, "atl_a atl_b"] {
        let client = desk.owner.client.with_token(wrong);
        client.set_cookie(Some(cookie.clone()));
        client.send(calls::me_get()).await.refused(401, "token-invalid");
        client.send(calls::project_update(o, p, &renamed())).await.refused(401, "token-invalid");
    }
    let twice = desk.write.bare("GET", "/api/v1/me").header(AUTHORIZATION, "Bearer atl_other");
    desk.write.run::<()>(twice).await.refused(401, "token-invalid");
    Ok(())
}

async fn t07_a_token_is_kept_as_a_hash(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let ada = &world.acme.administrator;
    let made = make(ada, TokenScope::Read).await;
    assert!(made.text.starts_with("atl_") && made.text.len() == 47, "{}", made.text);
    ada.client.with_token(&made.text).send(calls::me_get()).await.good();
    let dump = world.server.database.dump()?;
    assert!(dump.contains(&made.token.id), "the token's row");
    for place in [dump, world.server.log()] {
        assert!(!place.contains(&made.text) && !place.contains(&made.text[4..]), "the text is kept");
    }
    assert!(!ada.client.get("/api/v1/me/tokens").await.text().contains(&made.text));
    // Made and revoked are in the log, by the token's id.
    ada.client.send(calls::token_revoke(&made.token.id)).await.good();
    let log = world.server.log();
    let told =
        log.lines().filter(|line| line.contains(&made.token.id) && line.contains("an access token was"));
    assert_eq!(told.count(), 2, "{log}");
    Ok(())
}

async fn a_token_is_made_as_the_rules_say(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (ada, bob) = (&world.acme.administrator, world.acme.person(OrganizationRole::Member).await);
    let create = || calls::token_create(&token(TokenScope::Read));
    let long = "x".repeat(101);
    for (body, field) in [
        (json!({ "name": "", "scope": "read", "days": 7 }), "name"),
        (json!({ "name": long, "scope": "read", "days": 7 }), "name"),
        (json!({ "name": "a\u{0}b", "scope": "read", "days": 7 }), "name"),
        (json!({ "name": "A", "scope": "all", "days": 7 }), "scope"),
        (json!({ "name": "A", "scope": "read", "days": 0 }), "days"),
        (json!({ "name": "A", "scope": "read", "days": 367 }), "days"),
    ] {
        ada.client.send_json(create(), &body).await.blames(&[field]);
    }
    let new = CreateToken { name: "x".repeat(100), scope: TokenScope::Write, days: 366 };
    let made = ada.client.send(calls::token_create(&new)).await.good_with(201).token;
    assert_eq!((made.expires_at - made.created_at, made.last_used_at), (366 * 86_400_000, None));
    assert_eq!(ada.client.send(calls::token_list()).await.good().as_slice(), std::slice::from_ref(&made));

    // One's own only.
    assert_eq!(bob.client.send(calls::token_list()).await.good(), []);
    bob.client.send(calls::token_revoke(&made.id)).await.refused(404, "not-found");
    ada.client.send(calls::token_revoke(&made.id)).await.good_with(204);
    ada.client.send(calls::token_revoke(&made.id)).await.refused(404, "not-found");

    // Ten a minute; that does not keep the person from signing in.
    let mut refused = None;
    for _ in 0..12 {
        let answer = bob.client.send(create()).await;
        if answer.status == 429 {
            refused = Some(answer.refused(429, "rate-limited"));
            break;
        }
        answer.good_with(201);
    }
    assert!(refused.is_some(), "no end of tokens");
    bob.client.fresh().sign_in(&bob.email).await.good();
    ada.client.send(create()).await.good_with(201);
    Ok(())
}
