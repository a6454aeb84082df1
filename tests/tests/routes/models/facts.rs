//! What is told of versions.

use super::Lab;
use atelier_api::artifact::ArtifactFilter;
use atelier_api::calls;
use atelier_api::data::{DataOrigin, DataVersion, RestoreDataVersion};
use atelier_api::provenance::{Input, Provenance};
use atelier_api::upload::CommitUpload;
use atelier_tests::{Database, TreePlace, on_both_databases};
use serde_json::{Value, json};

on_both_databases!(
    a_version_keeps_what_it_scored_and_what_it_was_made_of,
    what_cannot_be_true_is_refused_and_the_upload_goes_on,
    a_program_in_a_session_need_not_say_where_it_runs,
);

fn input(number: i64) -> Input {
    Input { dataset: "customers".to_owned(), number }
}

async fn a_version_keeps_what_it_scored_and_what_it_was_made_of(database: Database) -> anyhow::Result<()> {
    let lab = Lab::new(database).await?;
    let (owner, churn) = (&lab.owner.client, &lab.churn);
    let names = ("acme", lab.project.slug.as_str(), churn.slug.as_str());
    let metrics: [(&str, f64); 4] =
        [("auc", 0.1 + 0.2), ("loss", f64::MIN_POSITIVE), ("worst", f64::MAX), ("n", -3.0)];
    let said = CommitUpload {
        message: "First".to_owned(),
        metrics: metrics.map(|(name, value)| (name.to_owned(), value)).into(),
        parameters: [("depth".to_owned(), "5".to_owned()), ("note".to_owned(), String::new())].into(),
        datasets: vec![input(2), input(1), input(2)],
    };
    let upload = lab.upload(owner, "one").await;
    let made = churn.commit_with(owner, &upload, &said).await.good_with(201);
    let same = |version: &DataVersion| {
        assert_eq!((&version.metrics, &version.parameters), (&said.metrics, &said.parameters));
        assert_eq!(version.provenance.datasets, [input(1), input(2)]);
        assert_eq!((&version.provenance.environment, &version.provenance.image), (&None, &None));
    };
    same(&made);
    // Asked again, it answers with the same version, whatever is said the second time.
    let again = churn.commit(owner, &upload).await.good_with(201);
    assert_eq!(again, made);
    same(&owner.send(calls::model_version_get(names.0, names.1, names.2, "1")).await.good());

    // The next one is told of alone.
    let upload = lab.upload(owner, "two").await;
    let second = churn.commit(owner, &upload).await.good_with(201);
    assert!(second.metrics.is_empty() && second.parameters.is_empty());
    assert_eq!(second.provenance, Provenance::default());
    let list = owner.send(calls::model_version_list(names.0, names.1, names.2, None)).await.good();
    assert_eq!(list.items.iter().map(|version| version.number).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(list.items[0], second);
    same(&list.items[1]);

    // What was brought back scores what it scored.
    let body = RestoreDataVersion { message: "As first".to_owned() };
    let restored =
        owner.send(calls::model_version_restore(names.0, names.1, names.2, "1", &body)).await.good_with(201);
    assert_eq!((restored.number, restored.origin), (3, DataOrigin::Restore));
    same(&restored);
    let filter = ArtifactFilter::default();
    let models = owner.send(calls::model_list(names.0, names.1, &filter)).await.good().items;
    same(models[0].latest.as_ref().unwrap_or_else(|| panic!("no latest in {models:?}")));

    // A dataset that is gone is not told of; one in the trash is.
    let gone = calls::dataset_delete(names.0, names.1, &lab.customers.slug);
    owner.send(gone).await.good_with(204);
    same(&owner.send(calls::model_version_get(names.0, names.1, names.2, "1")).await.good());
    lab.world.server.database.execute("UPDATE datasets SET removed_at = 1, slug = 'x~1'")?;
    let version = owner.send(calls::model_version_get(names.0, names.1, names.2, "1")).await.good();
    assert!(version.provenance.datasets.is_empty());
    Ok(())
}

async fn what_cannot_be_true_is_refused_and_the_upload_goes_on(database: Database) -> anyhow::Result<()> {
    let lab = Lab::new(database).await?;
    let owner = &lab.owner.client;
    let upload = lab.upload(owner, "one").await;
    let address =
        calls::model_upload_commit("acme", &lab.project.slug, &lab.churn.slug, &upload, &Default::default())
            .path;
    let commit = async |body: &Value| {
        let request = owner.request("POST", &address).header("content-type", "application/json");
        owner.run::<DataVersion>(request.body(body.to_string())).await
    };
    let many: serde_json::Map<String, Value> = (0..201).map(|n| (format!("m{n}"), json!(n))).collect();
    let mut many_inputs = Vec::new();
    many_inputs.resize(101, json!({"dataset": "customers", "number": 1}));
    for (body, field) in [
        (json!({"metrics": many}), "metrics"),
        (json!({"metrics": {"": 1}}), "metrics"),
        (json!({"metrics": {("x".repeat(101)): 1}}), "metrics"),
        (json!({"metrics": {"a\u{0}b": 1}}), "metrics"),
        (json!({"parameters": {"depth": "x".repeat(1001)}}), "parameters"),
        (json!({"datasets": many_inputs}), "datasets"),
        (json!({"datasets": [{"dataset": "absent", "number": 1}]}), "datasets"),
        (json!({"datasets": [{"dataset": "customers", "number": 3}]}), "datasets"),
        (json!({"datasets": [{"dataset": "churn", "number": 1}]}), "datasets"),
        (json!({"datasets": [{"dataset": "customers", "number": 0}]}), "datasets[0].number"),
    ] {
        commit(&body).await.blames(&[field]);
    }
    for body in [
        json!({"metrics": {"auc": "high"}}),
        json!({"metrics": {"auc": null}}),
        json!({"metrics": [1]}),
        json!({"parameters": {"depth": 5}}),
        json!({"metric": {"auc": 1}}),
    ] {
        let answer = commit(&body).await;
        assert!(matches!(answer.status.as_u16(), 400 | 422), "{body}: {}", answer.status);
    }
    let raw = owner.request("POST", &address).header("content-type", "application/json");
    let huge = owner.run::<DataVersion>(raw.body(r#"{"metrics": {"auc": 1e999}}"#)).await;
    assert!(matches!(huge.status.as_u16(), 400 | 422), "{}", huge.status);
    assert_eq!(commit(&json!({"metrics": {"auc": 1}})).await.good_with(201).number, 1);
    Ok(())
}

async fn a_program_in_a_session_need_not_say_where_it_runs(database: Database) -> anyhow::Result<()> {
    let lab = Lab::new(database).await?;
    let tiers = lab.owner.client.send(calls::tier_list("acme")).await.good();
    let tier = tiers.first().map(|tier| tier.id.clone()).unwrap_or_default();
    let rows = &lab.world.server.database;
    let session = rows.session(&lab.project.slug, &lab.scientist.email, &tier, "running")?;
    rows.execute(&format!(
        "UPDATE workload_starts SET image = 'sha256:abc' WHERE workload_id = '{session}'"
    ))?;
    let program = lab.world.server.inside(&session).await?;
    let files = TreePlace::files("acme", &lab.project.slug);
    let draft = files.draft(&program).await.good().id;
    files.put(&program, &draft, "train.py", "fit()").await.good();
    assert_eq!(files.save(&program, "").await.version, Some(1));
    let upload = lab.upload(&program, "one").await;
    let said = CommitUpload { datasets: vec![input(1)], ..CommitUpload::default() };
    let made = lab.churn.commit_with(&program, &upload, &said).await.good_with(201);
    assert_eq!((made.origin, made.session.as_ref()), (DataOrigin::Session, Some(&session)));
    let expected = Provenance {
        environment: Some("python-data-science".to_owned()),
        image: Some("sha256:abc".to_owned()),
        datasets: vec![input(1)],
        files: Some(1),
        // Nothing has run.
        cost: None,
    };
    assert_eq!(made.provenance, expected);
    // It stays so when the session is started anew with another image.
    rows.execute(&format!(
        "UPDATE workload_starts SET image = 'sha256:def' WHERE workload_id = '{session}'"
    ))?;
    let (o, p, m) = ("acme", lab.project.slug.as_str(), lab.churn.slug.as_str());
    let version = lab.owner.client.send(calls::model_version_get(o, p, m, "1")).await.good();
    assert_eq!(version.provenance, expected);
    // A program deletes nothing.
    program.send(calls::model_delete(o, p, m)).await.refused(403, "not-from-inside");
    program.send(calls::model_update(o, p, m, &Default::default())).await.refused(403, "not-from-inside");
    Ok(())
}
