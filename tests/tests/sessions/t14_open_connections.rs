//! T14: a connection to a tool ends when the right to it does.

use atelier_api::calls;
use atelier_api::member::UpdateMember;
use atelier_api::person::UpdatePerson;
use atelier_api::role::ProjectRole;
use atelier_api::session::{EndCause, SessionState};
use atelier_tests::studio::Studio;
use atelier_tests::{Client, Database, Person, Socket};
use std::time::Duration;

const SOON: Duration = Duration::from_secs(5);

#[tokio::test]
async fn t14_signing_out_cuts_open_sockets() -> anyhow::Result<()> {
    let studio = Studio::new(Database::Sqlite).await?;
    let session = studio.running().await;

    // Two browsers of the same person: one signs out.
    let other = studio.owner.client.fresh();
    other.sign_in(&studio.owner.email).await.good();
    let stays = studio.browser(&session.id).await;
    let owner = Person { client: other.clone(), ..studio.owner.clone() };
    let entry = calls::session_open(studio.organization(), &studio.project.slug, &session.id);
    let url = owner.client.send(entry).await.good().url;
    let (host, path) = atelier_tests::studio::split(&url);
    let goes = other.on_host(host);
    goes.get(path).await;
    let (mut kept, mut cut) = (socket(&stays).await?, socket(&goes).await?);

    other.send(calls::sign_out()).await.good();
    assert!(cut.ends_within(SOON).await, "the socket outlived the sign-in");
    assert_eq!(goes.get("/api").await.status, 401);
    kept.send(b"still here\n").await?;
    assert_eq!(kept.read_until(b"\n").await?, "still here\n");

    // Disabled: the other one ends too, and so does the session.
    let disable = UpdatePerson { disabled: Some(true), ..UpdatePerson::default() };
    let admin = &studio.world.acme.administrator.client;
    admin.send(calls::person_update(studio.organization(), &studio.owner.id, &disable)).await.good();
    assert!(kept.ends_within(SOON).await, "the socket outlived the person's place");
    assert_eq!(stays.get("/api").await.status, 401);
    let get = || calls::session_get(studio.organization(), &studio.project.slug, &session.id);
    let ended = atelier_tests::until("the session stops", atelier_tests::studio::LIMIT, || async {
        let session = admin.send(get()).await.good();
        (session.state == SessionState::Stopped).then_some(session)
    })
    .await;
    assert_eq!(ended.end_cause, Some(EndCause::Disabled));
    Ok(())
}

/// Whoever loses the role, or the place in the project, loses the socket and the session with it.
#[tokio::test]
async fn t14_losing_the_role_or_the_place_cuts_open_sockets() -> anyhow::Result<()> {
    let studio = Studio::new(Database::Sqlite).await?;
    let (organization, p) = (studio.organization(), studio.project.slug.as_str());
    let boss = studio.world.acme.member(&studio.project, ProjectRole::Owner).await;
    let owner = &studio.owner.id;
    let role = |role| calls::member_update(organization, p, owner, &UpdateMember { role, custom_role: None });
    for takes_the_place in [false, true] {
        boss.client.send(role(ProjectRole::DataScientist)).await.good();
        let session = studio.running().await;
        let browser = studio.browser(&session.id).await;
        let mut open = socket(&browser).await?;
        if takes_the_place {
            boss.client.send(calls::member_remove(organization, p, owner)).await.good_with(204);
        } else {
            boss.client.send(role(ProjectRole::Client)).await.good();
        }
        assert!(open.ends_within(SOON).await, "the socket outlived the right (place: {takes_the_place})");
        assert_ne!(browser.get("/api").await.status, 200);
        let get = || calls::session_get(organization, p, &session.id);
        let ended = atelier_tests::until("the session stops", atelier_tests::studio::LIMIT, || async {
            let session = boss.client.send(get()).await.good();
            (session.state == SessionState::Stopped).then_some(session)
        })
        .await;
        assert_eq!(ended.end_cause, Some(EndCause::Disabled));
    }
    Ok(())
}

async fn socket(browser: &Client) -> anyhow::Result<Socket> {
    let (status, mut socket) = Socket::open(browser, "/ws", &[("Sec-Fetch-Site", "same-origin")]).await?;
    assert_eq!(status, 101);
    socket.send(b"hello\n").await?;
    assert_eq!(socket.read_until(b"\n").await?, "hello\n");
    Ok(socket)
}
