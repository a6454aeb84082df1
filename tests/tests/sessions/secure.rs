//! Sessions over TLS, and on ports instead of hosts.

use atelier_api::calls;
use atelier_api::organization::CreateOrganization;
use atelier_tests::secure::{Authority, NAMES};
use atelier_tests::studio::{LIMIT, Studio};
use atelier_tests::{Client, Database, NO_DOCKER, Socket, TestServer, World, eventually};
use std::net::{Ipv4Addr, TcpListener};

/// Says something on a socket of a session and hears it.
async fn echo(browser: &Client) -> anyhow::Result<Socket> {
    let (status, mut socket) = Socket::open(browser, "/ws", &[("Sec-Fetch-Site", "same-origin")]).await?;
    assert_eq!(status, 101);
    socket.send(b"hello\n").await?;
    assert_eq!(socket.read_until(b"\n").await?, "hello\n");
    Ok(socket)
}

#[tokio::test]
async fn sessions_are_used_over_tls() -> anyhow::Result<()> {
    let authority = Authority::new()?;
    authority.install(&authority.issue(&NAMES, 90)?)?;
    let server = TestServer::start_secure(Database::Sqlite, &authority, &[Studio::environments()?]).await?;
    let studio = Studio::on(server).await?;
    let session = studio.running().await;
    let browser = studio.browser(&session.id).await;
    let cookie = browser.cookie().unwrap_or_default();
    assert!(cookie.starts_with("__Host-atelier-session="), "{cookie}");

    let seen = browser.get("/headers").await;
    assert!(seen.text().to_lowercase().contains("x-forwarded-proto: https"), "{}", seen.text());
    assert_eq!(seen.header("strict-transport-security"), "max-age=31536000");
    let bytes = 16 << 20;
    assert_eq!(browser.get(&format!("/bytes/{bytes}")).await.body.len(), bytes);
    let upload = browser.request("POST", "/echo").body(vec![b'x'; 4 << 20]);
    assert_eq!(browser.run::<()>(upload).await.body.len(), 4 << 20);
    echo(&browser).await?;
    Ok(())
}

/// So many ports in a row, of which none is in use now.
fn free_ports(count: u16) -> anyhow::Result<u16> {
    let free = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
    let begin = 20_000 + u16::try_from(std::process::id() % 500)? * 20;
    let mut starts = (begin..30_000).step_by(usize::from(count));
    let start = starts.find(|start| (*start..start + count).all(free));
    start.ok_or_else(|| anyhow::anyhow!("no {count} ports are free"))
}

#[tokio::test]
async fn sessions_on_ports_are_apart() -> anyhow::Result<()> {
    let first = free_ports(2)?;
    let settings = [Studio::environments()?, ("SESSION_PORTS", format!("{first}-{}", first + 1))];
    let server = TestServer::start_with(Database::Sqlite, &settings).await?;
    assert!(server.log().contains("setting session_ports"), "no warning: {}", server.log());
    let mut studio = Studio::on(server).await?;
    let (one, two) = (studio.running().await, studio.running().await);
    let [(one_port, one_browser), (two_port, two_browser)] =
        [studio.port_browser(&one.id).await, studio.port_browser(&two.id).await];
    assert_ne!(one_port, two_port);
    for browser in [&one_browser, &two_browser] {
        echo(browser).await?;
    }

    // A browser sends all cookies to all ports of the host. Each opens its own session and reaches no tool.
    let jar: Vec<String> = [&studio.owner.client, &one_browser, &two_browser]
        .iter()
        .filter_map(|client| client.cookie())
        .collect();
    let names: Vec<&str> = jar.iter().filter_map(|pair| Some(pair.split_once('=')?.0)).collect();
    assert_eq!(names[1], format!("__Host-atelier-session-{}", one.id));
    assert_eq!(names[2], format!("__Host-atelier-session-{}", two.id));
    let everything = one_browser.fresh();
    everything.set_cookie(Some(jar.join("; ")));
    let seen = everything.get("/headers").await;
    assert_eq!(seen.status, 200, "{}", seen.text());
    assert!(!seen.text().to_lowercase().contains("cookie:"), "a cookie reached the tool: {}", seen.text());
    let swapped = one_browser.fresh();
    swapped.set_cookie(two_browser.cookie());
    assert_eq!(swapped.get("/api").await.status, 401, "a cookie opens another session");

    // The application is not there, and sessions are not on its port.
    assert_eq!(one_browser.fresh().get("/api/v1/setup").await.status, 401);
    let host = format!("{}.atelier-run.localhost:{}", one.id, studio.world.server.port());
    let former = studio.owner.client.on_host(&host).get("/api/v1/setup").await;
    assert_eq!(former.status, 200, "hosts of sessions are not the application's: {}", former.text());
    // Pages of a neighbour's port may not write.
    let foreign = one_browser.bare("POST", "/echo").header("sec-fetch-site", "same-site").body("x");
    assert_eq!(one_browser.run::<()>(foreign).await.status, 403);

    // A link stays good over a restart of the server.
    studio.world.server.kill9()?;
    studio.world.server.restart().await?;
    let works = || async { one_browser.get("/api").await.status == 200 };
    eventually("the session's port leads to it again", LIMIT, works).await;
    assert_eq!(studio.port_browser(&one.id).await.0, one_port);

    // A third has a port once another has no need of it.
    let three = studio.running().await;
    let open = calls::session_open(studio.organization(), &studio.project.slug, &three.id);
    studio.owner.client.send(open).await.refused(409, "no-port");
    studio.stopped(&two.id).await;
    let (three_port, three_browser) = studio.port_browser(&three.id).await;
    assert_eq!(three_port, two_port);
    let entered = || async { three_browser.get("/api").await.status == 200 };
    eventually("the port is the third's", LIMIT, entered).await;
    let old = three_browser.fresh();
    old.set_cookie(two_browser.cookie());
    assert_eq!(old.get("/api").await.status, 401, "who was there before is let in");

    // Administrators are told, others are not.
    let about = || calls::organization_get(studio.organization());
    let told = studio.world.acme.administrator.client.send(about()).await.good().concerns;
    assert!(told.iter().any(|concern| concern.contains("session_ports")), "{told:?}");
    assert_eq!(studio.owner.client.send(about()).await.good().concerns, Vec::<String>::new());

    // One organization only.
    let create = CreateOrganization { name: "Globex".to_owned() };
    let operator = &studio.world.acme.administrator.client;
    operator.send(calls::organization_create(&create)).await.refused(409, "session-ports");
    Ok(())
}

#[tokio::test]
async fn ports_are_refused_where_tenants_are() -> anyhow::Result<()> {
    let docker = ("DOCKER", NO_DOCKER.to_owned());
    let world = World::new(Database::Postgres).await?;
    world.tenant("Globex").await;
    let first = free_ports(1)?;
    let ports = ("SESSION_PORTS", format!("{first}-{first}"));
    let error = world.server.second_with(&[docker, ports]).await.err().map(|error| format!("{error:#}"));
    let error = error.unwrap_or_default();
    assert!(error.contains("session_ports") && error.contains("one organization"), "{error}");
    Ok(())
}
