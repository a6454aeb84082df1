//! Data in sessions: each dataset is a folder of `/data`, at the version that was chosen.

use atelier_api::calls;
use atelier_api::data::SetDataTag;
use atelier_api::role::ProjectRole;
use atelier_api::session::{
    CreateSession, DataChoice, DataPlace, DataWish, Session, SessionState, StartSession,
};
use atelier_tests::studio::{LIMIT, Studio};
use atelier_tests::{ArtifactPlace, Database, on_both_databases, until};

on_both_databases!(
    a_session_has_the_newest_data_and_the_next_one_without_copying,
    what_was_chosen_is_there_at_its_version_and_what_may_not_be_read_is_not,
    what_is_too_large_or_used_by_nobody_is_not_kept,
);

fn chosen(data: &[(&ArtifactPlace, &str)]) -> DataWish {
    let choice = |(place, version): &(&ArtifactPlace, &str)| DataChoice {
        dataset: place.slug.clone(),
        version: (*version).to_owned(),
    };
    DataWish::Chosen(data.iter().map(choice).collect())
}

/// Folder, number and place of each.
fn shown(session: &Session) -> Vec<(&str, Option<i64>, Option<DataPlace>)> {
    session.data.iter().map(|data| (data.dataset.as_str(), data.number, data.place)).collect()
}

/// The rows of volumes: name, and whether it is whole.
fn volumes(studio: &Studio) -> anyhow::Result<Vec<String>> {
    let query = "SELECT name || CASE WHEN prepared_at IS NULL THEN ' half' ELSE '' END AS line \
                 FROM data_volumes ORDER BY name";
    studio.world.server.database.lines(query)
}

async fn started_again(studio: &Studio, id: &str, data: Option<DataWish>) -> Session {
    let body = StartSession { tier: None, data };
    let call = calls::session_start(studio.organization(), &studio.project.slug, id, &body);
    studio.owner.client.send(call).await.good();
    studio.comes_to(id, SessionState::Running).await
}

