//! Roles that an organization makes for its projects.

use crate::role::{any, asked, give, make, member, membership, own};
use atelier_api::calls;
use atelier_api::custom_role::SaveCustomRole;
use atelier_api::member::UpdateMember;
use atelier_api::project::UpdateProject;
use atelier_api::role::{Action, Object, OrganizationRole, ProjectRole};
use atelier_tests::{Database, World, eventually, on_both_databases};
use serde_json::json;
use std::time::Duration;

on_both_databases!(
    a_role_permits_exactly_what_it_says,
    deny_wins_over_the_organization_role,
    what_no_organization_may_give_is_refused,
    roles_come_and_go,
    another_organizations_role_is_not_there,
);

async fn a_role_permits_exactly_what_it_says(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator.client);
    let project = acme.project(&acme.administrator, "Churn").await;
    let (organization, slug) = (acme.slug.as_str(), project.slug.as_str());
    let allow = [any(Object::Project, Action::Read), any(Object::Project, Action::Update)];
    let editor = make(acme, "Editor", &allow, &[]).await;
    assert_eq!((editor.base, editor.members), (ProjectRole::Client, 0));
    assert_eq!((editor.allow.as_slice(), editor.deny.len()), (allow.as_slice(), 0));
    let person = member(acme, &project, &editor).await;
    let client = &person.client;

    let seen = client.send(calls::project_get(organization, slug)).await.good();
    assert!(allow.iter().all(|permission| seen.permissions.contains(permission)));
    assert!(!seen.permissions.contains(&any(Object::Project, Action::Delete)));
    let update = || calls::project_update(organization, slug, &UpdateProject::default());
    client.send(update()).await.good();
    let delete = || calls::project_delete(organization, slug, "Churn");
    client.send(delete()).await.refused(403, "forbidden");
    client.send(calls::member_list(organization, slug)).await.refused(403, "forbidden");
    client.send(calls::session_list(organization, slug)).await.refused(403, "forbidden");
    let listed = ada.send(calls::member_list(organization, slug)).await.good();
    let named: Vec<_> = listed.into_iter().filter_map(|member| member.custom_role).collect();
    assert_eq!(named.iter().map(|role| role.name.as_str()).collect::<Vec<_>>(), ["Editor"]);

    // Changed, it holds with the next request.
    let role = asked("Reader", &[any(Object::Project, Action::Read), any(Object::Member, Action::Read)], &[]);
    let changed = ada.send(calls::custom_role_update(organization, &editor.id, &role)).await.good();
    assert_eq!(
        (changed.id.as_str(), changed.name.as_str(), changed.members),
        (editor.id.as_str(), "Reader", 1)
    );
    client.send(update()).await.refused(403, "forbidden");
    client.send(calls::member_list(organization, slug)).await.good();
    let nothing = asked("Reader", &[], &[]);
    ada.send(calls::custom_role_update(organization, &editor.id, &nothing)).await.good();
    client.send(calls::project_get(organization, slug)).await.refused(404, "not-found");

    // A built-in role again: the custom one no longer decides.
    let owner = UpdateMember { role: ProjectRole::Owner, custom_role: None };
    let given = ada.send(calls::member_update(organization, slug, &person.id, &owner)).await.good();
    assert_eq!(given.custom_role, None);
    client.send(delete()).await.good_with(204);
    Ok(())
}

const SOON: Duration = Duration::from_secs(1);

#[tokio::test]
async fn a_change_is_felt_on_another_server() -> anyhow::Result<()> {
    let world = World::new(Database::Postgres).await?;
    let second = world.server.second().await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator.client);
    let project = acme.project(&acme.administrator, "Churn").await;
    let read = any(Object::Project, Action::Read);
    let editor = make(acme, "Editor", &[read, any(Object::Project, Action::Update)], &[]).await;
    let person = member(acme, &project, &editor).await;
    let there = second.client();
    there.set_cookie(person.client.cookie());
    let update = || calls::project_update(&acme.slug, &project.slug, &UpdateProject::default());
    there.send(update()).await.good();

    let less = asked("Editor", &[read], &[]);
    ada.send(calls::custom_role_update(&acme.slug, &editor.id, &less)).await.good();
    eventually("it is taken", SOON, || async { there.send(update()).await.status == 403 }).await;
    let more = asked("Editor", &[read, any(Object::Project, Action::Update)], &[]);
    ada.send(calls::custom_role_update(&acme.slug, &editor.id, &more)).await.good();
    eventually("it is given", SOON, || async { there.send(update()).await.status == 200 }).await;
    Ok(())
}

