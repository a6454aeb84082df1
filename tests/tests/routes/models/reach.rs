//! Who gets at models, and that they are apart from datasets.

use super::Lab;
use crate::role::{any, make, member};
use atelier_api::calls;
use atelier_api::dataset::{ShareAccess, ShareDataset};
use atelier_api::provenance::Input;
use atelier_api::role::{Action, Object, ProjectRole};
use atelier_api::storage::{ProjectStorageReport, SetStorageQuota, StoragePart};
use atelier_api::upload::CommitUpload;
use atelier_tests::{ArtifactPlace, Client, Database, on_both_databases, until};
use std::time::Duration;

on_both_databases!(
    a_model_and_a_dataset_of_one_word_are_two_things,
    who_sees_no_datasets_is_not_told_of_them,
    a_model_goes_to_the_trash_and_comes_back,
    a_model_counts_in_the_storage_of_its_project,
    what_is_shared_with_the_project_can_be_what_a_model_is_made_of,
);

async fn a_model_and_a_dataset_of_one_word_are_two_things(database: Database) -> anyhow::Result<()> {
    let lab = Lab::new(database).await?;
    let (owner, p) = (&lab.owner.client, lab.project.slug.as_str());
    let twin = ArtifactPlace::create(owner, Object::Dataset, "acme", p, "Churn").await;
    assert_eq!(twin.slug, lab.churn.slug);
    lab.churn.version(owner, "a.csv", "of the model").await;
    twin.version(owner, "a.csv", "of the dataset").await;
    assert_eq!(lab.churn.read(owner, "1", "a.csv").await.text(), "of the model");
    assert_eq!(twin.read(owner, "1", "a.csv").await.text(), "of the dataset");
    // An upload to the one is none to the other.
    let upload = lab.churn.begin(owner).await.good_with(201).id;
    twin.commit(owner, &upload).await.refused(404, "not-found");
    owner.send(calls::dataset_delete("acme", p, &twin.slug)).await.good_with(204);
    owner.send(calls::model_get("acme", p, &lab.churn.slug)).await.good();
    lab.churn.commit(owner, &upload).await.good_with(201);
    Ok(())
}

async fn who_sees_no_datasets_is_not_told_of_them(database: Database) -> anyhow::Result<()> {
    let lab = Lab::new(database).await?;
    let (acme, p) = (&lab.world.acme, lab.project.slug.as_str());
    let datasets = vec![Input { dataset: "customers".to_owned(), number: 1 }];
    let said = CommitUpload { datasets, ..CommitUpload::default() };
    let upload = lab.upload(&lab.owner.client, "one").await;
    lab.churn.commit_with(&lab.owner.client, &upload, &said).await.good_with(201);
    let allow = [
        any(Object::Project, Action::Read),
        any(Object::Model, Action::Read),
        any(Object::Model, Action::Commit),
    ];
    let server = make(acme, "Server", &allow, &[]).await;
    let person = member(acme, &lab.project, &server).await;
    let version = person.client.send(calls::model_version_get("acme", p, &lab.churn.slug, "1")).await.good();
    assert!(version.provenance.datasets.is_empty());
    let model = person.client.send(calls::model_get("acme", p, &lab.churn.slug)).await.good();
    assert_eq!(model.latest, Some(version));
    // Nor do guesses tell which there are.
    let upload = lab.upload(&person.client, "two").await;
    let known = lab.churn.commit_with(&person.client, &upload, &said).await;
    known.blames(&["datasets"]);
    // Annotators see datasets and no models.
    let annotator = acme.member(&lab.project, ProjectRole::Annotator).await;
    let list = calls::model_list("acme", p, &Default::default());
    annotator.client.send(list).await.refused(403, "forbidden");
    let get = calls::model_get("acme", p, &lab.churn.slug);
    annotator.client.send(get).await.refused(404, "not-found");
    Ok(())
}

async fn a_model_goes_to_the_trash_and_comes_back(database: Database) -> anyhow::Result<()> {
    let lab = Lab::new(database).await?;
    let (owner, p, m) = (&lab.owner.client, lab.project.slug.as_str(), lab.churn.slug.as_str());
    lab.churn.version(owner, "model.joblib", "one").await;
    lab.churn.tag(&lab.scientist.client, "champion", 1).await.good();
    let upload = lab.upload(owner, "two").await;
    // It is the owner's: a scientist deletes his or her own.
    lab.scientist.client.send(calls::model_delete("acme", p, m)).await.refused(403, "forbidden");
    owner.send(calls::model_delete("acme", p, m)).await.good_with(204);
    lab.scientist.client.send(calls::model_get("acme", p, m)).await.refused(404, "not-found");
    lab.churn.commit(owner, &upload).await.refused(409, "model-in-trash");
    owner.send(calls::model_recover("acme", p, m)).await.good();
    let version = owner.send(calls::model_version_get("acme", p, m, "champion")).await.good();
    assert_eq!((version.number, version.tags), (1, vec!["champion".to_owned()]));
    lab.churn.commit(owner, &upload).await.good_with(201);
    Ok(())
}

