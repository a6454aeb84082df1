//! `ETag` and `If-Match`: of two who change the same version, one is told.

use crate::role::{any, asked, make};
use crate::team::{give, in_project, team};
use atelier_api::call::Call;
use atelier_api::calls;
use atelier_api::grant::SetGrants;
use atelier_api::group::SaveGroup;
use atelier_api::member::UpdateMember;
use atelier_api::organization::UpdateOrganization;
use atelier_api::person::UpdatePerson;
use atelier_api::project::UpdateProject;
use atelier_api::role::{Action, Object, OrganizationRole, ProjectRole};
use atelier_api::tier::UpdateTier;
use atelier_api::version::{Versioned, etag};
use atelier_tests::{Client, Database, World, on_both_databases};
use futures::future::join_all;
use serde::de::DeserializeOwned;

on_both_databases!(
    every_change_counts_and_a_late_one_is_told,
    what_was_changed_meanwhile_is_not_deleted,
    of_many_who_change_the_same_version_one_succeeds,
    other_forms_of_if_match,
);

/// Changes a thing of this version, then once more as if that had not happened, then without a condition.
async fn counts<T: DeserializeOwned + Versioned>(
    client: &Client,
    what: &str,
    version: i64,
    change: impl Fn() -> Call<T>,
) -> i64 {
    let first = client.send(change().unless_changed(version)).await;
    let changed = first.good();
    assert_eq!(first.header("etag"), etag(changed.version()), "{what}");
    assert!(changed.version() > version, "{what}: {} after {version}", changed.version());
    let late = client.send(change().unless_changed(version)).await.refused(412, "changed-meanwhile");
    let by = late.changed.unwrap_or_else(|| panic!("{what}: nobody is named"));
    assert_eq!(by.by, "Ada", "{what}");
    assert!(by.at > 1_700_000_000_000, "{what}");
    let without = client.send(change()).await.good().version();
    assert!(without > changed.version(), "{what}: whoever says nothing of versions overwrites");
    without
}

async fn every_change_counts_and_a_late_one_is_told(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator.client);
    let o = acme.slug.as_str();
    let project = acme.project(&acme.administrator, "Churn").await;
    let p = project.slug.as_str();
    let bob = acme.member(&project, ProjectRole::Client).await;

    let got = ada.send(calls::project_get(o, p)).await;
    assert_eq!(got.header("etag"), etag(got.good().version));
    assert_eq!(project.version, got.good().version);
    let rename =
        || calls::project_update(o, p, &UpdateProject { name: Some("C".into()), ..Default::default() });
    let version = counts(ada, "project", project.version, rename).await;
    let got = ada.send(calls::project_get(o, p)).await;
    assert_eq!((got.header("etag"), got.good().version), (etag(version).as_str(), version));
    let listed = ada.send(calls::project_list(o, &Default::default())).await.good().items;
    assert_eq!(listed[0].version, version);

    let organization = ada.send(calls::organization_get(o)).await;
    assert_eq!(organization.header("etag"), etag(organization.good().version));
    let rename = || calls::organization_update(o, &UpdateOrganization::default());
    let version = counts(ada, "organization", organization.good().version, rename).await;
    assert_eq!(ada.send(calls::organization_list()).await.good()[0].version, version);

    let tier = ada.send(calls::tier_list(o)).await.good().remove(0);
    let version =
        counts(ada, "tier", tier.version, || calls::tier_update(o, &tier.id, &UpdateTier::default())).await;
    // Who may start it is of the same page as its price.
    let grants = || calls::tier_grants_set(o, &tier.id, &SetGrants::default());
    let version = counts(ada, "grants", version, grants).await;
    assert_eq!(ada.send(calls::tier_list(o)).await.good()[0].version, version);

    let role = make(acme, "Reader", &[any(Object::Project, Action::Read)], &[]).await;
    let save = asked("Reader", &[any(Object::Project, Action::Read)], &[]);
    counts(ada, "role", role.version, || calls::custom_role_update(o, &role.id, &save)).await;

    let people = ada.send(calls::person_list(o, Some(&bob.email), None)).await.good().items;
    let limits = || calls::person_update(o, &bob.id, &UpdatePerson::default());
    counts(ada, "person", people[0].version, limits).await;

    let members = ada.send(calls::member_list(o, p)).await.good();
    let member = members.iter().find(|member| member.person == bob.id).map(|member| member.version);
    let annotator = UpdateMember { role: ProjectRole::Annotator, custom_role: None };
    let change = || calls::member_update(o, p, &bob.id, &annotator);
    counts(ada, "member", member.unwrap_or_default(), change).await;

    let group = team(acme, "Data", &[]).await;
    let save = SaveGroup { name: "Data".into(), description: "x".into() };
    let version = counts(ada, "group", group.version, || calls::group_update(o, &group.id, &save)).await;
    let got = ada.send(calls::group_get(o, &group.id)).await;
    assert_eq!((got.header("etag"), got.good().group.version), (etag(version).as_str(), version));
    give(acme, &project, &in_project(&group, ProjectRole::Client)).await;
    let given = ada.send(calls::project_group_list(o, p)).await.good().remove(0);
    let change = || calls::project_group_update(o, p, &group.id, &annotator);
    counts(ada, "group in a project", given.version, change).await;
    Ok(())
}

