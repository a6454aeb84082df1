//! `/work`: filled from the project's files, kept in a draft, saved, brought up to date; with real containers.

use atelier_api::calls;
use atelier_api::draft::{DraftSave, SaveDraft};
use atelier_api::grant::SetGrants;
use atelier_api::member::UpdateMember;
use atelier_api::restriction::CreateRestriction;
use atelier_api::role::ProjectRole;
use atelier_api::session::{Session, SessionState};
use atelier_tests::studio::{LIMIT, Studio};
use atelier_tests::{Database, TreePlace, eventually, on_both_databases};
use std::time::{Duration, Instant};

on_both_databases!(
    work_is_filled_saved_and_brought_up_to_date,
    what_may_not_be_read_is_not_in_the_copy,
    what_a_session_leaves_is_saved_when_it_stops,
    of_a_conflict_both_are_kept_and_told,
    an_open_file_is_not_written_under,
    f01_a_server_that_is_killed_loses_nothing,
    what_was_written_while_the_server_is_away_is_saved_after_the_next_start,
);

#[tokio::test]
async fn t10_what_is_swapped_for_a_link_or_a_pipe_leads_nowhere() -> anyhow::Result<()> {
    swapped(Duration::from_secs(5)).await
}

#[tokio::test]
async fn long_t10_what_is_swapped_for_a_link_or_a_pipe_leads_nowhere() -> anyhow::Result<()> {
    swapped(Duration::from_secs(60)).await
}

fn files(studio: &Studio) -> TreePlace {
    TreePlace::files(studio.organization().to_owned(), studio.project.slug.clone())
}

async fn save(studio: &Studio, session: &Session, message: &str) -> DraftSave {
    let body = SaveDraft { message: message.to_owned() };
    let call = calls::session_save(studio.organization(), &studio.project.slug, &session.id, &body);
    studio.owner.client.send(call).await.good()
}

async fn work_is_filled_saved_and_brought_up_to_date(database: Database) -> anyhow::Result<()> {
    let studio = Studio::new(database).await?;
    let (client, files) = (&studio.owner.client, files(&studio));
    files.version(client, "Begun", &[("a.py", "1\n"), ("src/b.py", "b\n"), ("gone.py", "x")]).await;
    let session = studio.running().await;
    // A new folder has its files before the tool starts.
    let listed =
        studio.run(&session, "cd /work && find . -path ./.atelier -prune -o -type f -print | sort").await?;
    assert_eq!(listed, "./a.py\n./gone.py\n./src/b.py\n");
    assert_eq!(studio.run(&session, "cat /work/a.py /work/src/b.py").await?, "1\nb\n");

    let command = "cd /work && echo 2 >> a.py && rm gone.py && mkdir -p new node_modules && echo n > new/c.py \
                   && echo x > node_modules/x && ln -s / everything && chmod +x a.py";
    studio.run(&session, command).await?;
    // Somebody else goes on meanwhile.
    let colleague = studio.world.acme.member(&studio.project, ProjectRole::DataScientist).await;
    files.version(&colleague.client, "Theirs", &[("src/b.py", "theirs\n"), ("more/d.py", "d\n")]).await;
    let saved = save(&studio, &session, "Mine").await;
    assert_eq!((saved.version, saved.kept_count), (Some(3), 0));
    let version = client.send(calls::files_version_get("acme", &files.project, "3")).await.good();
    assert_eq!(
        (version.message.as_str(), version.author.as_str(), version.session.as_deref()),
        ("Mine", studio.owner.id.as_str(), Some(session.id.as_str()))
    );
    let latest = files.all(client, "latest").await;
    let names: Vec<&str> = latest.keys().map(String::as_str).collect();
    assert_eq!(names, ["a.py", "more/d.py", "new/c.py", "src/b.py"]);
    assert_eq!((latest["a.py"].as_str(), latest["src/b.py"].as_str()), ("1\n2\n", "theirs\n"));
    // What others changed comes in.
    eventually("it comes in", LIMIT, || async {
        studio
            .run(&session, "cat /work/src/b.py /work/more/d.py")
            .await
            .is_ok_and(|text| text == "theirs\nd\n")
    })
    .await;
    // What is left out stays in the folder.
    assert_eq!(studio.run(&session, "cat /work/node_modules/x").await?, "x\n");
    assert_eq!(save(&studio, &session, "Nothing").await.version, None);
    Ok(())
}

