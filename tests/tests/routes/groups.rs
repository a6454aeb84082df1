//! Groups of people, and what they give.

use crate::role::{any, make, member};
use crate::team::{give, in_project, join, running, team, wanted};
use atelier_api::calls;
use atelier_api::event::Event;
use atelier_api::group::{AddGroupPerson, AddProjectGroup, SaveGroup};
use atelier_api::member::UpdateMember;
use atelier_api::person::UpdatePerson;
use atelier_api::role::{Action, Object, OrganizationRole, ProjectRole};
use atelier_tests::{Database, Events, Person, World, eventually, on_both_databases};
use std::time::Duration;

on_both_databases!(
    groups_come_change_and_go,
    a_group_is_a_member_like_a_person,
    roles_of_person_and_groups_unite_and_deny_wins,
    nobody_gives_a_group_more_than_he_or_she_has,
    a_group_owns_a_project_if_somebody_in_it_can,
    who_loses_the_right_to_run_runs_nothing,
    another_organizations_groups_are_not_there,
    who_leaves_the_organization_leaves_its_groups_and_sessions,
);

fn to(role: ProjectRole) -> UpdateMember {
    UpdateMember { role, custom_role: None }
}

async fn groups_come_change_and_go(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator.client);
    let organization = acme.slug.as_str();
    let bob = acme.person(OrganizationRole::Member).await;
    let save = |name: &str| SaveGroup { name: name.to_owned(), description: " The data team ".to_owned() };
    let group = ada.send(calls::group_create(organization, &save(" Data "))).await.good_with(201);
    assert_eq!((group.name.as_str(), group.description.as_str()), ("Data", "The data team"));
    assert_eq!((group.people, group.projects), (0, 0));
    for name in ["Data", " ", "x\u{0}"] {
        ada.send(calls::group_create(organization, &save(name))).await.blames(&["name"]);
    }
    team(acme, "Élan", &[]).await;
    let names = async |search: Option<&str>| -> Vec<String> {
        let found = ada.send(calls::group_list(organization, search, None)).await.good();
        found.items.into_iter().map(|group| group.name).collect()
    };
    assert_eq!(names(None).await, ["Data", "Élan"]);
    assert_eq!(names(Some("éL")).await, ["Élan"]);
    assert_eq!(names(Some("data team")).await, ["Data"]);

    let add = |person: &str| {
        calls::group_person_add(organization, &group.id, &AddGroupPerson { person: person.to_owned() })
    };
    let added = ada.send(add(&bob.id)).await.good_with(201);
    assert_eq!((added.person.as_str(), added.disabled), (bob.id.as_str(), false));
    ada.send(add(&bob.id)).await.refused(409, "already-in-group");
    for person in ["absent", ""] {
        ada.send(add(person)).await.blames(&["person"]);
    }
    let project = acme.project(&acme.administrator, "Churn").await;
    give(acme, &project, &in_project(&group, ProjectRole::Client)).await;
    let detail = ada.send(calls::group_get(organization, &group.id)).await.good();
    assert_eq!((detail.group.people, detail.group.projects), (1, 1));
    assert_eq!((detail.people[0].name.as_str(), detail.people.len()), (bob.name.as_str(), 1));
    assert_eq!((detail.projects[0].slug.as_str(), detail.projects[0].role), ("churn", ProjectRole::Client));

    let renamed = ada.send(calls::group_update(organization, &group.id, &save("Insights"))).await.good();
    assert_eq!((renamed.name.as_str(), renamed.people), ("Insights", 1));
    ada.send(calls::group_update(organization, &group.id, &save("Élan"))).await.blames(&["name"]);
    let delete = |confirm: &str| calls::group_delete(organization, &group.id, confirm);
    ada.send(delete("Data")).await.blames(&["confirm"]);
    ada.send(delete("Insights")).await.good_with(204);
    ada.send(delete("Insights")).await.refused(404, "not-found");
    bob.client.send(calls::project_get(organization, "churn")).await.refused(404, "not-found");
    assert_eq!(names(None).await, ["Élan"]);
    Ok(())
}

