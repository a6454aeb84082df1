//! T18: what one server revokes, another on the same database feels at once.

use atelier_api::calls;
use atelier_api::member::UpdateMember;
use atelier_api::person::UpdatePerson;
use atelier_api::project::UpdateProject;
use atelier_api::role::{OrganizationRole, ProjectRole};
use atelier_tests::{Database, World, eventually};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(1);

#[tokio::test]
async fn t18_revoked_on_one_server_is_felt_on_the_other() -> anyhow::Result<()> {
    let world = World::new(Database::Postgres).await?;
    let second = world.server.second().await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator);
    let owner = acme.person(OrganizationRole::Member).await;
    let project = acme.project(&owner, "Churn").await;
    let member = acme.member(&project, ProjectRole::Owner).await;
    let there = second.client();
    there.set_cookie(member.client.cookie());
    let (organization, slug) = (acme.slug.as_str(), project.slug.as_str());

    // May change the project on the other server, then no more.
    let change = || calls::project_update(organization, slug, &UpdateProject::default());
    there.send(change()).await.good();
    let role = UpdateMember { role: ProjectRole::Client, custom_role: None };
    owner.client.send(calls::member_update(organization, slug, &member.id, &role)).await.good();
    eventually("the role is gone", SOON, || async { there.send(change()).await.status == 403 }).await;

    // Not in the project any more: it is as if it were not there.
    there.send(calls::project_get(organization, slug)).await.good();
    owner.client.send(calls::member_remove(organization, slug, &member.id)).await.good();
    let get = || calls::project_get(organization, slug);
    eventually("the project is gone", SOON, || async { there.send(get()).await.status == 404 }).await;

    // Disabled: out altogether.
    let disable = UpdatePerson { disabled: Some(true), ..UpdatePerson::default() };
    ada.client.send(calls::person_update(organization, &member.id, &disable)).await.good();
    eventually("the sign-in is gone", SOON, || async { there.send(calls::me_get()).await.status == 401 })
        .await;
    Ok(())
}
