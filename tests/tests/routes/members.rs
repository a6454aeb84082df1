//! The members of a project.

use crate::role::{any, make, member};
use crate::team::{give, in_project, running, team, wanted};
use atelier_api::calls;
use atelier_api::custom_role::SaveCustomRole;
use atelier_api::member::{AddMember, UpdateMember};
use atelier_api::person::CreateInvitation;
use atelier_api::project::ProjectFilter;
use atelier_api::role::{Action, Object, OrganizationRole, ProjectRole};
use atelier_tests::{Database, Person, World, on_both_databases};

on_both_databases!(
    members_come_change_and_go,
    a_project_keeps_an_owner,
    nobody_gives_or_takes_more_than_he_or_she_has,
    a_person_is_kept_out_of_one_project,
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
            any(Object::Dataset, Action::Read),
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

async fn a_person_is_kept_out_of_one_project(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator);
    let owner = acme.person(OrganizationRole::Member).await;
    let (project, other) = (acme.project(&owner, "Churn").await, acme.project(&owner, "Fraud").await);
    let (organization, slug) = (acme.slug.as_str(), project.slug.as_str());
    let (bob, auditor) =
        (acme.person(OrganizationRole::Member).await, acme.person(OrganizationRole::Auditor).await);
    let group = team(acme, "Data", &[&bob]).await;
    for project in [&project, &other] {
        give(acme, project, &in_project(&group, ProjectRole::DataScientist)).await;
    }
    running(&world, "bobs", &project, &bob)?;
    running(&world, "elsewhere", &other, &bob)?;
    let get = || calls::project_get(organization, slug);
    let keep_out =
        |person: &Person| calls::member_add(organization, slug, &new(person, ProjectRole::NoAccess));
    assert_eq!(bob.client.send(get()).await.good().members, 2);

    // Whatever the group gives; what runs there stops, and only there.
    bob.client.send(keep_out(&owner)).await.refused(403, "forbidden");
    owner.client.send(keep_out(&bob)).await.good_with(201);
    assert_eq!(
        bob.client.send(get()).await.text(),
        bob.client.send(calls::project_get(organization, "absent")).await.text()
    );
    bob.client.send(calls::member_list(organization, slug)).await.refused(404, "not-found");
    bob.client.send(calls::session_list(organization, slug)).await.refused(404, "not-found");
    let filter = ProjectFilter::default();
    let listed = bob.client.send(calls::project_list(organization, &filter)).await.good().items;
    assert_eq!(listed.iter().map(|project| project.slug.as_str()).collect::<Vec<_>>(), [other.slug.as_str()]);
    assert_eq!(
        (wanted(&world, "bobs")?.as_str(), wanted(&world, "elsewhere")?.as_str()),
        ("stopped", "running")
    );
    assert_eq!(owner.client.send(get()).await.good().members, 1, "who is kept out does not count");

    // It says so in the list, and ends with the role.
    let members = owner.client.send(calls::member_list(organization, slug)).await.good();
    let seen = members.iter().find(|member| member.person == bob.id).and_then(|member| member.role);
    assert_eq!(seen, Some(ProjectRole::NoAccess));
    owner.client.send(calls::member_remove(organization, slug, &bob.id)).await.good_with(204);
    assert_eq!(bob.client.send(get()).await.good().role, Some(ProjectRole::DataScientist));

    // Who sees all projects by a role in the organization is kept out by an administrator alone.
    auditor.client.send(get()).await.good();
    owner.client.send(keep_out(&auditor)).await.refused(403, "beyond-own-role");
    owner.client.send(keep_out(ada)).await.refused(403, "beyond-own-role");
    ada.client.send(keep_out(&auditor)).await.good_with(201);
    auditor.client.send(get()).await.refused(404, "not-found");
    auditor.client.send(calls::project_get(organization, &other.slug)).await.good();

    // Nobody oneself, no group, no guest by a link, no role that is made from it.
    let myself = calls::member_update(organization, slug, &owner.id, &to(ProjectRole::NoAccess));
    owner.client.send(myself).await.refused(409, "oneself");
    let whole = team(acme, "All", &[]).await;
    let whole = calls::project_group_add(organization, slug, &in_project(&whole, ProjectRole::NoAccess));
    owner.client.send(whole).await.blames(&["role"]);
    let invite = CreateInvitation {
        email: None,
        role: OrganizationRole::Guest,
        project: Some(slug.to_owned()),
        project_role: Some(ProjectRole::NoAccess),
        days: 1,
    };
    ada.client.send(calls::invitation_create(organization, &invite)).await.blames(&["project_role"]);
    let made =
        SaveCustomRole { name: "Out".to_owned(), base: ProjectRole::NoAccess, allow: vec![], deny: vec![] };
    ada.client.send(calls::custom_role_create(organization, &made)).await.blames(&["base"]);
    Ok(())
}
