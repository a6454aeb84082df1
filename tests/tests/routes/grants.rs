//! Grants on single objects: who may start a tier.

use crate::role::{any, make};
use crate::team::{join, team};
use atelier_api::calls;
use atelier_api::grant::{SetGrants, Subject};
use atelier_api::role::{Action, Object, OrganizationRole, ProjectRole};
use atelier_api::tier::{Tier, TierUnavailable};
use atelier_tests::{Client, Database, Person, World, on_both_databases};
use serde_json::json;

on_both_databases!(
    a_tier_is_kept_for_chosen_people_and_groups,
    only_who_is_here_can_be_named,
    every_mix_of_role_and_grant_is_shown_as_it_is_decided,
);

fn person(person: &Person) -> Subject {
    Subject::Person(person.id.clone())
}

/// The tier as the start page shows it.
async fn offered(client: &Client, project: &str, tier: &str) -> anyhow::Result<Tier> {
    let options = client.send(calls::session_options("acme", project)).await.good();
    let found = options.tiers.into_iter().find(|offered| offered.id == tier);
    found.ok_or_else(|| anyhow::anyhow!("it is not offered"))
}

fn kept(tier: &Tier) -> Option<Vec<String>> {
    match &tier.unavailable {
        Some(TierUnavailable::Restricted { ask }) => Some(ask.clone()),
        _ => None,
    }
}

async fn a_tier_is_kept_for_chosen_people_and_groups(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator);
    let project = acme.project(ada, "Churn").await;
    let scientist = acme.member(&project, ProjectRole::DataScientist).await;
    let guest = acme.person(OrganizationRole::Guest).await;
    acme.add(&project, &guest, ProjectRole::DataScientist).await;
    let tier = ada.client.send(calls::tier_list(&acme.slug)).await.good().remove(2);
    let get = || calls::tier_grants(&acme.slug, &tier.id);
    let set = |grants: &SetGrants| calls::tier_grants_set(&acme.slug, &tier.id, grants);
    let open = ada.client.send(get()).await.good();
    assert_eq!((open.only, open.allow.len(), open.deny.len()), (false, 0, 0));
    for somebody in [&scientist, &guest] {
        let seen = offered(&somebody.client, &project.slug, &tier.id).await?;
        assert_eq!((kept(&seen), seen.restricted), (None, false), "open to everybody");
    }

    // Kept for nobody at first: whoever asks learns whom to ask.
    let only = SetGrants { only: true, ..SetGrants::default() };
    ada.client.send(set(&only)).await.good();
    for somebody in [&scientist, &guest, ada] {
        let seen = offered(&somebody.client, &project.slug, &tier.id).await?;
        assert_eq!((kept(&seen), seen.restricted), (Some(vec!["Ada".to_owned()]), true));
    }
    let other = ada.client.send(calls::tier_list(&acme.slug)).await.good().remove(0);
    assert_eq!(kept(&offered(&scientist.client, &project.slug, &other.id).await?), None, "of one tier only");

    let group = team(acme, "Heavy", &[]).await;
    let chosen = SetGrants {
        only: true,
        allow: vec![person(&scientist), Subject::Group(group.id.clone())],
        deny: Vec::new(),
    };
    let said = ada.client.send(set(&chosen)).await.good();
    let names: Vec<&str> = said.allow.iter().map(|grant| grant.name.as_str()).collect();
    assert_eq!(names, ["Heavy", scientist.name.as_str()], "by name");
    assert!(said.allow.iter().all(|grant| grant.granted_by == "Ada"));
    assert_eq!(kept(&offered(&scientist.client, &project.slug, &tier.id).await?), None);
    assert!(kept(&offered(&guest.client, &project.slug, &tier.id).await?).is_some());
    join(acme, &group, &guest).await;
    assert_eq!(kept(&offered(&guest.client, &project.slug, &tier.id).await?), None, "through the group");
    let tiers = ada.client.send(calls::group_get(&acme.slug, &group.id)).await.good().tiers;
    assert_eq!(tiers, [tier.name.as_str()]);

    // A denial wins over the group, and is all that an open tier needs to be kept from somebody.
    let denied = SetGrants { deny: vec![person(&guest)], ..chosen.clone() };
    ada.client.send(set(&denied)).await.good();
    assert!(kept(&offered(&guest.client, &project.slug, &tier.id).await?).is_some());
    let not_him = SetGrants { deny: vec![person(&guest)], ..SetGrants::default() };
    ada.client.send(set(&not_him)).await.good();
    assert!(kept(&offered(&guest.client, &project.slug, &tier.id).await?).is_some());
    assert_eq!(kept(&offered(&scientist.client, &project.slug, &tier.id).await?), None);

    // What goes with a group or a person goes with them.
    ada.client.send(set(&chosen)).await.good();
    ada.client.send(calls::group_delete(&acme.slug, &group.id, "Heavy")).await.good();
    ada.client.send(calls::person_remove(&acme.slug, &scientist.id)).await.good();
    let left = ada.client.send(get()).await.good();
    assert_eq!((left.only, left.allow.len()), (true, 0));
    assert!(kept(&offered(&guest.client, &project.slug, &tier.id).await?).is_some());
    ada.client.send(set(&SetGrants::default())).await.good();
    assert_eq!(kept(&offered(&guest.client, &project.slug, &tier.id).await?), None);
    Ok(())
}

