//! A project's results: versions by whoever may make them, the trash, who hears of them.

use atelier_api::calls;
use atelier_api::data::{DataVersion, UpdateDataVersion};
use atelier_api::event::Event;
use atelier_api::project::Project;
use atelier_api::role::{OrganizationRole, ProjectRole};
use atelier_tests::{
    Answer, Client, Database, Events, Person, TreePlace, World, eventually, on_both_databases,
};
use std::time::Duration;

on_both_databases!(
    results_are_kept_apart_from_the_files_and_go_into_the_trash,
    whoever_looks_is_told_of_new_results,
    what_a_session_cost_is_for_those_to_see_who_see_the_bill,
);

struct Desk {
    world: World,
    project: Project,
    owner: Person,
    results: TreePlace,
}

impl Desk {
    async fn new(database: Database) -> anyhow::Result<Desk> {
        let world = World::new(database).await?;
        let owner = world.acme.person(OrganizationRole::Member).await;
        let project = world.acme.project(&owner, "Churn").await;
        let results = TreePlace::results("acme", &project.slug);
        Ok(Desk { world, project, owner, results })
    }

    async fn trash(&self, client: &Client, version: &str, trashed: bool) -> Answer<DataVersion> {
        let body = UpdateDataVersion { trashed };
        client.send(calls::results_version_update("acme", &self.project.slug, version, &body)).await
    }
}

async fn results_are_kept_apart_from_the_files_and_go_into_the_trash(
    database: Database,
) -> anyhow::Result<()> {
    let desk = Desk::new(database).await?;
    let (client, p) = (&desk.owner.client, desk.project.slug.as_str());
    TreePlace::files("acme", p).version(client, "", &[("a.py", "code")]).await;
    assert_eq!(desk.results.version(client, "First", &[("report.html", "<p>1")]).await.number, 1);
    let scientist = desk.world.acme.member(&desk.project, ProjectRole::DataScientist).await;
    desk.results.version(&scientist.client, "Second", &[("scores.csv", "auc\n0.9\n")]).await;
    let all = desk.results.all(client, "latest").await;
    assert_eq!(all.keys().map(String::as_str).collect::<Vec<_>>(), ["report.html", "scores.csv"]);

    // An upload that changes nothing says so.
    let upload = desk.results.begin(client).await.good_with(201);
    assert!(!upload.changed);
    assert!(!desk.results.put(client, &upload.id, "report.html", "<p>1").await.good().changed);
    assert!(desk.results.put(client, &upload.id, "report.html", "<p>2").await.good().changed);

    // Not everybody who makes results takes them away.
    desk.trash(&scientist.client, "2", true).await.refused(403, "forbidden");
    let gone = desk.trash(client, "2", true).await.good();
    assert!(gone.trashed_at.is_some() && gone.removed_at > gone.trashed_at);
    let latest = client.send(calls::results_version_get("acme", p, "latest")).await.good();
    assert_eq!(latest.number, 1);
    let listed = client.send(calls::results_version_list("acme", p, None)).await.good().items;
    assert_eq!(listed.iter().map(|version| version.number).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(desk.trash(client, "2", false).await.good().trashed_at, None);
    let latest = client.send(calls::results_version_get("acme", p, "latest")).await.good();
    assert_eq!(latest.number, 2);
    desk.trash(client, "7", true).await.refused(404, "not-found");
    Ok(())
}

async fn whoever_looks_is_told_of_new_results(database: Database) -> anyhow::Result<()> {
    let desk = Desk::new(database).await?;
    let scientist = desk.world.acme.member(&desk.project, ProjectRole::DataScientist).await;
    let annotator = desk.world.acme.member(&desk.project, ProjectRole::Annotator).await;
    let seen = Events::open(&scientist.client, "acme").await;
    let unseen = Events::open(&annotator.client, "acme").await;
    let told = Event::ResultsChanged { project: desk.project.slug.clone() };
    desk.results.version(&desk.owner.client, "", &[("a.png", "one")]).await;
    eventually("it is told", Duration::from_secs(10), || async { seen.all().contains(&told) }).await;
    assert!(!unseen.all().contains(&told), "told to somebody who may not read the results");
    Ok(())
}

async fn what_a_session_cost_is_for_those_to_see_who_see_the_bill(database: Database) -> anyhow::Result<()> {
    let desk = Desk::new(database).await?;
    let p = desk.project.slug.as_str();
    let scientist = desk.world.acme.member(&desk.project, ProjectRole::DataScientist).await;
    let colleague = desk.world.acme.member(&desk.project, ProjectRole::DataScientist).await;
    desk.results.version(&scientist.client, "", &[("a.png", "one")]).await;
    desk.world
        .server
        .database
        .execute("UPDATE data_versions SET cost_micros = 1200 WHERE object = 'result'")?;
    for (who, sees) in [(&desk.owner, true), (&scientist, true), (&colleague, false)] {
        let version = who.client.send(calls::results_version_get("acme", p, "1")).await.good();
        assert_eq!(version.provenance.cost.map(|cost| cost.0), sees.then_some(1200), "{}", who.email);
        let history = who.client.send(calls::results_history("acme", p, "1", "a.png", None)).await.good();
        assert_eq!(history.items[0].version.provenance.cost, None);
    }
    Ok(())
}
