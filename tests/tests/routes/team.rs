//! Groups for other tests, and sessions as rows.

use atelier_api::calls;
use atelier_api::group::{AddGroupPerson, AddProjectGroup, Group, SaveGroup};
use atelier_api::project::Project;
use atelier_api::role::ProjectRole;
use atelier_tests::{Person, Tenant, World};

/// A group of these people.
pub async fn team(tenant: &Tenant, name: &str, people: &[&Person]) -> Group {
    let new = SaveGroup { name: name.to_owned(), description: String::new() };
    let client = &tenant.administrator.client;
    let group = client.send(calls::group_create(&tenant.slug, &new)).await.good_with(201);
    for person in people {
        join(tenant, &group, person).await;
    }
    group
}

pub async fn join(tenant: &Tenant, group: &Group, person: &Person) {
    let new = AddGroupPerson { person: person.id.clone() };
    let add = calls::group_person_add(&tenant.slug, &group.id, &new);
    tenant.administrator.client.send(add).await.good_with(201);
}

pub fn in_project(group: &Group, role: ProjectRole) -> AddProjectGroup {
    AddProjectGroup { group: group.id.clone(), role, custom_role: None }
}

/// Gives a group a role in a project.
pub async fn give(tenant: &Tenant, project: &Project, new: &AddProjectGroup) {
    let add = calls::project_group_add(&tenant.slug, &project.slug, new);
    tenant.administrator.client.send(add).await.good_with(201);
}

/// A session of this person that runs as far as the rows say; there is no Docker to ask.
pub fn running(world: &World, id: &str, project: &Project, person: &Person) -> anyhow::Result<()> {
    let database = &world.server.database;
    let workload = format!(
        "INSERT INTO workloads (id, kind, organization_id, project_id, owner_id, name, environment_id, tool, \
         wanted, generation, created_at, wanted_at) SELECT '{id}', 'session', p.organization_id, p.id, '{}', \
         'Lab', 'python-data-science', 'jupyterlab', 'running', 1, 1, 1 FROM projects p WHERE p.id = '{}'",
        person.id, project.id
    );
    let status = format!(
        "INSERT INTO workload_status (workload_id, state, alive, last_active_at, updated_at) \
         VALUES ('{id}', 'running', '{{\"reason\":\"nothing\"}}', 1, 1)"
    );
    anyhow::ensure!(database.execute(&workload)? == 1 && database.execute(&status)? == 1);
    Ok(())
}

/// Whether a session should run: `running`, `stopped` or `deleted`.
pub fn wanted(world: &World, id: &str) -> anyhow::Result<String> {
    let query = format!("SELECT wanted AS line FROM workloads WHERE id = '{id}'");
    world.server.database.lines(&query)?.pop().ok_or_else(|| anyhow::anyhow!("there is no session {id}"))
}
