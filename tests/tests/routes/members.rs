//! The members of a project.

use crate::role::{any, make, member};
use atelier_api::calls;
use atelier_api::member::{AddMember, UpdateMember};
use atelier_api::role::{Action, Object, OrganizationRole, ProjectRole};
use atelier_tests::{Database, Person, World, on_both_databases};

on_both_databases!(
    members_come_change_and_go,
    a_project_keeps_an_owner,
    nobody_gives_or_takes_more_than_he_or_she_has,
);

fn new(person: &Person, role: ProjectRole) -> AddMember {
    AddMember { person: person.id.clone(), role, custom_role: None }
}

fn to(role: ProjectRole) -> UpdateMember {
    UpdateMember { role, custom_role: None }
}

async fn members_come_change_and_go(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator);
    let owner = acme.person(OrganizationRole::Member).await;
    let bob = acme.person(OrganizationRole::Guest).await;
    let gone = acme.person(OrganizationRole::Member).await;
    ada.client.send(calls::person_remove(&acme.slug, &gone.id)).await.good();
    let project = acme.project(&owner, "Churn").await;
    let (organization, slug) = (acme.slug.as_str(), project.slug.as_str());
    let get = || calls::project_get(organization, slug);
    let client = &owner.client;
    let candidates = async |search: &str| -> Vec<String> {
        let found = client.send(calls::member_candidates(organization, slug, search)).await.good();
        found.into_iter().map(|candidate| candidate.name).collect()
    };

    assert_eq!(candidates("").await, ["Ada".to_owned(), bob.name.clone()]);
    assert_eq!(candidates(&bob.email.to_uppercase()).await, std::slice::from_ref(&bob.name));
    bob.client.send(get()).await.refused(404, "not-found");
    let add = || calls::member_add(organization, slug, &new(&bob, ProjectRole::DataScientist));
    let added = client.send(add()).await.good_with(201);
    assert_eq!((added.person.as_str(), added.role), (bob.id.as_str(), Some(ProjectRole::DataScientist)));
    assert_eq!(candidates("").await, ["Ada"]);
    client.send(add()).await.refused(409, "already-member");
    for person in [gone.id.as_str(), "absent", ""] {
        let new = AddMember { person: person.to_owned(), role: ProjectRole::Client, custom_role: None };
        client.send(calls::member_add(organization, slug, &new)).await.blames(&["person"]);
    }
    assert_eq!(bob.client.send(get()).await.good().role, Some(ProjectRole::DataScientist));

    // A role holds from the next request on.
    let list = || calls::member_list(organization, slug);
    let listed: Vec<String> =
        bob.client.send(list()).await.good().into_iter().map(|member| member.person).collect();
    assert_eq!(listed, [owner.id.as_str(), &bob.id], "by name");
    let update = calls::member_update(organization, slug, &bob.id, &to(ProjectRole::Client));
    assert_eq!(client.send(update).await.good().role, Some(ProjectRole::Client));
    bob.client.send(list()).await.refused(403, "forbidden");
    let up = calls::member_update(organization, slug, &bob.id, &to(ProjectRole::Owner));
    bob.client.send(up).await.refused(404, "not-found");

    // Who is removed is out with the next request.
    let remove = || calls::member_remove(organization, slug, &bob.id);
    client.send(remove()).await.good_with(204);
    bob.client.send(get()).await.refused(404, "not-found");
    bob.client.send(list()).await.refused(404, "not-found");
    client.send(remove()).await.refused(404, "not-found");
    assert_eq!(client.send(list()).await.good().len(), 1);
    Ok(())
}

async fn a_project_keeps_an_owner(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator);
    let owner = acme.person(OrganizationRole::Member).await;
    let project = acme.project(&owner, "Churn").await;
    acme.member(&project, ProjectRole::DataEngineer).await;
    let (organization, slug) = (acme.slug.as_str(), project.slug.as_str());
    let leave = || calls::member_remove(organization, slug, &owner.id);
    let step_down = || calls::member_update(organization, slug, &owner.id, &to(ProjectRole::Client));
    owner.client.send(leave()).await.refused(409, "last-owner");
    owner.client.send(step_down()).await.refused(409, "last-owner");
    let same = calls::member_update(organization, slug, &owner.id, &to(ProjectRole::Owner));
    owner.client.send(same).await.good();

    // A role that began as another is no owner.
    let all = owner.client.send(calls::project_get(organization, slug)).await.good().permissions;
    let all: Vec<_> = all
        .into_iter()
        .filter(|permission| matches!(permission.object, Object::Project | Object::Member))
        .filter(|permission| permission.action != Action::Create || permission.object == Object::Member)
        .collect();
    let like = make(acme, "Like an owner", &all, &[]).await;
    member(acme, &project, &like).await;
    owner.client.send(leave()).await.refused(409, "last-owner");

    let second = acme.member(&project, ProjectRole::Owner).await;
    owner.client.send(step_down()).await.good();
    let leave = calls::member_remove(organization, slug, &second.id);
    second.client.send(leave).await.refused(409, "last-owner");
    // Who runs the organization answers for projects that nobody owns.
    ada.client.send(calls::member_remove(organization, slug, &second.id)).await.good_with(204);
    Ok(())
}

async fn nobody_gives_or_takes_more_than_he_or_she_has(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let acme = &world.acme;
    let owner = acme.person(OrganizationRole::Member).await;
    let project = acme.project(&owner, "Churn").await;
    let (organization, slug) = (acme.slug.as_str(), project.slug.as_str());
    let bob = acme.person(OrganizationRole::Member).await;
    let scientist = acme.member(&project, ProjectRole::DataScientist).await;
    let add = |role| calls::member_add(organization, slug, &new(&bob, role));
    scientist.client.send(add(ProjectRole::Client)).await.refused(403, "forbidden");

    let host = make(
        acme,
        "Host",
        &[
            any(Object::Project, Action::Read),
            any(Object::Member, Action::Read),
            any(Object::Member, Action::Create),
            any(Object::Member, Action::Update),
            any(Object::Member, Action::Delete),
        ],
        &[],
    )
    .await;
    let host = member(acme, &project, &host).await;
    for role in [ProjectRole::Owner, ProjectRole::DataScientist, ProjectRole::DataEngineer] {
        host.client.send(add(role)).await.refused(403, "beyond-own-role");
    }
    host.client.send(add(ProjectRole::Annotator)).await.good_with(201);
    let raise =
        |person: &Person| calls::member_update(organization, slug, &person.id, &to(ProjectRole::Owner));
    host.client.send(raise(&bob)).await.refused(403, "beyond-own-role");
    host.client.send(raise(&host)).await.refused(403, "beyond-own-role");
    let lower = calls::member_update(organization, slug, &owner.id, &to(ProjectRole::Client));
    host.client.send(lower).await.refused(403, "beyond-own-role");
    let remove = |person: &Person| calls::member_remove(organization, slug, &person.id);
    host.client.send(remove(&owner)).await.refused(403, "beyond-own-role");
    host.client.send(remove(&scientist)).await.refused(403, "beyond-own-role");
    host.client.send(remove(&bob)).await.good_with(204);
    Ok(())
}
