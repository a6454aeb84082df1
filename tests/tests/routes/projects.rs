//! Projects.

use atelier_api::calls;
use atelier_api::project::{CreateProject, ProjectFilter, UpdateProject};
use atelier_api::role::{OrganizationRole, ProjectRole};
use atelier_tests::{Client, Database, World, on_both_databases};

on_both_databases!(a_project_begins_changes_and_ends, projects_are_found_and_archived);

fn new(name: &str, description: &str) -> CreateProject {
    CreateProject { name: name.to_owned(), description: description.to_owned() }
}

async fn a_project_begins_changes_and_ends(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let acme = &world.acme;
    let owner = acme.person(OrganizationRole::Member).await;
    let client = &owner.client;
    let create = |name: &str| calls::project_create(&acme.slug, &new(name, "Who leaves?"));

    let made = client.send(create(" Churn 2026! ")).await.good_with(201);
    assert_eq!((made.slug.as_str(), made.name.as_str()), ("churn-2026", "Churn 2026!"));
    assert_eq!((made.role, made.members, made.running), (Some(ProjectRole::Owner), 1, 0));
    assert_eq!(client.send(calls::project_get(&acme.slug, &made.slug)).await.good(), made);
    assert_eq!(client.send(create("churn 2026")).await.good().slug, "churn-2026-2");
    assert_eq!(client.send(create("Settings")).await.good().slug, "project-settings");
    for name in ["", "\u{200}\u{0}", &"n".repeat(81)] {
        client.send(create(name)).await.blames(&["name"]);
    }
    let long = new("Fine", &"d".repeat(2001));
    client.send(calls::project_create(&acme.slug, &long)).await.blames(&["description"]);
    let guest = acme.person(OrganizationRole::Guest).await;
    guest.client.send(create("Mine")).await.refused(403, "forbidden");

    // The address stays when the name changes.
    let change = UpdateProject {
        name: Some("Retention".to_owned()),
        description: Some("Who stays?\nAnd why?".to_owned()),
        archived: None,
    };
    let update = calls::project_update(&acme.slug, &made.slug, &change);
    let changed = client.send(update).await.good();
    assert_eq!((changed.slug.as_str(), changed.name.as_str()), ("churn-2026", "Retention"));
    assert_eq!(changed.description, "Who stays?\nAnd why?");
    assert_eq!(client.send(calls::project_get(&acme.slug, "churn-2026")).await.good(), changed);
    client.send(calls::project_get(&acme.slug, "retention")).await.refused(404, "not-found");

    // Deleted only by who typed its name; then its address is free.
    let delete = |confirm: &str| calls::project_delete(&acme.slug, "churn-2026", confirm);
    for confirm in ["Churn 2026!", "retention", ""] {
        client.send(delete(confirm)).await.blames(&["confirm"]);
    }
    let bare = client.request("DELETE", &format!("/api/v1/organizations/{}/projects/churn-2026", acme.slug));
    client.run::<()>(bare).await.refused(400, "query");
    client.send(calls::project_get(&acme.slug, "churn-2026")).await.good();
    client.send(delete("Retention")).await.good_with(204);
    client.send(calls::project_get(&acme.slug, "churn-2026")).await.refused(404, "not-found");
    client.send(delete("Retention")).await.refused(404, "not-found");
    let again = client.send(create("Churn 2026")).await.good();
    assert_eq!(again.slug, "churn-2026");
    assert_ne!(again.id, made.id);
    Ok(())
}

async fn projects_are_found_and_archived(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator);
    for (name, description) in [("beta", "100 % Öl"), ("Alpha", ""), ("gamma_x", "about ALPHA")] {
        ada.client.send(calls::project_create(&acme.slug, &new(name, description))).await.good();
    }
    let client = &ada.client;
    assert_eq!(names(client, None, None).await, ["Alpha", "beta", "gamma_x"], "by name as people sort");
    assert_eq!(names(client, Some("alpha"), None).await, ["Alpha", "gamma_x"]);
    assert_eq!(names(client, Some(" ÖL "), None).await, ["beta"]);
    assert_eq!(names(client, Some("%"), None).await, ["beta"], "no pattern");
    assert_eq!(names(client, Some("_"), None).await, ["gamma_x"]);
    assert!(names(client, Some("'; DROP TABLE projects; --"), None).await.is_empty());

    let archive = |archived| {
        let change = UpdateProject { archived: Some(archived), ..UpdateProject::default() };
        calls::project_update(&acme.slug, "alpha", &change)
    };
    assert!(client.send(archive(true)).await.good().archived_at.is_some());
    assert_eq!(names(client, None, Some(false)).await, ["beta", "gamma_x"]);
    assert_eq!(names(client, None, Some(true)).await, ["Alpha"]);
    client.send(calls::project_get(&acme.slug, "alpha")).await.good();
    assert_eq!(client.send(archive(false)).await.good().archived_at, None);
    assert_eq!(names(client, None, None).await.len(), 3);
    let wrong = ProjectFilter { cursor: Some("€".to_owned()), ..ProjectFilter::default() };
    client.send(calls::project_list(&acme.slug, &wrong)).await.refused(422, "invalid");
    let wrong = client.get("/api/v1/organizations/acme/projects?archived=maybe").await;
    wrong.refused(400, "query");
    Ok(())
}

async fn names(client: &Client, search: Option<&str>, archived: Option<bool>) -> Vec<String> {
    let filter = ProjectFilter { search: search.map(str::to_owned), archived, cursor: None };
    let page = client.send(calls::project_list("acme", &filter)).await.good();
    page.items.into_iter().map(|project| project.name).collect()
}
