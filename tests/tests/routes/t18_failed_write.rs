//! T18: a change of a role that the database refuses changes nothing, in memory neither.

use crate::role::{any, asked, make, member};
use atelier_api::calls;
use atelier_api::project::UpdateProject;
use atelier_api::role::{Action, Object};
use atelier_tests::{Database, World, on_both_databases};

on_both_databases!(t18_a_role_that_cannot_be_written_stays_as_it_was);

/// The last statement of each change of a role counts this up.
fn refuse(database: Database) -> (&'static str, &'static str) {
    match database {
        Database::Sqlite => (
            "CREATE TRIGGER refused BEFORE UPDATE OF policy_epoch ON organizations \
             BEGIN SELECT RAISE(ABORT, 'refused'); END",
            "DROP TRIGGER refused",
        ),
        Database::Postgres => (
            "ALTER TABLE organizations ADD CONSTRAINT refused CHECK (policy_epoch < 0) NOT VALID",
            "ALTER TABLE organizations DROP CONSTRAINT refused",
        ),
    }
}

async fn t18_a_role_that_cannot_be_written_stays_as_it_was(database: Database) -> anyhow::Result<()> {
    let mut world = World::new(database).await?;
    let acme = &world.acme;
    let ada = acme.administrator.client.clone();
    let project = acme.project(&acme.administrator, "Churn").await;
    let (organization, slug) = (acme.slug.clone(), project.slug.clone());
    let read = any(Object::Project, Action::Read);
    let editor = make(acme, "Editor", &[read, any(Object::Project, Action::Update)], &[]).await;
    let person = member(acme, &project, &editor).await;
    let update = || calls::project_update(&organization, &slug, &UpdateProject::default());
    let members = || calls::member_list(&organization, &slug);
    person.client.send(update()).await.good();
    person.client.send(members()).await.refused(403, "forbidden");
    let before = ada.send(calls::custom_role_list(&organization)).await.good();

    let (refused, allowed) = refuse(database);
    world.server.database.execute(refused)?;
    let less = [read, any(Object::Member, Action::Read)];
    let (other, another) = (asked("Editor", &less, &[]), asked("Another", &less, &[]));
    let change = || calls::custom_role_update(&organization, &editor.id, &other);
    for again in ["at once", "after a restart"] {
        let status = ada.send(change()).await.status;
        assert!(status.is_server_error(), "{status}");
        assert!(ada.send(calls::custom_role_create(&organization, &another)).await.status.is_server_error());
        assert_eq!(ada.send(calls::custom_role_list(&organization)).await.good(), before, "{again}");
        person.client.send(update()).await.good();
        person.client.send(members()).await.refused(403, "forbidden");
        world.server.kill9()?;
        world.server.restart().await?;
    }

    world.server.database.execute(allowed)?;
    ada.send(change()).await.good();
    person.client.send(update()).await.refused(403, "forbidden");
    person.client.send(members()).await.good();
    Ok(())
}