async fn what_may_not_be_read_is_not_in_the_copy(database: Database) -> anyhow::Result<()> {
    let studio = Studio::new(database).await?;
    let (files, p, owner) = (files(&studio), studio.project.slug.as_str(), &studio.owner);
    let boss = studio.world.acme.member(&studio.project, ProjectRole::Owner).await;
    let scientist = UpdateMember { role: ProjectRole::DataScientist, custom_role: None };
    boss.client.send(calls::member_update(studio.organization(), p, &owner.id, &scientist)).await.good();
    files.version(&boss.client, "Begun", &[("a.py", "1\n"), ("salaries/ada.csv", "9\n")]).await;
    let readers = SetGrants { only: true, ..SetGrants::default() };
    let restriction = CreateRestriction { path: "salaries".to_owned(), readers };
    let create = calls::files_restriction_create(studio.organization(), p, &restriction);
    boss.client.send(create).await.good_with(201);

    let session = studio.running().await;
    let listed = studio.run(&session, "cd /work && find . -path ./.atelier -prune -o -type f -print").await?;
    assert_eq!(listed, "./a.py\n");
    // What stands at its place stays here alone, and holds up nothing.
    let command = "mkdir /work/salaries && echo mine > /work/salaries/ada.csv && echo 2 > /work/b.py";
    studio.run(&session, command).await?;
    assert_eq!(save(&studio, &session, "Mine").await.version, Some(2));
    let all = files.all(&boss.client, "latest").await;
    assert_eq!((all["salaries/ada.csv"].as_str(), all["b.py"].as_str()), ("9\n", "2\n"));
    assert_eq!(studio.run(&session, "cat /work/salaries/ada.csv").await?, "mine\n");
    Ok(())
}

/// A folder and a link, a file and a pipe take each other's place all the time, while it is saved.
async fn swapped(while_saved: Duration) -> anyhow::Result<()> {
    let studio = Studio::new(Database::Sqlite).await?;
    let (client, files) = (&studio.owner.client, files(&studio));
    let session = studio.running().await;
    let laid_out = "mkdir -p /work/t/folder && cd /work/t && echo own > folder/passwd && ln -s /etc link \
                    && echo own > file && mkfifo pipe";
    studio.run(&session, laid_out).await?;
    let swaps = "cd /work/t; while [ -e link ] || [ -e a ]; do mv folder a; mv a folder; mv link a; mv a link; \
                 mv file b; mv b file; mv pipe b; mv b pipe; done";
    studio.run(&session, &format!("echo '{swaps}' > /tmp/swaps; sh /tmp/swaps > /dev/null 2>&1 &")).await?;
    let begun = Instant::now();
    let mut saves = 0;
    while begun.elapsed() < while_saved {
        studio.run(&session, &format!("echo {saves} > /work/count")).await?;
        save(&studio, &session, "").await;
        let all = files.all(client, "latest").await;
        assert_eq!(all["count"].trim(), saves.to_string());
        for (path, text) in all.iter().filter(|(path, _)| path.as_str() != "count") {
            assert_eq!(text, "own\n", "{path}");
        }
        saves += 1;
    }
    assert!(saves > 1, "{saves} saves");
    Ok(())
}

async fn what_a_session_leaves_is_saved_when_it_stops(database: Database) -> anyhow::Result<()> {
    let studio = Studio::new(database).await?;
    let (client, files) = (&studio.owner.client, files(&studio));
    let session = studio.running().await;
    studio.run(&session, "echo 1 > /work/a.py").await?;
    studio.stopped(&session.id).await;
    let version = client.send(calls::files_version_get("acme", &files.project, "latest")).await.good();
    assert_eq!(version.message, format!("Saved from the session {}", session.name));
    assert_eq!(files.read(client, "latest", "a.py").await.text(), "1\n");
    // Nothing new, no version; and what others did is there at the next start.
    files.version(client, "", &[("b.py", "2\n")]).await;
    studio.start(&session.id).await.good();
    let session = studio.comes_to(&session.id, SessionState::Running).await;
    eventually("it comes in", LIMIT, || async {
        studio.run(&session, "cat /work/b.py").await.is_ok_and(|text| text == "2\n")
    })
    .await;
    studio.stopped(&session.id).await;
    assert_eq!(
        client.send(calls::files_version_list("acme", &files.project, None)).await.good().items.len(),
        2
    );
    // A program that removes a file and ends: the next start does not bring it back.
    studio.start(&session.id).await.good();
    let session = studio.comes_to(&session.id, SessionState::Running).await;
    studio.run(&session, "rm /work/a.py").await?;
    studio.stopped(&session.id).await;
    assert_eq!(files.all(client, "latest").await.into_keys().collect::<Vec<_>>(), ["b.py"]);
    Ok(())
}

async fn of_a_conflict_both_are_kept_and_told(database: Database) -> anyhow::Result<()> {
    let studio = Studio::new(database).await?;
    let (client, files) = (&studio.owner.client, files(&studio));
    files.version(client, "", &[("a.py", "same\n")]).await;
    let session = studio.running().await;
    files.version(client, "", &[("a.py", "theirs\n")]).await;
    studio.run(&session, "echo mine > /work/a.py").await?;
    let saved = save(&studio, &session, "").await;
    let kept = saved.kept.first().and_then(|kept| kept.beside.clone()).unwrap_or_default();
    let person = client.send(calls::me_get()).await.good().name;
    assert!(kept.starts_with(&format!("a ({person}, ")), "{kept}");
    let latest = files.all(client, "latest").await;
    assert_eq!((latest["a.py"].as_str(), latest[&kept].as_str()), ("theirs\n", "mine\n"));
    let draft = client.send(calls::files_draft_get("acme", &files.project)).await.good();
    assert_eq!(draft.last_save, Some(saved));
    eventually("both are in the folder", LIMIT, || async {
        let command = format!("cat /work/a.py '/work/{kept}'");
        studio.run(&session, &command).await.is_ok_and(|text| text == "theirs\nmine\n")
    })
    .await;
    Ok(())
}

