//! The people of an organization.

use atelier_api::calls;
use atelier_api::money::Micros;
use atelier_api::person::{Limits, UpdatePerson};
use atelier_api::role::OrganizationRole;
use atelier_tests::{Database, World, on_both_databases};

on_both_databases!(
    people_come_in_pages_and_are_found,
    a_person_changes_role_and_limits,
    who_is_disabled_or_removed_is_out,
    the_last_administrator_stays,
);

fn role(role: OrganizationRole) -> UpdatePerson {
    UpdatePerson { role: Some(role), ..UpdatePerson::default() }
}

fn disabled(disabled: bool) -> UpdatePerson {
    UpdatePerson { disabled: Some(disabled), ..UpdatePerson::default() }
}

async fn people_come_in_pages_and_are_found(database: Database) -> anyhow::Result<()> {
    const MORE: usize = 120;
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator);
    let organization = ada.client.send(calls::organization_get(&acme.slug)).await.good().id;
    let users: Vec<String> = (0..MORE)
        .map(|n| {
            format!("('u{n:03}', 'u{n}@x.test', 'u{n}@x.test', 'Émile {n:03}', '', 'en', 'system', FALSE, 1)")
        })
        .collect();
    let members: Vec<String> =
        (0..MORE).map(|n| format!("('{organization}', 'u{n:03}', 'guest', 1)")).collect();
    let database = &world.server.database;
    database.execute(&format!("INSERT INTO users VALUES {}", users.join(", ")))?;
    database.execute(&format!(
        "INSERT INTO organization_members (organization_id, user_id, role, joined_at) VALUES {}",
        members.join(", ")
    ))?;

    let (mut names, mut sizes, mut cursor) = (Vec::new(), Vec::new(), None::<String>);
    loop {
        let list = calls::person_list(&acme.slug, None, cursor.as_deref());
        let page = ada.client.send(list).await.good();
        sizes.push(page.items.len());
        names.extend(page.items.into_iter().map(|person| person.name));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(sizes, [100, 21]);
    let expected: Vec<String> =
        std::iter::once("Ada".to_owned()).chain((0..MORE).map(|n| format!("Émile {n:03}"))).collect();
    assert_eq!(names, expected);

    let count = async |search: &str| {
        let list = calls::person_list(&acme.slug, Some(search), None);
        ada.client.send(list).await.good().items.len()
    };
    assert_eq!(count("ÉMILE 11").await, 10);
    assert_eq!(count("U7@X.").await, 1, "by address");
    assert_eq!(count("%").await, 0, "no pattern");
    assert_eq!(count("").await, 100);
    let list = calls::person_list(&acme.slug, None, Some("€"));
    ada.client.send(list).await.blames(&["cursor"]);
    Ok(())
}

async fn a_person_changes_role_and_limits(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator.client);
    let person = acme.person(OrganizationRole::Member).await;
    let update = |change: &UpdatePerson| calls::person_update(&acme.slug, &person.id, change);

    person.client.send(calls::person_list(&acme.slug, None, None)).await.refused(403, "forbidden");
    assert_eq!(
        ada.send(update(&role(OrganizationRole::Auditor))).await.good().role,
        OrganizationRole::Auditor
    );
    person.client.send(calls::person_list(&acme.slug, None, None)).await.good();
    let own = calls::person_update(&acme.slug, &person.id, &role(OrganizationRole::Administrator));
    person.client.send(own).await.refused(403, "forbidden");

    let limits = Limits { sessions_at_once: Some(2), monthly: Some(Micros(5_000_000)) };
    let set = UpdatePerson { limits: Some(limits), ..UpdatePerson::default() };
    let shown = ada.send(update(&set)).await.good();
    assert_eq!((shown.limits, shown.role), (limits, OrganizationRole::Auditor));
    assert_eq!(ada.send(update(&role(OrganizationRole::Member))).await.good().limits, limits, "they stay");
    let mine = person.client.send(calls::spend_mine(&acme.slug)).await.good();
    assert_eq!(mine.monthly_limit, limits.monthly);
    let only = Limits { sessions_at_once: Some(0), monthly: None };
    let replaced = UpdatePerson { limits: Some(only), ..UpdatePerson::default() };
    assert_eq!(ada.send(update(&replaced)).await.good().limits, only);

    let wrong = [
        ("limits.sessions_at_once", Limits { sessions_at_once: Some(-1), monthly: None }),
        ("limits.sessions_at_once", Limits { sessions_at_once: Some(1001), monthly: None }),
        ("limits.monthly", Limits { sessions_at_once: None, monthly: Some(Micros(-1)) }),
    ];
    for (field, limits) in wrong {
        let wrong = UpdatePerson { limits: Some(limits), ..UpdatePerson::default() };
        ada.send(update(&wrong)).await.blames(&[field]);
    }
    let found = ada.send(calls::person_list(&acme.slug, Some(&person.email), None)).await.good().items;
    assert_eq!(found.iter().map(|person| person.limits).collect::<Vec<_>>(), [only]);
    Ok(())
}

