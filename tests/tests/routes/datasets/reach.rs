//! Who gets at datasets otherwise than by a role in the project.

use super::{Library, new};
use crate::role::{any, make, member};
use atelier_api::calls;
use atelier_api::role::{Action, Object, OrganizationRole, ProjectRole};
use atelier_api::token::{CreateToken, TokenScope};
use atelier_tests::{Database, on_both_databases};

on_both_databases!(
    an_access_token_reaches_as_far_as_its_scope,
    a_dataset_of_another_project_is_not_there,
    custom_roles_give_and_deny,
);

async fn an_access_token_reaches_as_far_as_its_scope(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let made = library.dataset(&library.owner, "Customers", 1).await?;
    let project = library.project.slug.as_str();
    let program = async |scope| {
        let new = CreateToken { name: "Script".to_owned(), scope, days: 1 };
        let made = library.owner.client.send(calls::token_create(&new)).await.good();
        library.owner.client.with_token(&made.text)
    };
    let (read, write) = (program(TokenScope::Read).await, program(TokenScope::Write).await);
    for client in [&read, &write] {
        client.send(calls::dataset_get("acme", project, &made.slug)).await.good();
        client.send(calls::dataset_version_get("acme", project, &made.slug, "1")).await.good();
    }
    let delete = || calls::dataset_delete("acme", project, &made.slug);
    read.send(library.create("More")).await.refused(403, "token-scope");
    read.send(delete()).await.refused(403, "token-scope");
    write.send(library.create("More")).await.good_with(201);
    write.send(delete()).await.good_with(204);
    Ok(())
}

async fn a_dataset_of_another_project_is_not_there(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let made = library.dataset(&library.owner, "Customers", 1).await?;
    let acme = &library.world.acme;
    let other = acme.project(&library.owner, "Fraud").await;
    let absent = calls::dataset_get("acme", &other.slug, &made.slug);
    library.owner.client.send(absent).await.refused(404, "not-found");
    // A stranger to the project, and another tenant that knows every word, learn nothing.
    let globex = library.world.tenant("Globex").await;
    let theirs = globex.project(&globex.administrator, "Churn").await;
    assert_eq!(theirs.slug, library.project.slug);
    let stranger = acme.person(OrganizationRole::Member).await;
    for (client, organization) in [
        (&stranger.client, "acme"),
        (&globex.administrator.client, "acme"),
        (&globex.administrator.client, globex.slug.as_str()),
    ] {
        let [known, absent] = [made.slug.as_str(), "absent"]
            .map(|slug| calls::dataset_version_get(organization, &theirs.slug, slug, "1"));
        let (known, absent) = (client.send(known).await, client.send(absent).await);
        known.refused(404, "not-found");
        assert_eq!(known.text(), absent.text());
    }
    Ok(())
}

async fn custom_roles_give_and_deny(database: Database) -> anyhow::Result<()> {
    let library = Library::new(database).await?;
    let acme = &library.world.acme;
    let made = library.dataset(&library.owner, "Customers", 1).await?;
    let allow = [
        any(Object::Project, Action::Read),
        any(Object::Dataset, Action::Read),
        any(Object::Dataset, Action::Commit),
    ];
    let feeder = make(acme, "Feeder", &allow, &[]).await;
    let person = member(acme, &library.project, &feeder).await;
    let at = library.at(&person, &made);
    assert_eq!(at.get().await.good().permissions, [Action::Read, Action::Commit]);
    at.tag("production", 1).await.good();
    at.delete().await.refused(403, "forbidden");
    let create = calls::dataset_create("acme", &library.project.slug, &new("More"));
    person.client.send(create).await.refused(403, "forbidden");

    // What a role denies, no other gives.
    let deny = [any(Object::Dataset, Action::Read)];
    let blind = make(acme, "Blind", &[any(Object::Project, Action::Read)], &deny).await;
    let auditor = acme.person(OrganizationRole::Auditor).await;
    library.at(&auditor, &made).get().await.good();
    crate::role::give(acme, &library.project, &auditor, &blind).await;
    library.at(&auditor, &made).get().await.refused(404, "not-found");
    let list = || calls::dataset_list("acme", &library.project.slug, &Default::default());
    auditor.client.send(list()).await.refused(403, "forbidden");
    let kept_out = acme.person(OrganizationRole::Auditor).await;
    acme.add(&library.project, &kept_out, ProjectRole::NoAccess).await;
    library.at(&kept_out, &made).get().await.refused(404, "not-found");
    kept_out.client.send(list()).await.refused(404, "not-found");
    Ok(())
}