async fn a_group_is_a_member_like_a_person(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let acme = &world.acme;
    let owner = acme.person(OrganizationRole::Member).await;
    let bob = acme.person(OrganizationRole::Member).await;
    let guest = acme.person(OrganizationRole::Guest).await;
    let project = acme.project(&owner, "Churn").await;
    let (organization, slug) = (acme.slug.as_str(), project.slug.as_str());
    let group = team(acme, "Data", &[&bob]).await;
    let get = || calls::project_get(organization, slug);
    let hears = Events::open(&bob.client, organization).await;
    bob.client.send(get()).await.refused(404, "not-found");

    // An owner, who does not administer the organization, finds groups and gives them roles.
    let found = owner.client.send(calls::project_group_candidates(organization, slug, "dat")).await.good();
    assert_eq!((found[0].group.as_str(), found[0].people, found.len()), (group.id.as_str(), 1, 1));
    let add = || calls::project_group_add(organization, slug, &in_project(&group, ProjectRole::Annotator));
    let added = owner.client.send(add()).await.good_with(201);
    assert_eq!((added.name.as_str(), added.role, added.people), ("Data", ProjectRole::Annotator, 1));
    owner.client.send(add()).await.refused(409, "already-member");
    assert!(
        owner.client.send(calls::project_group_candidates(organization, slug, "")).await.good().is_empty()
    );

    let seen = bob.client.send(get()).await.good();
    assert_eq!((seen.role, seen.members), (Some(ProjectRole::Annotator), 2));
    let told = || hears.all().contains(&Event::MembersChanged { project: slug.to_owned() });
    eventually("who came through the group is told", Duration::from_secs(5), || async { told() }).await;
    assert_eq!(
        bob.client.send(calls::project_list(organization, &Default::default())).await.good().items,
        [seen]
    );
    let members = bob.client.send(calls::member_list(organization, slug)).await.good();
    let through = members.iter().find(|member| member.person == bob.id);
    let through = through.ok_or_else(|| anyhow::anyhow!("he is not listed: {members:?}"))?;
    assert_eq!((through.role, through.since), (None, None));
    assert_eq!(through.groups.iter().map(|group| group.name.as_str()).collect::<Vec<_>>(), ["Data"]);
    let groups = bob.client.send(calls::project_group_list(organization, slug)).await.good();
    assert_eq!(groups, [added]);
    // What comes by a group is taken by the group.
    let remove = calls::member_remove(organization, slug, &bob.id);
    owner.client.send(remove).await.refused(404, "not-found");

    // Whoever joins the group has its role at once; a guest too.
    join(acme, &group, &guest).await;
    assert_eq!(guest.client.send(get()).await.good().members, 3);
    let change = calls::project_group_update(organization, slug, &group.id, &to(ProjectRole::Client));
    assert_eq!(owner.client.send(change).await.good().role, ProjectRole::Client);
    bob.client.send(calls::member_list(organization, slug)).await.refused(403, "forbidden");
    let leave = calls::group_person_remove(organization, &group.id, &guest.id);
    acme.administrator.client.send(leave).await.good_with(204);
    guest.client.send(get()).await.refused(404, "not-found");

    // Somebody disabled has nothing through a group either.
    let disable = UpdatePerson { disabled: Some(true), ..UpdatePerson::default() };
    let ada = &acme.administrator.client;
    ada.send(calls::person_update(organization, &bob.id, &disable)).await.good();
    eventually("his stream ends", Duration::from_secs(5), || async { hears.ended() }).await;
    let groups = owner.client.send(calls::project_group_list(organization, slug)).await.good();
    assert_eq!(groups[0].people, 0);
    let remove = || calls::project_group_remove(organization, slug, &group.id);
    owner.client.send(remove()).await.good_with(204);
    owner.client.send(remove()).await.refused(404, "not-found");
    Ok(())
}

