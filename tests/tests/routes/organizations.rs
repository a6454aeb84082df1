//! Organizations, and that nothing leaks between them.

use atelier_api::calls;
use atelier_api::member::AddMember;
use atelier_api::organization::{CreateOrganization, UpdateOrganization};
use atelier_api::project::ProjectFilter;
use atelier_api::role::{OrganizationRole, ProjectRole};
use atelier_api::tier::UpdateTier;
use atelier_tests::{Answer, Database, Person, World, on_both_databases, token_of};

on_both_databases!(an_operator_makes_organizations, a_person_of_two_organizations_sees_each_alone);

async fn an_operator_makes_organizations(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, operator) = (&world.acme, &world.acme.administrator.client);
    let create = |name: &str| calls::organization_create(&CreateOrganization { name: name.to_owned() });
    let mut slugs = Vec::new();
    for name in ["Acme", " acme ", "Acme 2", "API", "客户"] {
        slugs.push(operator.send(create(name)).await.good_with(201).slug);
    }
    assert_eq!(slugs, ["acme-2", "acme-3", "acme-2-2", "organization-api", "organization"]);
    for name in ["", "  ", "a\u{1}", &"n".repeat(81)] {
        operator.send(create(name)).await.blames(&["name"]);
    }
    // Running an organization is not running the installation.
    let administrator = acme.person(OrganizationRole::Administrator).await.client;
    administrator.send(create("Mine")).await.refused(404, "not-found");
    let mut names: Vec<String> =
        operator.send(calls::organization_list()).await.good().into_iter().map(|of| of.name).collect();
    names.sort_unstable();
    assert_eq!(names, ["API", "Acme", "Acme", "Acme 2", "acme", "客户"]);

    let change = UpdateOrganization { name: Some("Acme SA".to_owned()), currency: Some("EUR".to_owned()) };
    let changed = administrator.send(calls::organization_update(&acme.slug, &change)).await.good();
    assert_eq!(
        (changed.slug.as_str(), changed.name.as_str(), changed.currency.as_str()),
        ("acme", "Acme SA", "EUR")
    );
    let found = administrator.send(calls::organization_get(&acme.slug)).await.good();
    assert_eq!(found, changed);
    for currency in ["eur", "EURO", "", "€€€", "E1R"] {
        let wrong = UpdateOrganization { currency: Some(currency.to_owned()), name: None };
        administrator.send(calls::organization_update(&acme.slug, &wrong)).await.blames(&["currency"]);
    }
    let member = acme.person(OrganizationRole::Member).await.client;
    member.send(calls::organization_update(&acme.slug, &change)).await.refused(403, "forbidden");
    Ok(())
}

/// The administrators of both ask for what is the other's.
async fn a_person_of_two_organizations_sees_each_alone(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let acme = &world.acme;
    let beta = world.tenant("Beta").await;
    let both = beta.person(OrganizationRole::Auditor).await;
    let link = acme.invite(OrganizationRole::Auditor).await;
    both.client.send(calls::invitation_accept(token_of(&link))).await.good();
    let names: Vec<String> =
        both.client.send(calls::organization_list()).await.good().into_iter().map(|of| of.name).collect();
    assert_eq!(names, ["Acme", "Beta"]);

    // The same word in two addresses is two things.
    let mut ids = Vec::new();
    for tenant in [acme, &beta] {
        let project = tenant.project(&tenant.administrator, "Churn").await;
        assert_eq!(project.slug, "churn");
        let list = calls::project_list(&tenant.slug, &ProjectFilter::default());
        let listed = both.client.send(list).await.good().items;
        let listed: Vec<&str> = listed.iter().map(|project| project.id.as_str()).collect();
        assert_eq!(listed, [&project.id]);
        ids.push(project.id);
        let people = both.client.send(calls::person_list(&tenant.slug, None, None)).await.good().items;
        let mut people: Vec<String> = people.into_iter().map(|person| person.id).collect();
        let mut expected = [both.id.clone(), tenant.administrator.id.clone()];
        people.sort_unstable();
        expected.sort_unstable();
        assert_eq!(people, expected, "{}", tenant.slug);
    }
    assert_ne!(ids[0], ids[1]);

    // A stranger's organization is as one that is not there.
    let bob = &beta.administrator;
    same(&bob.client.send(calls::organization_get("acme")).await, &absent(bob).await);
    let list = calls::project_list("acme", &ProjectFilter::default());
    same(&bob.client.send(list).await, &absent(bob).await);
    // Nor are its things there under one's own organization's address.
    let ada = &acme.administrator;
    let tier = ada.client.send(calls::tier_list("acme")).await.good().remove(0);
    let prices = calls::tier_prices(&beta.slug, &tier.id);
    same(&bob.client.send(prices).await, &absent(bob).await);
    let update = calls::tier_update(&beta.slug, &tier.id, &UpdateTier::default());
    same(&bob.client.send(update).await, &absent(bob).await);
    same(&bob.client.send(calls::person_remove(&beta.slug, &ada.id)).await, &absent(bob).await);
    let member = AddMember { person: ada.id.clone(), role: ProjectRole::Client, custom_role: None };
    let add = calls::member_add(&beta.slug, "churn", &member);
    let refused = bob.client.send(add).await;
    refused.blames(&["person"]);
    assert!(!refused.text().contains(&ada.name));
    let candidates = calls::member_candidates(&beta.slug, "churn", "");
    let candidates = bob.client.send(candidates).await.good();
    let candidates: Vec<&str> = candidates.iter().map(|person| person.person.as_str()).collect();
    assert_eq!(candidates, [&both.id]);
    ada.client.send(calls::project_get("acme", "churn")).await.good();
    Ok(())
}

async fn absent(person: &Person) -> Answer<atelier_api::organization::Organization> {
    person.client.send(calls::organization_get("absent")).await
}

#[track_caller]
fn same<A, B>(one: &Answer<A>, other: &Answer<B>) {
    one.refused(404, "not-found");
    assert_eq!(one.text(), other.text());
}