async fn who_is_disabled_or_removed_is_out(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator);
    let project = acme.project(ada, "Churn").await;
    let person = acme.member(&project, atelier_api::role::ProjectRole::DataScientist).await;
    let update = |change: &UpdatePerson| calls::person_update(&acme.slug, &person.id, change);

    assert!(ada.client.send(update(&disabled(true))).await.good().disabled_at.is_some());
    person.client.send(calls::me_get()).await.refused(401, "not-signed-in");
    person.client.sign_in(&person.email).await.refused(401, "wrong-credentials");
    assert_eq!(ada.client.send(update(&disabled(false))).await.good().disabled_at, None);
    person.client.sign_in(&person.email).await.good();
    person.client.send(calls::project_get(&acme.slug, &project.slug)).await.good();

    // Removed, also from the projects: who is invited again begins anew.
    let remove = || calls::person_remove(&acme.slug, &person.id);
    ada.client.send(remove()).await.good_with(204);
    person.client.send(calls::me_get()).await.refused(401, "not-signed-in");
    ada.client.send(remove()).await.refused(404, "not-found");
    ada.client.send(update(&disabled(true))).await.refused(404, "not-found");
    let me = person.client.sign_in(&person.email).await.good();
    assert!(me.organizations.is_empty());
    person.client.send(calls::organization_get(&acme.slug)).await.refused(404, "not-found");
    let again = acme.invite(OrganizationRole::Member).await;
    person.client.send(calls::invitation_accept(atelier_tests::token_of(&again))).await.good();
    person.client.send(calls::project_get(&acme.slug, &project.slug)).await.refused(404, "not-found");
    Ok(())
}

async fn the_last_administrator_stays(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator);
    // Nobody of these stands in.
    let gone = acme.person(OrganizationRole::Administrator).await;
    ada.client.send(calls::person_update(&acme.slug, &gone.id, &disabled(true))).await.good();
    acme.person(OrganizationRole::Auditor).await;

    let demote = role(OrganizationRole::Member);
    for change in [&demote, &disabled(true)] {
        let update = calls::person_update(&acme.slug, &ada.id, change);
        ada.client.send(update).await.refused(409, "last-administrator");
    }
    let leave = || calls::person_remove(&acme.slug, &ada.id);
    ada.client.send(leave()).await.refused(409, "last-administrator");
    let same = role(OrganizationRole::Administrator);
    ada.client.send(calls::person_update(&acme.slug, &ada.id, &same)).await.good();

    let other = acme.person(OrganizationRole::Administrator).await;
    ada.client.send(calls::person_update(&acme.slug, &ada.id, &demote)).await.good();
    ada.client.send(calls::person_update(&acme.slug, &ada.id, &same)).await.refused(404, "not-found");
    let update = calls::person_update(&acme.slug, &other.id, &demote);
    other.client.send(update).await.refused(409, "last-administrator");
    Ok(())
}