async fn roles_of_person_and_groups_unite_and_deny_wins(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let acme = &world.acme;
    let project = acme.project(&acme.administrator, "Churn").await;
    let (organization, slug) = (acme.slug.as_str(), project.slug.as_str());
    let bob = acme.member(&project, ProjectRole::Client).await;
    let sessions = async || bob.client.send(calls::session_list(organization, slug)).await.status.as_u16();
    let members = async || bob.client.send(calls::member_list(organization, slug)).await.status.as_u16();
    assert_eq!((sessions().await, members().await), (403, 403));

    let annotators = team(acme, "Annotators", &[&bob]).await;
    let scientists = team(acme, "Scientists", &[&bob]).await;
    give(acme, &project, &in_project(&annotators, ProjectRole::Annotator)).await;
    assert_eq!((sessions().await, members().await), (403, 200));
    give(acme, &project, &in_project(&scientists, ProjectRole::DataScientist)).await;
    assert_eq!((sessions().await, members().await), (200, 200));
    let seen = bob.client.send(calls::project_get(organization, slug)).await.good();
    assert_eq!((seen.role, seen.members), (Some(ProjectRole::DataScientist), 2));

    let deny = [any(Object::Member, Action::Read), any(Object::Session, Action::Read)];
    let hush = make(acme, "Hush", &[any(Object::Project, Action::Read)], &deny).await;
    let quiet = team(acme, "Quiet", &[&bob]).await;
    let custom = AddProjectGroup { custom_role: Some(hush.id.clone()), ..in_project(&quiet, hush.base) };
    give(acme, &project, &custom).await;
    assert_eq!((sessions().await, members().await), (403, 403), "deny wins, whoever brings it");
    let held = acme.administrator.client.send(calls::custom_role_list(organization)).await.good();
    assert_eq!(held[0].members, 1, "a group has the role");
    let delete = || calls::custom_role_delete(organization, &hush.id);
    acme.administrator.client.send(delete()).await.refused(409, "role-in-use");
    let remove = calls::project_group_remove(organization, slug, &quiet.id);
    acme.administrator.client.send(remove).await.good();
    assert_eq!((sessions().await, members().await), (200, 200));
    acme.administrator.client.send(delete()).await.good_with(204);
    Ok(())
}

async fn nobody_gives_a_group_more_than_he_or_she_has(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let acme = &world.acme;
    let owner = acme.person(OrganizationRole::Member).await;
    let project = acme.project(&owner, "Churn").await;
    let (organization, slug) = (acme.slug.as_str(), project.slug.as_str());
    let manage = [Action::Read, Action::Create, Action::Update, Action::Delete]
        .map(|action| any(Object::Member, action));
    let allow =
        [&manage[..], &[any(Object::Project, Action::Read), any(Object::Dataset, Action::Read)]].concat();
    let host = make(acme, "Host", &allow, &[]).await;
    let host = member(acme, &project, &host).await.client;
    let (one, two) = (team(acme, "One", &[]).await, team(acme, "Two", &[]).await);
    let add = |role| calls::project_group_add(organization, slug, &in_project(&one, role));
    for role in [ProjectRole::Owner, ProjectRole::DataScientist, ProjectRole::DataEngineer] {
        host.send(add(role)).await.refused(403, "beyond-own-role");
    }
    host.send(add(ProjectRole::Annotator)).await.good_with(201);
    let raise = calls::project_group_update(organization, slug, &one.id, &to(ProjectRole::Owner));
    host.send(raise).await.refused(403, "beyond-own-role");
    give(acme, &project, &in_project(&two, ProjectRole::DataScientist)).await;
    let lower = calls::project_group_update(organization, slug, &two.id, &to(ProjectRole::Client));
    host.send(lower).await.refused(403, "beyond-own-role");
    let remove = |id: &str| calls::project_group_remove(organization, slug, id);
    host.send(remove(&two.id)).await.refused(403, "beyond-own-role");
    host.send(remove(&one.id)).await.good_with(204);
    // Who is in a group is the organization's matter, not the project's.
    let join = calls::group_person_add(organization, &two.id, &AddGroupPerson { person: owner.id.clone() });
    owner.client.send(join).await.refused(404, "not-found");
    Ok(())
}

