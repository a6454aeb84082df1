//! T17: whoever is counted or named by address is so by the client's, behind proxies that are trusted, and
//! never by what a client says of itself.

use atelier_api::account::{Me, SignIn};
use atelier_api::calls;
use atelier_tests::{Answer, Client, Database, NO_DOCKER, PASSWORD, TestServer, World};

/// Where the clients' requests come from; 127.0.0.9 and others are not trusted.
const PROXY: &str = "127.0.0.1";

async fn behind_a_proxy() -> anyhow::Result<World> {
    let settings = [("DOCKER", NO_DOCKER.to_owned()), ("TRUSTED_PROXIES", format!("{PROXY}, 10.0.0.0/8"))];
    World::on(TestServer::start_with(Database::Sqlite, &settings).await?).await
}

/// A sign-in that says where it comes from.
async fn sign_in(client: &Client, forwarded: &str, email: &str, password: &str) -> Answer<Me> {
    let call =
        calls::sign_in(&SignIn { email: email.to_owned(), password: password.to_owned(), invitation: None });
    let request = client.request("POST", &call.path).header("x-forwarded-for", forwarded);
    client.run(request.header("content-type", "application/json").body(call.body.unwrap_or_default())).await
}

/// Guesses at many accounts until it is slowed down.
async fn slowed_down(client: &Client, forwarded: impl Fn(u8) -> String) -> bool {
    for n in 0..20 {
        let answer =
            sign_in(client, &forwarded(n), &format!("nobody{n}@acme.test"), "guess-guess-guess").await;
        if answer.status == 429 {
            return true;
        }
        answer.refused(401, "wrong-credentials");
    }
    false
}

#[tokio::test]
async fn t17_clients_behind_one_proxy_have_counters_of_their_own() -> anyhow::Result<()> {
    let world = behind_a_proxy().await?;
    let (proxy, ada) = (world.server.client(), &world.acme.administrator);
    assert!(slowed_down(&proxy, |_| "192.0.2.7".to_owned()).await, "guesses of one client went through");
    assert_eq!(sign_in(&proxy, "192.0.2.7", &ada.email, PASSWORD).await.status, 429);
    // Others behind the same proxy go on, however many proxies are in between.
    let other = sign_in(&proxy, "192.0.2.8, 10.1.1.1", &ada.email, PASSWORD).await;
    other.good();
    let sign_ins = proxy.send(calls::sign_in_list()).await.good();
    let current = sign_ins.iter().find(|sign_in| sign_in.current).map(|sign_in| sign_in.address.as_str());
    assert_eq!(current, Some("192.0.2.8"));
    // A client cannot hide behind a name that it adds.
    let hidden = |n| format!("203.0.113.{n}, 192.0.2.9");
    assert!(slowed_down(&proxy, hidden).await, "a client chose its own address");
    Ok(())
}

#[tokio::test]
async fn t17_a_header_of_a_stranger_changes_nothing() -> anyhow::Result<()> {
    let world = behind_a_proxy().await?;
    let ada = &world.acme.administrator;
    let stranger = world.server.client().elsewhere(9);
    sign_in(&stranger, "192.0.2.7", &ada.email, PASSWORD).await.good();
    let sign_ins = stranger.send(calls::sign_in_list()).await.good();
    let current = sign_ins.iter().find(|sign_in| sign_in.current).map(|sign_in| sign_in.address.as_str());
    assert_eq!(current, Some("127.0.0.9"));
    assert!(slowed_down(&stranger, |n| format!("192.0.2.{n}")).await, "a stranger chose its own address");
    Ok(())
}

#[tokio::test]
async fn t17_nonsense_counts_as_the_proxy_itself() -> anyhow::Result<()> {
    let world = behind_a_proxy().await?;
    let proxy = world.server.client();
    let nonsense = ["nonsense", "192.0.2.7, unknown", "192.0.2.300", ","];
    assert!(slowed_down(&proxy, |n| nonsense[usize::from(n) % nonsense.len()].to_owned()).await);
    sign_in(&proxy, "192.0.2.7", &world.acme.administrator.email, PASSWORD).await.good();
    Ok(())
}