async fn only_who_is_here_can_be_named(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator.client);
    let beta = world.tenant("Beta").await;
    let theirs = team(&beta, "Theirs", &[]).await;
    let tier = ada.send(calls::tier_list(&acme.slug)).await.good().remove(0);
    let set = || calls::tier_grants_set(&acme.slug, &tier.id, &SetGrants::default());
    let before = world.server.database.dump()?;
    let somebody = json!({ "person": acme.administrator.id });
    for (field, body) in [
        ("allow", json!({ "allow": [{ "person": beta.administrator.id }] })),
        ("allow", json!({ "allow": [somebody, { "person": "absent" }] })),
        ("deny", json!({ "deny": [{ "group": theirs.id }] })),
        ("deny", json!({ "allow": [somebody], "deny": [somebody] })),
        ("allow", json!({ "allow": vec![somebody.clone(); 501] })),
        ("allow", json!({ "allow": [{ "role": "owner" }] })),
        ("allow[0]", json!({ "allow": [{ "king": "owner" }] })),
        ("only", json!({ "only": "yes" })),
    ] {
        ada.send_json(set(), &body).await.blames(&[field]);
    }
    let changes = world.server.database.changes_since(&before)?;
    assert!(changes.is_empty(), "something was changed: {changes:#?}");
    // Named twice is named once.
    let said = ada.send_json(set(), &json!({ "allow": [somebody, somebody] })).await.good();
    assert_eq!(said.allow.len(), 1);
    for standing in [OrganizationRole::Auditor, OrganizationRole::Member, OrganizationRole::Guest] {
        let client = acme.person(standing).await.client;
        let expected = if standing == OrganizationRole::Guest { 404 } else { 403 };
        assert_eq!(client.send(set()).await.status, expected, "{standing}");
    }
    beta.administrator.client.send(calls::tier_grants(&beta.slug, &tier.id)).await.refused(404, "not-found");
    Ok(())
}

async fn every_mix_of_role_and_grant_is_shown_as_it_is_decided(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator);
    let project = acme.project(ada, "Churn").await;
    let works = [
        any(Object::Project, Action::Read),
        any(Object::Session, Action::Create),
        crate::role::own(Object::Session, Action::Start),
    ];
    let barred = make(acme, "Barred", &works, &[any(Object::Tier, Action::Start)]).await;
    let tier = ada.client.send(calls::tier_list(&acme.slug)).await.good().remove(0);
    let bob = acme.member(&project, ProjectRole::DataScientist).await;
    let carol = crate::role::member(acme, &project, &barred).await;
    let group = team(acme, "All", &[&bob, &carol]).await;
    for mix in 0..32_u8 {
        let has = |bit: u8| mix & (1 << bit) != 0;
        let list = |alone: bool, through: bool| -> Vec<Subject> {
            let persons = [person(&bob), person(&carol)].into_iter().filter(|_| alone);
            persons.chain(through.then(|| Subject::Group(group.id.clone()))).collect()
        };
        let grants = SetGrants { only: has(0), allow: list(has(1), has(2)), deny: list(has(3), has(4)) };
        let set = ada.client.send(calls::tier_grants_set(&acme.slug, &tier.id, &grants)).await;
        if (has(1) && has(3)) || (has(2) && has(4)) {
            set.blames(&["deny"]);
            continue;
        }
        set.good();
        let denied = has(3) || has(4);
        let allowed = has(1) || has(2);
        let expected = [(&bob, !denied && (allowed || !has(0))), (&carol, false)];
        for (somebody, may) in expected {
            let seen = offered(&somebody.client, &project.slug, &tier.id).await?;
            assert_eq!(kept(&seen).is_none(), may, "{}: {grants:?}", somebody.name);
        }
    }
    Ok(())
}