async fn a_group_owns_a_project_if_somebody_in_it_can(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator.client);
    let owner = acme.person(OrganizationRole::Member).await;
    let bob = acme.person(OrganizationRole::Member).await;
    let project = acme.project(&owner, "Churn").await;
    let (organization, slug) = (acme.slug.as_str(), project.slug.as_str());
    let group = team(acme, "Owners", &[]).await;
    give(acme, &project, &in_project(&group, ProjectRole::Owner)).await;
    let leave = || calls::member_remove(organization, slug, &owner.id);
    owner.client.send(leave()).await.refused(409, "last-owner");
    join(acme, &group, &bob).await;
    let disabled = |disabled| {
        let change = UpdatePerson { disabled: Some(disabled), ..UpdatePerson::default() };
        calls::person_update(organization, &bob.id, &change)
    };
    ada.send(disabled(true)).await.good();
    owner.client.send(leave()).await.refused(409, "last-owner");
    ada.send(disabled(false)).await.good();
    owner.client.send(leave()).await.good_with(204);

    bob.client.sign_in(&bob.email).await.good();
    let lower = || calls::project_group_update(organization, slug, &group.id, &to(ProjectRole::DataEngineer));
    bob.client.send(lower()).await.refused(409, "last-owner");
    let remove = || calls::project_group_remove(organization, slug, &group.id);
    bob.client.send(remove()).await.refused(409, "last-owner");
    acme.add(&project, &owner, ProjectRole::Owner).await;
    bob.client.send(lower()).await.good();
    // Who runs the organization answers for projects that nobody owns.
    ada.send(remove()).await.good_with(204);
    Ok(())
}

async fn who_loses_the_right_to_run_runs_nothing(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator.client);
    let project = acme.project(&acme.administrator, "Churn").await;
    let other = acme.project(&acme.administrator, "Fraud").await;
    let (organization, slug) = (acme.slug.as_str(), project.slug.as_str());
    // One has the role through the group alone, the other of his or her own as well.
    let bob = acme.person(OrganizationRole::Member).await;
    let carol = acme.member(&project, ProjectRole::DataScientist).await;
    acme.add(&other, &bob, ProjectRole::DataScientist).await;
    let runs = any(Object::Project, Action::Read);
    let custom = make(acme, "Runs", &[runs, crate::role::own(Object::Session, Action::Start)], &[]).await;

    for (number, how) in ["leaves", "deleted", "lowered", "removed", "role"].into_iter().enumerate() {
        let group = team(acme, how, &[&bob, &carol]).await;
        let new = AddProjectGroup {
            custom_role: (how == "role").then(|| custom.id.clone()),
            ..in_project(&group, ProjectRole::DataScientist)
        };
        give(acme, &project, &new).await;
        let ids = ["bob", "carol", "elsewhere"].map(|who| format!("{who}-{number}"));
        running(&world, &ids[0], &project, &bob)?;
        running(&world, &ids[1], &project, &carol)?;
        running(&world, &ids[2], &other, &bob)?;
        let states = || -> anyhow::Result<Vec<String>> { ids.iter().map(|id| wanted(&world, id)).collect() };
        // A change that takes nothing stops nothing.
        let save = SaveGroup { name: format!("{how} again"), description: String::new() };
        ada.send(calls::group_update(organization, &group.id, &save)).await.good();
        assert_eq!(states()?, ["running", "running", "running"], "{how}: before");
        match how {
            "leaves" => {
                for person in [&bob, &carol] {
                    let leave = calls::group_person_remove(organization, &group.id, &person.id);
                    ada.send(leave).await.good();
                }
            }
            "deleted" => ada.send(calls::group_delete(organization, &group.id, &save.name)).await.good(),
            "lowered" => {
                let lower =
                    calls::project_group_update(organization, slug, &group.id, &to(ProjectRole::Client));
                ada.send(lower).await.good();
            }
            "removed" => ada.send(calls::project_group_remove(organization, slug, &group.id)).await.good(),
            _ => {
                let less = crate::role::asked("Runs", &[runs], &[]);
                ada.send(calls::custom_role_update(organization, &custom.id, &less)).await.good();
            }
        }
        assert_eq!(states()?, ["stopped", "running", "running"], "{how}: after");
    }
    Ok(())
}

