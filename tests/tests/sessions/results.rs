//! `/results`: what a session writes there becomes a version of the project's results, with what made it.

use atelier_api::calls;
use atelier_api::data::{DataOrigin, DataVersion};
use atelier_api::draft::SaveDraft;
use atelier_api::provenance::Input;
use atelier_api::role::ProjectRole;
use atelier_api::session::{Session, SessionState};
use atelier_tests::studio::{LIMIT, Studio, container};
use atelier_tests::{Database, TreePlace, eventually, on_both_databases, until};

on_both_databases!(
    what_a_session_writes_becomes_a_version_that_says_what_made_it,
    f01_results_of_a_container_that_was_killed_come_with_the_next_start,
);

fn results(studio: &Studio) -> TreePlace {
    TreePlace::results(studio.organization(), &studio.project.slug)
}

async fn save(studio: &Studio, session: &Session, message: &str) {
    let body = SaveDraft { message: message.to_owned() };
    let call = calls::session_save(studio.organization(), &studio.project.slug, &session.id, &body);
    studio.owner.client.send(call).await.good();
}

/// The newest first.
async fn versions(studio: &Studio) -> Vec<DataVersion> {
    let list = calls::results_version_list(studio.organization(), &studio.project.slug, None);
    studio.owner.client.send(list).await.good().items
}

async fn version(studio: &Studio, number: i64) -> DataVersion {
    until("there is a version", LIMIT, || async {
        versions(studio).await.into_iter().find(|version| version.number == number)
    })
    .await
}

async fn again(studio: &Studio, session: &Session) -> Session {
    studio.start(&session.id).await.good();
    studio.comes_to(&session.id, SessionState::Running).await
}

async fn what_a_session_writes_becomes_a_version_that_says_what_made_it(
    database: Database,
) -> anyhow::Result<()> {
    let studio = Studio::new(database).await?;
    let (client, results) = (&studio.owner.client, results(&studio));
    let customers = studio.dataset("Customers").await;
    customers.version(client, "a.csv", "x\n1\n").await;
    let session = studio.running().await;
    let write = "echo 'fit()' > /work/train.py && mkdir /results/plots && echo one > /results/plots/a.svg && \
                 echo 0.9 > /results/auc && ln -s /etc /results/etc";
    studio.run(&session, write).await?;
    until("something was spent", LIMIT, || async {
        studio.get(&session.id).await.cost.0.gt(&0).then_some(())
    })
    .await;
    save(&studio, &session, "First forest").await;
    let first = version(&studio, 1).await;
    assert_eq!((first.message.as_str(), first.origin), ("First forest", DataOrigin::Session));
    assert_eq!(
        (first.author.as_str(), first.session.as_ref()),
        (studio.owner.id.as_str(), Some(&session.id))
    );
    let made = first.provenance;
    assert_eq!(made.datasets, [Input { dataset: "customers".to_owned(), number: 1 }]);
    assert_eq!((made.files, made.environment), (Some(1), Some(session.environment.clone())));
    assert!(made.image.is_some_and(|image| image.starts_with("sha256:")));
    assert!(made.cost.is_some_and(|cost| cost.0 > 0), "{:?}", made.cost);
    let all = results.all(client, "1").await;
    let all: Vec<_> = all.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert_eq!(all, [("auc", "0.9\n"), ("plots/a.svg", "one\n")]);

    // Others' results stay, and come to nobody's folder.
    let colleague = studio.world.acme.member(&studio.project, ProjectRole::DataScientist).await;
    results.version(&colleague.client, "Theirs", &[("theirs.txt", "t"), ("auc", "theirs")]).await;
    studio.run(&session, "rm -r /results/plots && echo 2 > /results/b").await?;
    studio.stopped(&session.id).await;
    let third = version(&studio, 3).await;
    assert_eq!((third.parent, third.message.as_str()), (Some(2), ""));
    let all = results.all(client, "3").await;
    let all: Vec<_> = all.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    assert_eq!(all, [("auc", "theirs"), ("b", "2\n"), ("theirs.txt", "t")]);

    // They are there at the next start, and what was sent is not sent again.
    let session = again(&studio, &session).await;
    assert_eq!(studio.run(&session, "cd /results && cat auc b && ls").await?, "0.9\n2\nauc\nb\netc\n");
    studio.stopped(&session.id).await;
    assert_eq!(versions(&studio).await.len(), 3);
    Ok(())
}

async fn f01_results_of_a_container_that_was_killed_come_with_the_next_start(
    database: Database,
) -> anyhow::Result<()> {
    let studio = Studio::new(database).await?;
    let session = studio.running().await;
    studio.run(&session, "echo 1 > /results/a").await?;
    save(&studio, &session, "").await;
    assert_eq!(version(&studio, 1).await.files, 1);
    studio.run(&session, "echo 2 > /results/b && rm /results/.atelier/sent.json").await?;
    studio.docker.kill_container(&container(&session), None).await?;
    studio.comes_to(&session.id, SessionState::Failed).await;
    let session = again(&studio, &session).await;
    let second = version(&studio, 2).await;
    assert_eq!((second.files, second.session.as_ref()), (2, Some(&session.id)));
    // What the server has already makes no version, though the folder has forgotten that it has it.
    studio.run(&session, "rm /results/.atelier/sent.json").await?;
    save(&studio, &session, "").await;
    eventually("it is written down again", LIMIT, || async {
        studio.run(&session, "cat /results/.atelier/sent.json").await.is_ok_and(|text| text.contains("\"b\""))
    })
    .await;
    assert_eq!(versions(&studio).await.len(), 2);
    Ok(())
}