async fn what_was_changed_meanwhile_is_not_deleted(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator.client);
    let o = acme.slug.as_str();
    let project = acme.project(&acme.administrator, "Churn").await;
    let p = project.slug.as_str();
    let bob = acme.member(&project, ProjectRole::Client).await;
    let role = make(acme, "Reader", &[any(Object::Project, Action::Read)], &[]).await;
    let group = team(acme, "Data", &[&bob]).await;
    give(acme, &project, &in_project(&group, ProjectRole::Client)).await;
    let old = 77;
    let before = world.server.database.dump()?;
    for (what, call) in [
        ("project", calls::project_delete(o, p, "Churn")),
        ("member", calls::member_remove(o, p, &bob.id)),
        ("group in a project", calls::project_group_remove(o, p, &group.id)),
        ("group", calls::group_delete(o, &group.id, "Data")),
        ("role", calls::custom_role_delete(o, &role.id)),
        ("person", calls::person_remove(o, &bob.id)),
    ] {
        let answer = ada.send(call.unless_changed(old)).await;
        assert_eq!(answer.status, 412, "{what}: {}", answer.text());
    }
    let changes = world.server.database.changes_since(&before)?;
    assert!(changes.is_empty(), "something was changed: {changes:#?}");
    ada.send(calls::group_delete(o, &group.id, "Data").unless_changed(group.version)).await.good_with(204);
    ada.send(calls::project_delete(o, p, "Churn").unless_changed(project.version)).await.good_with(204);
    Ok(())
}

async fn of_many_who_change_the_same_version_one_succeeds(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let acme = &world.acme;
    let project = acme.project(&acme.administrator, "Churn").await;
    let mut version = project.version;
    let others =
        [acme.person(OrganizationRole::Administrator).await, acme.member(&project, ProjectRole::Owner).await];
    for round in 0..3 {
        let writers = others.iter().cycle().take(6).enumerate().map(|(n, person)| {
            let change = UpdateProject { name: Some(format!("{round} {n}")), ..Default::default() };
            let call = calls::project_update(&acme.slug, &project.slug, &change).unless_changed(version);
            async move { (format!("{round} {n}"), person.client.send(call).await) }
        });
        let answers = join_all(writers).await;
        let won: Vec<_> = answers.iter().filter(|(_, answer)| answer.status == 200).collect();
        assert_eq!(won.len(), 1, "round {round}: {answers:?}");
        for (_, answer) in answers.iter().filter(|(_, answer)| answer.status != 200) {
            answer.refused(412, "changed-meanwhile");
        }
        let now = others[0].client.send(calls::project_get(&acme.slug, &project.slug)).await.good();
        assert_eq!((&now.name, now.version), (&won[0].0, won[0].1.good().version));
        version = now.version;
    }
    Ok(())
}

async fn other_forms_of_if_match(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator.client);
    let project = acme.project(&acme.administrator, "Churn").await;
    let send = async |value: &str| {
        let call = calls::project_update(&acme.slug, &project.slug, &UpdateProject::default());
        let request = ada.request("PATCH", &call.path).header("content-type", "application/json");
        let request = request.header("if-match", value).body(call.body.unwrap_or_default());
        ada.run::<()>(request).await.status.as_u16()
    };
    assert_eq!(send("*").await, 200);
    let now = ada.send(calls::project_get(&acme.slug, &project.slug)).await.good().version;
    for (value, status) in [
        (format!("W/\"{now}\""), 412),
        ("\"\"".to_owned(), 412),
        (format!("\"{}\"", now + 1), 412),
        (now.to_string(), 400),
        ("\"".to_owned(), 400),
        (String::new(), 400),
        (format!("\"x\", \"{now}\""), 200),
    ] {
        assert_eq!(send(&value).await, status, "{value}");
    }
    Ok(())
}