async fn another_organizations_groups_are_not_there(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let acme = &world.acme;
    let beta = world.tenant("Beta").await;
    let bob = &beta.administrator;
    let secret = team(acme, "Secret", &[]).await;
    let project = beta.project(bob, "Churn").await;
    let (organization, slug) = (beta.slug.as_str(), project.slug.as_str());
    let add = |id: &str| {
        let new = AddProjectGroup { group: id.to_owned(), role: ProjectRole::Client, custom_role: None };
        calls::project_group_add(organization, slug, &new)
    };
    let (theirs, nobodys) = (bob.client.send(add(&secret.id)).await, bob.client.send(add("absent")).await);
    theirs.blames(&["group"]);
    assert_eq!(theirs.text(), nobodys.text());
    bob.client.send(calls::group_get(organization, &secret.id)).await.refused(404, "not-found");
    bob.client.send(calls::group_delete(organization, &secret.id, "Secret")).await.refused(404, "not-found");
    assert!(bob.client.send(calls::group_list(organization, None, None)).await.good().items.is_empty());
    // Nor does one take people of another organization.
    let mine = team(&beta, "Secret", &[]).await;
    let foreign = AddGroupPerson { person: acme.administrator.id.clone() };
    bob.client.send(calls::group_person_add(organization, &mine.id, &foreign)).await.blames(&["person"]);
    Ok(())
}

async fn who_leaves_the_organization_leaves_its_groups_and_sessions(
    database: Database,
) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator.client);
    let project = acme.project(&acme.administrator, "Churn").await;
    let bob: Person = acme.person(OrganizationRole::Member).await;
    let carol = acme.member(&project, ProjectRole::DataScientist).await;
    let group = team(acme, "Data", &[&bob, &carol]).await;
    give(acme, &project, &in_project(&group, ProjectRole::DataScientist)).await;
    for (id, person) in [("runs", &bob), ("stopped", &bob), ("stays", &carol)] {
        running(&world, id, &project, person)?;
    }
    let stop = "UPDATE workloads SET wanted = 'stopped' WHERE id = 'stopped'";
    anyhow::ensure!(world.server.database.execute(stop)? == 1);
    ada.send(calls::person_remove(&acme.slug, &bob.id)).await.good_with(204);
    let detail = ada.send(calls::group_get(&acme.slug, &group.id)).await.good();
    assert_eq!((detail.group.people, detail.people.len()), (1, 1));
    assert_eq!((wanted(&world, "runs")?, wanted(&world, "stopped")?), ("deleted".into(), "deleted".into()));
    assert_eq!(wanted(&world, "stays")?, "running");
    // Who comes back begins without the group.
    let link = acme.invite(OrganizationRole::Member).await;
    bob.client.sign_in(&bob.email).await.good();
    let accept = calls::invitation_accept(atelier_tests::token_of(&link));
    bob.client.send(accept).await.good();
    bob.client.send(calls::project_get(&acme.slug, &project.slug)).await.refused(404, "not-found");
    Ok(())
}
