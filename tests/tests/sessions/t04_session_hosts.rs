//! T4: a session's host is another site, and no credential of the platform reaches its tool.

use atelier_api::calls;
use atelier_api::role::ProjectRole;
use atelier_tests::studio::{Studio, split};
use atelier_tests::{Database, Socket};

#[tokio::test]
async fn t04_the_tool_sees_no_credential() -> anyhow::Result<()> {
    let studio = Studio::new(Database::Sqlite).await?;
    let session = studio.running().await;
    let browser = studio.browser(&session.id).await;
    let secrets = [&studio.owner.client, &browser].map(|client| {
        let cookie = client.cookie().unwrap_or_default();
        cookie.split_once('=').map(|(_, token)| token.to_owned()).unwrap_or_default()
    });
    assert!(secrets.iter().all(|secret| secret.len() > 20), "cookies to look for");

    // Whatever a browser might send there by mistake or by somebody's trick.
    let own = browser.cookie().unwrap_or_default();
    let tossed = format!("{own}; __Host-atelier={0}; atelier={0}; theme=dark", secrets[0]);
    let sent = [("cookie", tossed.as_str()), ("x-forwarded-for", "10.0.0.1")];
    let mut request = browser.fresh().request("GET", "/headers");
    for (name, value) in sent {
        request = request.header(name, value);
    }
    let bearer = format!("Bearer {}", secrets[0]);
    let echo = browser.run::<()>(request.header("authorization", &bearer)).await.text();
    assert!(echo.contains("theme=dark"), "the tool's own cookies pass: {echo}");
    for secret in &secrets {
        assert!(!echo.contains(secret), "a credential reached the tool: {echo}");
    }
    assert!(!echo.contains("10.0.0.1"), "a forged header reached the tool: {echo}");

    // The same on a WebSocket: the tool sends back the request's head first.
    let tosser = browser.fresh();
    tosser.set_cookie(Some(tossed));
    let headers = [("Sec-Fetch-Site", "same-origin"), ("Authorization", bearer.as_str())];
    let (status, mut socket) = Socket::open(&tosser, "/headers", &headers).await?;
    assert_eq!(status, 101);
    let echo = socket.read_until(b"\r\n\r\n").await?;
    assert!(echo.contains("theme=dark"), "{echo}");
    for secret in &secrets {
        assert!(!echo.contains(secret), "a credential reached the tool: {echo}");
    }
    socket.send(b"after the head, bytes\n").await?;
    assert_eq!(socket.read_until(b"\n").await?, "after the head, bytes\n");
    Ok(())
}

#[tokio::test]
async fn t04_only_the_owners_browser_gets_in() -> anyhow::Result<()> {
    let studio = Studio::new(Database::Sqlite).await?;
    let session = studio.running().await;
    let open = || calls::session_open(studio.organization(), &studio.project.slug, &session.id);

    // Nobody without a cookie of this host, whatever other cookie there is.
    let entry = studio.owner.client.send(open()).await.good();
    let (host, path) = split(&entry.url);
    assert!(host.starts_with(&format!("{}.", session.id)), "{host}");
    let stranger = studio.owner.client.on_host(host);
    assert_eq!(stranger.get("/api").await.status, 401);
    stranger.set_cookie(studio.owner.client.cookie());
    assert_eq!(stranger.get("/api").await.status, 401, "the application's cookie opened a session's host");

    // The code works once.
    let browser = studio.owner.client.on_host(host);
    let entered = browser.get(path).await;
    assert_eq!(entered.status, 303);
    let attributes = entered.header("set-cookie").to_lowercase();
    assert!(attributes.starts_with("__host-") && attributes.contains("httponly"), "{attributes}");
    assert!(!attributes.contains("domain="), "{attributes}");
    assert_eq!(browser.get("/api").await.status, 200);
    let thief = studio.owner.client.on_host(host);
    assert_eq!(thief.get(path).await.status, 410, "a code worked twice");
    assert_eq!(thief.get("/api").await.status, 401);

    // Its cookie opens no other session.
    let other = studio.running().await;
    let there = browser.on_host(&host.replacen(&session.id, &other.id, 1));
    there.set_cookie(browser.cookie());
    assert_eq!(there.get("/api").await.status, 401, "a session's cookie opened another session");

    // Nor is the application found on a session's host, or a session opened by whoever is no owner.
    assert_ne!(browser.get("/healthz").await.text(), "ok\n");
    let colleague = studio.world.acme.member(&studio.project, ProjectRole::Owner).await;
    colleague.client.send(open()).await.refused(403, "forbidden");

    // Other pages, neighbours on the same site above all, can neither send nor embed nor connect.
    for site in ["same-site", "cross-site", "none"] {
        let post = browser.bare("POST", "/echo").header("sec-fetch-site", site).body("x");
        assert_eq!(browser.run::<()>(post).await.status, 403, "a form from {site}");
        let (status, _) = Socket::open(&browser, "/ws", &[("Sec-Fetch-Site", site)]).await?;
        assert_eq!(status, 403, "a socket from {site}");
    }
    let framed = browser.bare("GET", "/api").header("sec-fetch-site", "same-site");
    let framed = framed.header("sec-fetch-mode", "navigate").header("sec-fetch-dest", "iframe");
    assert_eq!(browser.run::<()>(framed).await.status, 403, "a frame from a neighbour");
    Ok(())
}