fn models(report: &ProjectStorageReport) -> Vec<&StoragePart> {
    report.parts.iter().filter(|part| part.kind == Object::Model).collect()
}

async fn a_model_counts_in_the_storage_of_its_project(database: Database) -> anyhow::Result<()> {
    let lab = Lab::new(database).await?;
    let (acme, owner, p) = (&lab.world.acme, &lab.owner.client, lab.project.slug.as_str());
    let quota = |bytes| calls::storage_quota_set("acme", p, &SetStorageQuota { bytes });
    let upload = lab.upload(owner, "one").await;
    acme.administrator.client.send(quota(Some(1))).await.good();
    lab.churn.commit(owner, &upload).await.refused(409, "storage-quota");
    acme.administrator.client.send(quota(None)).await.good();
    lab.churn.commit(owner, &upload).await.good_with(201);
    let look = async |client: &Client| client.send(calls::project_storage("acme", p)).await.good();
    let report = until("it is measured", Duration::from_secs(30), || async {
        let report = look(owner).await;
        (report.total.versions == 3).then_some(report)
    })
    .await;
    let [model] = models(&report)[..] else { panic!("not one model in {report:?}") };
    assert_eq!((model.slug.as_deref(), model.versions, model.trashed), (Some("churn"), 1, false));
    assert!(model.own_bytes > 0 && model.stored_bytes >= model.own_bytes, "{model:?}");
    // Who sees no models is not told of them.
    let annotator = acme.member(&lab.project, ProjectRole::Annotator).await;
    let seen = look(&annotator.client).await;
    assert_eq!((models(&seen).len(), seen.parts.len()), (0, 1));
    // Nor who may not take it out of the trash, of one that is there.
    owner.send(calls::model_delete("acme", p, &lab.churn.slug)).await.good_with(204);
    assert!(models(&look(owner).await)[0].trashed);
    assert_eq!(models(&look(&lab.scientist.client).await).len(), 0);
    Ok(())
}

async fn what_is_shared_with_the_project_can_be_what_a_model_is_made_of(
    database: Database,
) -> anyhow::Result<()> {
    let lab = Lab::new(database).await?;
    let (owner, p) = (&lab.owner.client, lab.project.slug.as_str());
    let scientist = &lab.scientist.client;
    let sales = lab.world.acme.project(&lab.owner, "Sales").await;
    let costs = ArtifactPlace::create(owner, Object::Dataset, "acme", &sales.slug, "Costs").await;
    costs.version(owner, "a.csv", "one").await;
    let prices = ArtifactPlace::create(owner, Object::Dataset, "acme", &sales.slug, "Prices").await;
    let made_of = |dataset: &str| CommitUpload {
        datasets: vec![Input { dataset: dataset.to_owned(), number: 1 }],
        ..CommitUpload::default()
    };
    let upload = prices.begin(owner).await.good_with(201).id;
    let at_home = prices.commit_with(owner, &upload, &made_of("costs")).await.good_with(201);
    assert_eq!(at_home.provenance.datasets, made_of("costs").datasets);

    let said = made_of("sales.prices");
    let upload = lab.upload(scientist, "one").await;
    lab.churn.commit_with(scientist, &upload, &said).await.blames(&["datasets"]);
    let wish = ShareDataset { project: Some(p.to_owned()), access: ShareAccess::Read };
    let share = || calls::dataset_share_set("acme", &sales.slug, &prices.slug, &wish);
    let shared = owner.send(share()).await.good().remove(0).id;
    let made = lab.churn.commit_with(scientist, &upload, &said).await.good_with(201);
    assert_eq!(made.provenance.datasets, said.datasets);
    // What the shared one was made of is its own project's matter.
    let lent = scientist.send(calls::dataset_version_get("acme", p, "sales.prices", "1")).await.good();
    assert!(lent.provenance.datasets.is_empty());

    // When the share ends, nobody is told of it here any more.
    let get = || calls::model_version_get("acme", p, &lab.churn.slug, "1");
    owner.send(calls::dataset_share_delete("acme", &sales.slug, &prices.slug, &shared)).await.good();
    assert!(scientist.send(get()).await.good().provenance.datasets.is_empty());
    owner.send(share()).await.good();
    assert_eq!(scientist.send(get()).await.good().provenance.datasets, said.datasets);
    Ok(())
}
