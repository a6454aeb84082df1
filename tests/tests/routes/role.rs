//! Custom roles for other tests to give.

use atelier_api::calls;
use atelier_api::custom_role::{CustomRole, SaveCustomRole};
use atelier_api::member::AddMember;
use atelier_api::project::Project;
use atelier_api::role::{Action, Object, OrganizationRole, Permission, ProjectRole, Scope};
use atelier_tests::{Person, Tenant};

/// Everybody's.
pub fn any(object: Object, action: Action) -> Permission {
    Permission { object, action, scope: Scope::Any }
}

/// One's own.
pub fn own(object: Object, action: Action) -> Permission {
    Permission { object, action, scope: Scope::Own }
}

pub fn asked(name: &str, allow: &[Permission], deny: &[Permission]) -> SaveCustomRole {
    let (allow, deny) = (allow.to_vec(), deny.to_vec());
    SaveCustomRole { name: name.to_owned(), base: ProjectRole::Client, allow, deny }
}

pub async fn make(tenant: &Tenant, name: &str, allow: &[Permission], deny: &[Permission]) -> CustomRole {
    let create = calls::custom_role_create(&tenant.slug, &asked(name, allow, deny));
    tenant.administrator.client.send(create).await.good_with(201)
}

/// What makes somebody a member with a custom role.
pub fn membership(person: &Person, role: &CustomRole) -> AddMember {
    AddMember { person: person.id.clone(), role: role.base, custom_role: Some(role.id.clone()) }
}

pub async fn give(tenant: &Tenant, project: &Project, person: &Person, role: &CustomRole) {
    let add = calls::member_add(&tenant.slug, &project.slug, &membership(person, role));
    tenant.administrator.client.send(add).await.good_with(201);
}

/// Somebody new with a custom role in a project.
pub async fn member(tenant: &Tenant, project: &Project, role: &CustomRole) -> Person {
    let person = tenant.person(OrganizationRole::Member).await;
    give(tenant, project, &person, role).await;
    person
}
