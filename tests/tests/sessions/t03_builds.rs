//! T3: builds of environments through the server: in the cage, once for all, and gone with the server.

use atelier_api::calls;
use atelier_api::environment::EnvironmentState;
use atelier_tests::{Database, Events, TestServer, World, docker, eventually, on_both_databases};
use std::time::Duration;

on_both_databases!(t03_a_build_is_done_once_and_ends_with_its_server);

const ABOUT: &str = "id = \"slow\"\nname = \"Slow\"\n[[tools]]\nid = \"t\"\nname = \"T\"\nargv = [\"t\"]\n\
                     cwd = \"/work\"\nport = 8888\nready_path = \"/api\"\n";
/// The first step is what an environment may hold; the second never ends.
const DOCKERFILE: &str = "FROM atelier/base:trixie\n\
                          RUN grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/self/status\n\
                          RUN exec sleep 600\n";
const BEGUN: Duration = Duration::from_secs(60);
/// Within this an unknown container is reconciled.
const RECONCILED: Duration = Duration::from_secs(60);

async fn t03_a_build_is_done_once_and_ends_with_its_server(database: Database) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let environment = folder.path().join("slow");
    std::fs::create_dir(&environment)?;
    std::fs::write(environment.join("environment.toml"), ABOUT)?;
    std::fs::write(environment.join("Dockerfile"), DOCKERFILE)?;
    let settings = [("ENVIRONMENTS_DIR", folder.path().display().to_string())];
    let mut world = World::on(TestServer::start_with(database, &settings).await?).await?;
    let docker = docker::connect()?;
    let installation = world.server.database.lines("SELECT id AS line FROM installation")?.remove(0);
    let administrator = &world.acme.administrator;
    let slug = world.acme.slug.clone();

    let page = Events::open(&administrator.client, &slug).await;
    let build = || administrator.client.send(calls::environment_build(&slug, "slow"));
    for answer in <[_; 2]>::from(tokio::join!(build(), build())) {
        assert_eq!(answer.good().state, EnvironmentState::Building);
    }
    let log =
        || async { administrator.client.send(calls::environment_log(&slug, "slow")).await.good().lines };
    eventually("the second step begins", BEGUN, || async {
        log().await.iter().any(|line| line.starts_with("Step 2/2"))
    })
    .await;
    let lines = log().await;
    for line in ["CapEff:\t00000000000000db", "NoNewPrivs:\t1", "Seccomp:\t2"] {
        assert_eq!(lines.iter().filter(|logged| *logged == line).count(), 1, "{line} once in {lines:?}");
        let told =
            page.all().iter().filter(|event| format!("{event:?}").contains(&format!("{line:?}"))).count();
        assert_eq!(told, 1, "the page is told of {line} once");
    }
    let running = || async {
        docker::containers(&docker, &installation).await.unwrap_or_else(|error| panic!("{error:#}"))
    };
    eventually("its container runs", BEGUN, || async { running().await.len() == 1 }).await;
    let caused = world.server.database.lines("SELECT caused_by AS line FROM environment_builds")?;
    assert_eq!(caused, std::slice::from_ref(&administrator.id));

    world.server.kill9()?;
    assert_eq!(running().await.len(), 1, "a killed server ends nothing");
    world.server.restart().await?;
    eventually("what it left is gone", RECONCILED, || async { running().await.is_empty() }).await;
    let outcome = world.server.database.lines("SELECT outcome AS line FROM environment_builds")?;
    assert_eq!(outcome, [EnvironmentState::Absent.as_str()]);
    Ok(())
}
