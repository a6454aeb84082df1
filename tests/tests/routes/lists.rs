//! A list shows exactly what can be asked for one by one, to everybody.

use crate::role::{any, give, make, own};
use crate::team::{in_project, team};
use atelier_api::calls;
use atelier_api::group::AddProjectGroup;
use atelier_api::project::{Project, ProjectFilter, UpdateProject};
use atelier_api::role::{Action, Object, OrganizationRole, ProjectRole};
use atelier_tests::{Client, Database, Person, Tenant, World, on_both_databases};
use std::collections::BTreeSet;

on_both_databases!(lists_and_single_decisions_agree);

async fn lists_and_single_decisions_agree(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator);
    let [first, archived, deleted] = [
        acme.project(ada, "First").await,
        acme.project(ada, "Archived").await,
        acme.project(ada, "Deleted").await,
    ];
    acme.project(ada, "Unrelated").await;
    let beta = world.tenant("Beta").await;
    beta.project(&beta.administrator, "Elsewhere").await;
    let everybody = everybody(acme, [&first, &archived, &deleted]).await;
    let archive = UpdateProject { archived: Some(true), ..UpdateProject::default() };
    ada.client.send(calls::project_update(&acme.slug, &archived.slug, &archive)).await.good();
    ada.client.send(calls::project_delete(&acme.slug, &deleted.slug, &deleted.name)).await.good();

    let mut seen = BTreeSet::new();
    for (who, person) in &everybody {
        let listed: Vec<Project> =
            [list(&person.client, false).await, list(&person.client, true).await].concat();
        let mut got = Vec::new();
        for slug in ["first", "unrelated", "archived", "deleted", "elsewhere"] {
            let answer = person.client.send(calls::project_get(&acme.slug, slug)).await;
            if answer.status == 200 {
                got.push(answer.good());
            } else {
                answer.refused(404, "not-found");
            }
        }
        assert_eq!(listed, got, "{who}: listed (left) and asked for one by one (right)");
        for project in &got {
            let read = |object| project.permissions.contains(&any(object, Action::Read));
            let members = person.client.send(calls::member_list(&acme.slug, &project.slug)).await;
            assert_eq!(members.status == 200, read(Object::Member), "{who}: members of {}", project.slug);
        }
        seen.insert(got.len());
    }
    // The comparison would be empty if all saw all, or nothing.
    assert_eq!(seen, BTreeSet::from([0, 1, 2, 3]));
    Ok(())
}

/// People with every role in the organization and in its projects.
async fn everybody(acme: &Tenant, projects: [&Project; 3]) -> Vec<(String, Person)> {
    let mut everybody = Vec::new();
    for role in OrganizationRole::ALL {
        everybody.push((role.to_string(), acme.person(*role).await));
    }
    for role in ProjectRole::ALL {
        let person = acme.member(projects[0], *role).await;
        acme.add(projects[1], &person, *role).await;
        acme.add(projects[2], &person, *role).await;
        everybody.push((role.to_string(), person));
    }
    let (project, read) = (Object::Project, Action::Read);
    let custom = [
        ("reads", make(acme, "reads", &[any(project, read)], &[]).await),
        ("reads own", make(acme, "reads own", &[own(project, read)], &[]).await),
        ("only members", make(acme, "only members", &[any(Object::Member, read)], &[]).await),
        ("nothing", make(acme, "nothing", &[], &[]).await),
        ("denied", make(acme, "denied", &[any(project, Action::Update)], &[any(project, read)]).await),
        (
            "denied members",
            make(acme, "denied members", &[any(project, read)], &[any(Object::Member, read)]).await,
        ),
    ];
    for (name, role) in &custom {
        for standing in OrganizationRole::ALL {
            let person = acme.person(*standing).await;
            give(acme, projects[0], &person, role).await;
            everybody.push((format!("{standing}, {name}"), person));
        }
    }
    let telling = ["reads", "denied", "denied members"];
    for (name, role) in custom.iter().filter(|(name, _)| telling.contains(name)) {
        for standing in OrganizationRole::ALL {
            // Through a group alone, and beside a role of one's own.
            let alone = acme.person(*standing).await;
            let beside = acme.person(*standing).await;
            acme.add(projects[1], &beside, ProjectRole::Client).await;
            let group = team(acme, &format!("{standing}, {name}"), &[&alone, &beside]).await;
            for project in projects {
                let custom_role = Some(role.id.clone());
                let new = AddProjectGroup { custom_role, ..in_project(&group, role.base) };
                crate::team::give(acme, project, &new).await;
            }
            everybody.push((format!("{standing}, {name}, by a group"), alone));
            everybody.push((format!("{standing}, {name}, by a group too"), beside));
        }
    }
    everybody
}

async fn list(client: &Client, archived: bool) -> Vec<Project> {
    let filter = ProjectFilter { archived: Some(archived), ..ProjectFilter::default() };
    client.send(calls::project_list("acme", &filter)).await.good().items
}