async fn deny_wins_over_the_organization_role(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let acme = &world.acme;
    let project = acme.project(&acme.administrator, "Churn").await;
    let other = acme.project(&acme.administrator, "Fraud").await;
    let deny = [any(Object::Project, Action::Update), any(Object::Member, Action::Read)];
    let role = make(acme, "Hands off", &[any(Object::Project, Action::Read)], &deny).await;
    let person = acme.person(OrganizationRole::Administrator).await;
    let update = |slug: &str| calls::project_update(&acme.slug, slug, &UpdateProject::default());
    person.client.send(update(&project.slug)).await.good();
    give(acme, &project, &person, &role).await;
    person.client.send(update(&project.slug)).await.refused(403, "forbidden");
    person.client.send(calls::member_list(&acme.slug, &project.slug)).await.refused(403, "forbidden");
    person.client.send(calls::project_get(&acme.slug, &project.slug)).await.good();
    person.client.send(update(&other.slug)).await.good();
    Ok(())
}

async fn what_no_organization_may_give_is_refused(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator.client);
    let project = acme.project(&acme.administrator, "Churn").await;
    let read = any(Object::Project, Action::Read);
    let role = make(acme, "Reviewer", &[read], &[]).await;
    let other = make(acme, "Other", &[read], &[]).await;
    let person = member(acme, &project, &role).await;
    let before = world.server.database.dump()?;

    let words = |object: &str, action: &str, scope: &str| json!({ "object": object, "action": action, "scope": scope });
    let save = |name: &str, base: &str, allow: serde_json::Value, deny: serde_json::Value| json!({ "name": name, "base": base, "allow": allow, "deny": deny });
    let (fine, none) = (json!([words("project", "read", "any")]), json!([]));
    let allow =
        |object, action, scope| save("New", "client", json!([words(object, action, scope)]), none.clone());
    let wrong = [
        ("an unknown object", allow("universe", "read", "any")),
        ("an unknown action", allow("project", "admire", "any")),
        ("an unknown scope", allow("project", "read", "all")),
        ("entering others' sessions", allow("session", "open", "any")),
        ("starting others' sessions", allow("session", "start", "any")),
        ("the installation", allow("installation", "read", "any")),
        ("new organizations", allow("organization", "create", "any")),
        (
            "a denial of own things only",
            save("New", "client", none.clone(), json!([words("session", "read", "own")])),
        ),
        ("an owner", save("New", "owner", fine.clone(), none.clone())),
        ("no name", save(" ", "client", fine.clone(), none.clone())),
        ("another's name", save("Other", "client", fine.clone(), none.clone())),
        (
            "the same twice",
            save(
                "New",
                "client",
                json!([words("project", "read", "any"), words("project", "read", "own")]),
                none.clone(),
            ),
        ),
        ("too many", save("New", "client", json!(vec![words("project", "read", "any"); 101]), none.clone())),
    ];
    for (what, body) in &wrong {
        let create = calls::custom_role_create(&acme.slug, &asked("", &[], &[]));
        let created = ada.send_json(create, body).await;
        assert_eq!(created.status, 422, "{what}: {}", created.text());
        let update = calls::custom_role_update(&acme.slug, &role.id, &asked("", &[], &[]));
        let updated = ada.send_json(update, body).await;
        assert_eq!(updated.status, 422, "{what}: {}", updated.text());
        assert!(!updated.refused(422, "invalid").fields.is_empty(), "{what}");
    }
    let denied = save("New", "client", none.clone(), json!([words("session", "read", "own")]));
    let create = calls::custom_role_create(&acme.slug, &asked("", &[], &[]));
    ada.send_json(create, &denied).await.blames(&["deny"]);
    let changes = world.server.database.changes_since(&before)?;
    assert!(changes.is_empty(), "something was changed: {changes:#?}");
    person.client.send(calls::project_get(&acme.slug, &project.slug)).await.good();

    // Nobody but an administrator makes one, not even who sees them.
    for standing in [OrganizationRole::Auditor, OrganizationRole::Member, OrganizationRole::Guest] {
        let client = acme.person(standing).await.client;
        let create = calls::custom_role_create(&acme.slug, &asked("Mine", &[read], &[]));
        client.send(create).await.refused(403, "forbidden");
        let update =
            client.send(calls::custom_role_update(&acme.slug, &other.id, &asked("Mine", &[read], &[]))).await;
        let expected = if standing == OrganizationRole::Auditor { 403 } else { 404 };
        assert_eq!(update.status, expected, "{standing}: {}", update.text());
    }
    Ok(())
}

