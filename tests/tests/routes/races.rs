//! Several people at the same moment: what must happen once happens once.

use atelier_api::account::{Language, NewAccount};
use atelier_api::calls;
use atelier_api::member::UpdateMember;
use atelier_api::person::UpdatePerson;
use atelier_api::project::CreateProject;
use atelier_api::role::{OrganizationRole, ProjectRole};
use atelier_tests::{Database, PASSWORD, World, on_both_databases, token_of};
use futures::future::join_all;
use std::collections::BTreeSet;

on_both_databases!(
    of_many_who_accept_an_invitation_one_gets_in,
    of_two_who_step_down_one_stays,
    equal_names_get_different_addresses,
);

async fn of_many_who_accept_an_invitation_one_gets_in(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let link = world.acme.invite(OrganizationRole::Member).await;
    let tries = (0..6).map(|n| {
        let client = world.server.client();
        let account = NewAccount {
            name: "New".to_owned(),
            email: format!("new{n}@acme.test"),
            password: PASSWORD.to_owned(),
            language: Language::English,
        };
        let accept = calls::invitation_accept_new(token_of(&link), &account);
        async move { client.send(accept).await }
    });
    let (let_in, refused): (Vec<_>, Vec<_>) =
        join_all(tries).await.into_iter().partition(|answer| answer.status == 201);
    assert_eq!(let_in.len(), 1);
    refused.iter().for_each(|answer| drop(answer.refused(410, "invitation-used")));
    // Who was refused has no account either.
    let people = world.server.database.lines("SELECT email AS line FROM users WHERE email LIKE 'new%'")?;
    assert_eq!(people.len(), 1, "{people:?}");
    Ok(())
}

async fn of_two_who_step_down_one_stays(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator);
    // Plain members: who administers the organization may leave a project without an owner.
    let one = acme.person(OrganizationRole::Member).await;
    let project = acme.project(&one, "Churn").await;
    let two = acme.member(&project, ProjectRole::Owner).await;
    let client = UpdateMember { role: ProjectRole::Client, custom_role: None };
    let (first, second) = tokio::join!(
        one.client.send(calls::member_update("acme", &project.slug, &one.id, &client)),
        two.client.send(calls::member_update("acme", &project.slug, &two.id, &client)),
    );
    let stepped_down = [&first, &second].into_iter().filter(|answer| answer.status.is_success()).count();
    assert_eq!(stepped_down, 1, "owners: {} {}", first.text(), second.text());

    let bob = acme.person(OrganizationRole::Administrator).await;
    let member = UpdatePerson { role: Some(OrganizationRole::Member), ..UpdatePerson::default() };
    let (one, other) = tokio::join!(
        ada.client.send(calls::person_update("acme", &ada.id, &member)),
        bob.client.send(calls::person_update("acme", &bob.id, &member)),
    );
    let stepped_down = [&one, &other].into_iter().filter(|answer| answer.status.is_success()).count();
    assert_eq!(stepped_down, 1, "administrators: {} {}", one.text(), other.text());
    Ok(())
}

async fn equal_names_get_different_addresses(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let client = &world.acme.administrator.client;
    let new = CreateProject { name: "Churn".to_owned(), description: String::new() };
    let answers = join_all((0..8).map(|_| client.send(calls::project_create("acme", &new)))).await;
    let (made, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 201);
    // Who collided with others too often is told to try again; nobody gets a half-made project.
    for answer in refused {
        assert!(matches!(answer.status.as_u16(), 409 | 503), "{} {}", answer.status, answer.text());
    }
    let slugs: BTreeSet<String> = made.iter().map(|answer| answer.good().slug).collect();
    assert_eq!(slugs.len(), made.len());
    assert!(slugs.contains("churn"));
    for slug in &slugs {
        assert_eq!(client.send(calls::project_get("acme", slug)).await.good().members, 1);
    }
    Ok(())
}