async fn a_session_has_the_newest_data_and_the_next_one_without_copying(
    database: Database,
) -> anyhow::Result<()> {
    let studio = Studio::new(database).await?;
    let client = &studio.owner.client;
    let customers = studio.dataset("Customers").await;
    let large: Vec<u8> = (0..600_000_u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
    let files: [(&str, &[u8]); 4] = [
        ("2026/large.bin", &large),
        ("a.csv", b"x\n1\n"),
        ("empty", b""),
        ("run.sh", b"#!/bin/sh\necho ran\n"),
    ];
    customers.version_of(client, &files).await;
    studio.dataset("Without version").await;

    let first = studio.running().await;
    assert_eq!(shown(&first), [("customers", Some(1), Some(DataPlace::Mounted))]);
    assert!(first.data_all && first.data_progress.is_none());
    let look = "cd /data/customers && cat a.csv && ./run.sh && sha256sum < 2026/large.bin && \
                stat -c '%a %U %n' . 2026 a.csv empty run.sh && ls -A /data && \
                (rm -f a.csv; touch new; chmod 777 .; echo x > 2026/y) 2>&1 | grep -c 'Read-only'";
    let told = studio.run(&first, look).await?;
    let expected = format!(
        "x\n1\nran\n{}  -\n555 root .\n555 root 2026\n444 root a.csv\n444 root empty\n555 root run.sh\ncustomers\n4\n",
        sha256(&large)
    );
    assert_eq!(told, expected);
    // Nobody's use of the disk.
    let before = volumes(&studio)?;
    assert_eq!(before.len(), 1);
    let inode = studio.run(&first, "stat -c %i /data/customers/a.csv").await?;

    // A second session, of somebody else, beside it; and one after the server was started anew.
    let second = studio.running().await;
    assert_eq!(studio.run(&second, "stat -c %i /data/customers/a.csv").await?, inode, "the same copy");
    assert_eq!(volumes(&studio)?, before, "nothing was filled");

    // What is committed meanwhile comes with the next start, not before.
    customers.version_of(client, &[("a.csv", b"x\n2\n")]).await;
    assert_eq!(studio.run(&first, "cat /data/customers/a.csv").await?, "x\n1\n");
    studio.stopped(&first.id).await;
    let again = started_again(&studio, &first.id, None).await;
    assert_eq!(shown(&again), [("customers", Some(2), Some(DataPlace::Mounted))]);
    assert_eq!(studio.run(&again, "cat /data/customers/a.csv").await?, "x\n2\n");

    // What each start had stays written.
    let rows = studio.world.server.database.lines(&format!(
        "SELECT generation || ' ' || slug || ' ' || version || ' ' || number || ' ' || place AS line \
         FROM workload_data WHERE workload_id = '{}' ORDER BY generation",
        first.id
    ))?;
    assert_eq!(rows, ["1 customers latest 1 mounted", "2 customers latest 2 mounted"]);
    Ok(())
}

async fn what_was_chosen_is_there_at_its_version_and_what_may_not_be_read_is_not(
    database: Database,
) -> anyhow::Result<()> {
    let studio = Studio::new(database).await?;
    let client = &studio.owner.client;
    let (a, b) = (studio.dataset("A").await, studio.dataset("B").await);
    for text in ["one", "two"] {
        a.version_of(client, &[("x", text.as_bytes())]).await;
        b.version_of(client, &[("x", text.as_bytes())]).await;
    }
    let tag = calls::dataset_tag_set(
        studio.organization(),
        &studio.project.slug,
        &b.slug,
        "production",
        &SetDataTag { number: 1 },
    );
    client.send(tag).await.good();

    let session = studio.create_with(chosen(&[(&a, "v1"), (&b, "production")])).await.good_with(201);
    assert!(!session.data_all);
    assert_eq!(shown(&session), [("a", None, None), ("b", None, None)]);
    let session = studio.comes_to(&session.id, SessionState::Running).await;
    assert_eq!(studio.run(&session, "cat /data/a/x /data/b/x").await?, "oneone");
    let inside = studio.world.server.inside(&session.id).await?;
    let told = inside.send(calls::workload_get()).await.good();
    let data: Vec<_> =
        told.data.iter().map(|data| (data.dataset.as_str(), data.number, data.path.as_deref())).collect();
    assert_eq!(data, [("a", 1, Some("/data/a")), ("b", 1, Some("/data/b"))]);

    // Started again without a word it keeps its choice; with one, that counts; none at all is a choice too.
    studio.stopped(&session.id).await;
    let again = started_again(&studio, &session.id, None).await;
    assert_eq!(studio.run(&again, "cat /data/a/x /data/b/x").await?, "oneone");
    studio.stopped(&session.id).await;
    let other = started_again(&studio, &session.id, Some(chosen(&[(&b, "latest")]))).await;
    assert_eq!(studio.run(&other, "cat /data/b/x; ls /data").await?, "twob\n");
    studio.stopped(&session.id).await;
    let none = started_again(&studio, &session.id, Some(chosen(&[]))).await;
    assert!(none.data.is_empty() && !none.data_all);
    assert!(studio.run(&none, "ls /data").await?.contains("No such file"));
    studio.stopped(&session.id).await;

    // What is not there, or not for the caller, is refused alike.
    for wrong in [chosen(&[(&a, "3")]), chosen(&[(&a, "none")]), chosen(&[(&a, "1"), (&a, "2")])] {
        studio.create_with(wrong).await.blames(&["data"]);
    }
    let absent = ArtifactPlace { slug: "absent".to_owned(), ..a.clone() };
    let refused = studio.create_with(chosen(&[(&absent, "latest")])).await.blames(&["data"]);
    let elsewhere = studio.world.acme.project(&studio.owner, "Elsewhere").await;
    let wish = CreateSession { data: chosen(&[(&a, "latest")]), ..studio.wish() };
    let call = calls::session_create(studio.organization(), &elsewhere.slug, &wish);
    let there = studio.owner.client.send(call).await.blames(&["data"]);
    assert_eq!(refused.detail.replace("absent", "a"), there.detail);

    // A dataset that goes between the choice and the next start: the start is refused, in words.
    let session = studio.create_with(chosen(&[(&a, "1")])).await.good_with(201);
    studio.comes_to(&session.id, SessionState::Running).await;
    studio.stopped(&session.id).await;
    let delete = calls::dataset_delete(studio.organization(), &studio.project.slug, &a.slug);
    client.send(delete).await.good_with(204);
    let refused = studio.start(&session.id).await.refused(409, "data-gone");
    assert!(refused.detail.contains("other data"), "{}", refused.detail);
    started_again(&studio, &session.id, Some(DataWish::All)).await;

    // Somebody else in the project sees what is in it; who may not read datasets sees none.
    let scientist = studio.world.acme.member(&studio.project, ProjectRole::DataScientist).await;
    let call = calls::session_get(studio.organization(), &studio.project.slug, &session.id);
    let seen = scientist.client.send(call).await.good();
    assert_eq!(shown(&seen), [("b", Some(2), Some(DataPlace::Mounted))]);
    Ok(())
}

async fn what_is_too_large_or_used_by_nobody_is_not_kept(database: Database) -> anyhow::Result<()> {
    let settings = [("DATA_VERSION_MIB", "2".to_owned()), ("DATA_CACHE_MIB", "3".to_owned())];
    let studio = Studio::with(database, &settings).await?;
    let client = &studio.owner.client;
    let (a, b) = (studio.dataset("A").await, studio.dataset("B").await);
    let mib = |first: u8| vec![first; 1_500_000];
    a.version_of(client, &[("x", &mib(1))]).await;
    b.version_of(client, &[("x", &[mib(2), mib(3)].concat())]).await;

    let session = studio.running().await;
    let places = [("a", Some(1), Some(DataPlace::Mounted)), ("b", Some(1), Some(DataPlace::TooLarge))];
    assert_eq!(shown(&session), places);
    assert_eq!(studio.run(&session, "ls /data").await?, "a\n");

    // Two versions fit; the third makes the one go that nobody has any more.
    a.version_of(client, &[("x", &mib(4))]).await;
    let second = studio.running().await;
    assert_eq!(volumes(&studio)?.len(), 2);
    a.version_of(client, &[("x", &mib(5))]).await;
    let third = studio.create().await;
    let third = studio.comes_to(&third.id, SessionState::Running).await;
    assert_eq!(shown(&third)[0], ("a", Some(3), Some(DataPlace::NoRoom)), "both are in use");
    let chosen = studio.create_with(chosen(&[(&a, "3")])).await.good_with(201);
    let failed = studio.comes_to(&chosen.id, SessionState::Failed).await;
    let failure = failed.failure.unwrap_or_else(|| panic!("no failure"));
    assert_eq!(failure.code, "data-no-room");
    assert!(failure.detail.contains("other sessions use"), "{}", failure.detail);

    let delete = calls::session_delete(studio.organization(), &studio.project.slug, &session.id);
    client.send(delete).await.good_with(204);
    let again = until("there is room again", LIMIT, || async {
        let session = studio.create().await;
        let session = studio.comes_to(&session.id, SessionState::Running).await;
        (shown(&session)[0].2 == Some(DataPlace::Mounted)).then_some(session)
    })
    .await;
    assert_eq!(studio.run(&again, "head -c 1 /data/a/x | od -An -tu1").await?.trim(), "5");
    assert_eq!(studio.run(&second, "head -c 1 /data/a/x | od -An -tu1").await?.trim(), "4", "untouched");
    assert_eq!(volumes(&studio)?.len(), 2);
    Ok(())
}

#[tokio::test]
async fn t08_hostile_names_are_there_exactly_or_the_session_says_so() -> anyhow::Result<()> {
    let studio = Studio::new(Database::Sqlite).await?;
    let client = &studio.owner.client;
    let hostile = studio.dataset("Hostile").await;
    let longest = "ü".repeat(127) + "x";
    let deep = "d/".repeat(1000) + "file";
    let names = [
        "a b",
        " ",
        "-rf",
        "--help",
        "new\nline",
        "tab\t",
        "é",
        "e\u{301}",
        "\u{202e}gpj.exe",
        "CON",
        "a\\b",
        "...",
        "$(touch x)",
        "*",
        "~",
        ".complete",
        "%2e%2e",
        "quote\"'`",
        "日本/顧客 名.csv",
        &longest,
        &deep,
    ];
    let files: Vec<(&str, &[u8])> = names.iter().map(|name| (*name, name.as_bytes())).collect();
    hostile.version_of(client, &files).await;
    let too_long = studio.dataset("Too long").await;
    too_long.version_of(client, &[(&"x".repeat(256), b"1")]).await;

    let session = studio.running().await;
    let places =
        [("hostile", Some(1), Some(DataPlace::Mounted)), ("too-long", Some(1), Some(DataPlace::NotCopied))];
    assert_eq!(shown(&session), places);
    // Each file holds its own name: what does not is told.
    let look = "cd /data/hostile && find . -type f -print0 | perl -0 -ne 'chomp; my $p = $_; $n++; \
                open my $f, \"<\", $p or print \"unread: $p\\n\"; local $/; my $t = <$f>; \
                print \"wrong: $p\\n\" if $p ne \"./$t\"; END { print $n }'";
    assert_eq!(studio.run(&session, look).await?, names.len().to_string());

    let failed = studio.create_with(chosen(&[(&too_long, "1")])).await.good_with(201);
    let failed = studio.comes_to(&failed.id, SessionState::Failed).await;
    let failure = failed.failure.unwrap_or_else(|| panic!("no failure"));
    assert_eq!(failure.code, "data-not-copied");
    assert!(failure.detail.contains("too-long (version 1)"), "{}", failure.detail);
    Ok(())
}

fn sha256(bytes: &[u8]) -> String {
    use std::io::Write;
    let mut child = std::process::Command::new("sha256sum")
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("sha256sum: {error}"));
    child.stdin.take().map(|mut input| input.write_all(bytes));
    let output = child.wait_with_output().unwrap_or_else(|error| panic!("sha256sum: {error}"));
    String::from_utf8_lossy(&output.stdout).split(' ').next().unwrap_or_default().to_owned()
}