async fn an_open_file_is_not_written_under(database: Database) -> anyhow::Result<()> {
    let studio = Studio::new(database).await?;
    let (client, files) = (&studio.owner.client, files(&studio));
    files.version(client, "", &[("log.txt", "1\n"), ("free.txt", "1\n")]).await;
    let session = studio.running().await;
    // So that the agent knows both as they are.
    save(&studio, &session, "").await;
    let hold = "sh -c 'exec 3>>/work/log.txt; exec sleep 600' >/dev/null 2>&1 & echo $!; sleep 1";
    let holder = studio.run(&session, hold).await?;
    files.version(client, "", &[("log.txt", "theirs\n"), ("free.txt", "theirs\n")]).await;
    save(&studio, &session, "").await;
    eventually("the free one comes in", LIMIT, || async {
        studio.run(&session, "cat /work/free.txt").await.is_ok_and(|text| text == "theirs\n")
    })
    .await;
    assert_eq!(studio.run(&session, "cat /work/log.txt").await?, "1\n");
    // Nor does saving undo what others did.
    assert_eq!(save(&studio, &session, "").await.version, None);
    assert_eq!(files.read(client, "latest", "log.txt").await.text(), "theirs\n");
    // Once it is closed, it may come.
    studio.run(&session, &format!("kill {}; sleep 1", holder.trim())).await?;
    save(&studio, &session, "").await;
    eventually("the other comes in", LIMIT, || async {
        studio.run(&session, "cat /work/log.txt").await.is_ok_and(|text| text == "theirs\n")
    })
    .await;
    Ok(())
}

async fn f01_a_server_that_is_killed_loses_nothing(database: Database) -> anyhow::Result<()> {
    let mut studio = Studio::new(database).await?;
    let files = files(&studio);
    let session = studio.running().await;
    let body = SaveDraft::default();
    // A save that was answered is none of the next server's.
    save(&studio, &session, "").await;
    studio.world.server.kill9()?;
    studio.world.server.restart().await?;
    for round in 0..4 {
        let write = format!(
            "for n in $(seq 1 40); do echo {round}.$n > /work/f$n.py; done; \
             head -c 3000000 /dev/urandom > /work/large"
        );
        studio.run(&session, &write).await?;
        let call = calls::session_save(studio.organization(), &studio.project.slug, &session.id, &body);
        let client = studio.owner.client.clone();
        let saving = tokio::spawn(async move { drop(client.send(call).await) });
        tokio::time::sleep(std::time::Duration::from_millis(60 * round)).await;
        studio.world.server.kill9()?;
        // The connection ends in the middle, which the client takes ill.
        let _ = saving.await;
        studio.world.server.restart().await?;
        eventually("it is saved", LIMIT, || async {
            let call = calls::session_save(studio.organization(), &studio.project.slug, &session.id, &body);
            studio.owner.client.send(call).await.status.is_success()
        })
        .await;
        let latest = files.all(&studio.owner.client, "latest").await;
        assert_eq!(latest.len(), 41, "{:?}", latest.keys());
        for n in 1..=40 {
            assert_eq!(latest[&format!("f{n}.py")], format!("{round}.{n}\n"));
        }
        assert!(
            latest.keys().all(|path| !path.contains('(')),
            "a conflict with oneself: {:?}",
            latest.keys()
        );
    }
    Ok(())
}

async fn what_was_written_while_the_server_is_away_is_saved_after_the_next_start(
    database: Database,
) -> anyhow::Result<()> {
    let mut studio = Studio::new(database).await?;
    let files = files(&studio);
    let session = studio.running().await;
    studio.run(&session, "echo 1 > /work/a.py").await?;
    save(&studio, &session, "").await;
    studio.world.server.kill9()?;
    studio.run(&session, "echo 2 > /work/a.py; echo b > /work/b.py").await?;
    // The container goes too, without a chance to send anything.
    studio.docker.kill_container(&atelier_tests::studio::container(&session), None).await?;
    studio.world.server.restart().await?;
    studio.comes_to(&session.id, SessionState::Failed).await;
    studio.start(&session.id).await.good();
    let session = studio.comes_to(&session.id, SessionState::Running).await;
    assert_eq!(studio.run(&session, "cat /work/a.py /work/b.py").await?, "2\nb\n");
    save(&studio, &session, "").await;
    let client = &studio.owner.client;
    assert_eq!(files.read(client, "latest", "a.py").await.text(), "2\n");
    assert_eq!(files.read(client, "latest", "b.py").await.text(), "b\n");
    Ok(())
}
