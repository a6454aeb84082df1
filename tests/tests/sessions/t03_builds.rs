//! T3: builds of environments through the server: in the cage, once for all, and gone with the server.

use atelier_api::calls;
use atelier_api::environment::EnvironmentState;
use atelier_api::role::OrganizationRole;
use atelier_api::session::{CreateSession, DataWish};
use atelier_tests::{
    Client, Database, Events, TestServer, World, docker, eventually, on_both_databases, until,
};
use std::time::Duration;
use tempfile::TempDir;

on_both_databases!(
    t03_a_build_is_done_once_and_ends_with_its_server,
    t03_a_build_that_somebody_cancels_leaves_nothing_running,
);

const ABOUT: &str = "id = \"slow\"\nname = \"Slow\"\n[[tools]]\nid = \"t\"\nname = \"T\"\nargv = [\"t\"]\n\
                     cwd = \"/work\"\nport = 8888\nready_path = \"/api\"\n";
/// The first step is what an environment may hold; the second never ends.
const DOCKERFILE: &str = "FROM atelier/base:trixie\n\
                          RUN grep -E '^(CapEff|NoNewPrivs|Seccomp):' /proc/self/status\n\
                          RUN exec sleep 600\n";
const BEGUN: Duration = Duration::from_secs(60);
/// Within this an unknown container is reconciled.
const RECONCILED: Duration = Duration::from_secs(60);

fn slow_environment() -> anyhow::Result<TempDir> {
    let folder = tempfile::tempdir()?;
    let environment = folder.path().join("slow");
    std::fs::create_dir(&environment)?;
    std::fs::write(environment.join("environment.toml"), ABOUT)?;
    std::fs::write(environment.join("Dockerfile"), DOCKERFILE)?;
    Ok(folder)
}

async fn t03_a_build_is_done_once_and_ends_with_its_server(database: Database) -> anyhow::Result<()> {
    let folder = slow_environment()?;
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

async fn t03_a_build_that_somebody_cancels_leaves_nothing_running(database: Database) -> anyhow::Result<()> {
    let folder = slow_environment()?;
    let settings = [("ENVIRONMENTS_DIR", folder.path().display().to_string())];
    let world = World::on(TestServer::start_with(database, &settings).await?).await?;
    let docker = docker::connect()?;
    let installation = world.server.database.lines("SELECT id AS line FROM installation")?.remove(0);
    let ada = &world.acme.administrator;
    let organization = world.acme.slug.as_str();
    let cancel = || ada.client.send(calls::environment_cancel(organization, "slow"));
    let build = || ada.client.send(calls::environment_build(organization, "slow"));
    let log = || async { ada.client.send(calls::environment_log(organization, "slow")).await.good().lines };
    let seen = async |client: &Client, organization: &str| {
        let all = client.send(calls::environment_list(organization)).await.good();
        all.into_iter().find(|environment| environment.id == "slow").map(|e| (e.state, e.cancelled_by))
    };
    let containers = || async {
        docker::containers(&docker, &installation).await.unwrap_or_else(|error| panic!("{error:#}"))
    };
    cancel().await.refused(409, "not-building");

    // Somebody waits for it.
    let owner = world.acme.person(OrganizationRole::Member).await;
    let project = world.acme.project(&owner, "Churn").await;
    let tier = owner.client.send(calls::tier_list(organization)).await.good().remove(0).id;
    let wish = CreateSession {
        name: None,
        environment: "slow".to_owned(),
        tool: "t".to_owned(),
        tier,
        data: DataWish::All,
    };
    let waits =
        owner.client.send(calls::session_create(organization, &project.slug, &wish)).await.good_with(201);
    eventually("the build is in its second step", BEGUN, || async {
        log().await.iter().any(|line| line.starts_with("Step 2/2")) && containers().await.len() == 1
    })
    .await;

    let answer = cancel().await.good();
    assert_eq!((answer.state, answer.cancelled_by.as_deref()), (EnvironmentState::Cancelled, Some("Ada")));
    eventually("its container is gone", RECONCILED, || async { containers().await.is_empty() }).await;
    let failure = until("the session says why it did not start", BEGUN, || async {
        let session = calls::session_get(organization, &project.slug, &waits.id);
        owner.client.send(session).await.good().failure
    })
    .await;
    assert_eq!(failure.code, "environment-build-cancelled");
    assert_eq!(log().await.last().map(String::as_str), Some("The build was cancelled."));
    let beside = world.tenant("Beta").await;
    let elsewhere = seen(&beside.administrator.client, &beside.slug).await;
    assert_eq!(elsewhere, Some((EnvironmentState::Cancelled, None)), "no name leaves its organization");
    cancel().await.refused(409, "not-building");

    // Building again goes on from the step that was done.
    assert_eq!(build().await.good().state, EnvironmentState::Building);
    eventually("the second step begins again", BEGUN, || async {
        let lines = log().await;
        lines.iter().any(|line| line == "  done before")
            && lines.iter().any(|line| line.starts_with("Step 2/2"))
    })
    .await;
    assert_eq!(seen(&ada.client, organization).await, Some((EnvironmentState::Building, None)));
    cancel().await.good();
    eventually("nothing is left", RECONCILED, || async { containers().await.is_empty() }).await;
    let outcomes = world.server.database.lines("SELECT outcome AS line FROM environment_builds")?;
    assert_eq!(outcomes, [EnvironmentState::Cancelled.as_str(); 2]);
    Ok(())
}