async fn roles_come_and_go(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator.client);
    let project = acme.project(&acme.administrator, "Churn").await;
    let role = make(acme, "Reviewer", &[any(Object::Project, Action::Read)], &[]).await;
    let editor = make(acme, "Editor", &[own(Object::Session, Action::Read)], &[]).await;
    let person = member(acme, &project, &role).await;
    let list = ada.send(calls::custom_role_list(&acme.slug)).await.good();
    let list: Vec<_> = list.iter().map(|role| (role.name.as_str(), role.members)).collect();
    assert_eq!(list, [("Editor", 0), ("Reviewer", 1)]);

    let delete = || calls::custom_role_delete(&acme.slug, &role.id);
    ada.send(delete()).await.refused(409, "role-in-use");
    person.client.send(calls::project_get(&acme.slug, &project.slug)).await.good();
    ada.send(calls::custom_role_delete(&acme.slug, &editor.id)).await.good_with(204);
    ada.send(calls::member_remove(&acme.slug, &project.slug, &person.id)).await.good();
    ada.send(delete()).await.good_with(204);
    ada.send(delete()).await.refused(404, "not-found");
    assert!(ada.send(calls::custom_role_list(&acme.slug)).await.good().is_empty());
    let add = calls::member_add(&acme.slug, &project.slug, &membership(&person, &role));
    ada.send(add).await.blames(&["custom_role"]);
    // Its name is free again.
    make(acme, "Reviewer", &[], &[]).await;
    Ok(())
}

async fn another_organizations_role_is_not_there(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let acme = &world.acme;
    let beta = world.tenant("Beta").await;
    let all = [any(Object::Project, Action::Read), any(Object::Member, Action::Read)];
    let secret = make(acme, "Secret", &all, &[]).await;
    let project = beta.project(&beta.administrator, "Churn").await;
    let person = beta.person(OrganizationRole::Member).await;
    let bob = &beta.administrator.client;
    let (organization, slug) = (beta.slug.as_str(), project.slug.as_str());

    let theirs = bob.send(calls::member_add(organization, slug, &membership(&person, &secret))).await;
    theirs.blames(&["custom_role"]);
    let absent = atelier_api::custom_role::CustomRole { id: "absent".to_owned(), ..secret.clone() };
    let nobodys = bob.send(calls::member_add(organization, slug, &membership(&person, &absent))).await;
    assert_eq!(theirs.text(), nobodys.text());
    let change = UpdateMember { role: ProjectRole::Client, custom_role: Some(secret.id.clone()) };
    bob.send(calls::member_update(organization, slug, &beta.administrator.id, &change))
        .await
        .blames(&["custom_role"]);
    let save: SaveCustomRole = asked("Mine", &[], &[]);
    bob.send(calls::custom_role_update(organization, &secret.id, &save)).await.refused(404, "not-found");
    bob.send(calls::custom_role_delete(organization, &secret.id)).await.refused(404, "not-found");
    assert!(bob.send(calls::custom_role_list(organization)).await.good().is_empty());
    // The same name in two organizations is two roles.
    make(&beta, "Secret", &[], &[]).await;
    let mine = acme.administrator.client.send(calls::custom_role_list(&acme.slug)).await.good();
    assert_eq!(mine, [secret]);
    Ok(())
}
