//! Programs in real containers, with the API on their own loopback.

use atelier_api::workload::Workload;
use atelier_tests::studio::{LIMIT, Studio};
use atelier_tests::{Database, until};

/// A request by nothing but the shell; the answer's body.
const ASK: &str = "exec 3<>/dev/tcp/127.0.0.1/2740 && printf 'GET /api/v1/workload HTTP/1.0\\r\\n\\r\\n' >&3 && \
                   sed '1,/^\\r$/d' <&3";

#[tokio::test]
async fn t07_a_program_in_a_container_needs_no_credential() -> anyhow::Result<()> {
    let mut studio = Studio::new(Database::Sqlite).await?;
    let session = studio.running().await;
    let browser = studio.browser(&session.id).await;
    let environment = browser.get("/env").await.text();
    assert!(environment.contains("ATELIER_API=http://127.0.0.1:2740\n"), "{environment}");

    let answer = studio.run(&session, &bash(ASK)).await?;
    let me: Workload = serde_json::from_str(&answer).map_err(|error| anyhow::anyhow!("{error}: {answer}"))?;
    assert_eq!((me.id, me.person, me.generation), (session.id.clone(), studio.owner.id.clone(), 1));
    assert_eq!((me.environment.as_str(), me.project.as_str()), ("test-tool", studio.project.slug.as_str()));

    // A request that is made while the server is away is answered when it is back.
    studio.world.server.kill9()?;
    let (asked, restarted) = {
        let (docker, ask) = (studio.docker.clone(), bash(ASK));
        let asking = Studio::run_with(&docker, &session, &ask);
        tokio::join!(asking, studio.world.server.restart())
    };
    restarted?;
    let again = asked?;
    assert!(again.contains(&session.id), "{again}");

    // What it holds open ends with the session, and the next start is another generation.
    studio.stopped(&session.id).await;
    studio.start(&session.id).await.good();
    let second = studio.comes_to(&session.id, atelier_api::session::SessionState::Running).await;
    let generation = until("the program answers again", LIMIT, || async {
        let answer = studio.run(&second, &bash(ASK)).await.ok()?;
        serde_json::from_str::<Workload>(&answer).ok().map(|me| me.generation)
    })
    .await;
    assert_eq!(generation, 2);
    Ok(())
}

fn bash(script: &str) -> String {
    format!("bash -c \"{}\"", script.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$"))
}
