//! Sessions that end without anybody's asking say why.

use atelier_api::calls;
use atelier_api::grant::SetGrants;
use atelier_api::session::{AliveReason, EndCause, SessionState};
use atelier_tests::ledger;
use atelier_tests::studio::{LIMIT, Studio, container};
use atelier_tests::{Database, docker, on_sqlite_and_in_the_long_form_on_postgres, until};
use bollard::query_parameters::KillContainerOptionsBuilder;

on_sqlite_and_in_the_long_form_on_postgres!(an_idle_session_is_warned_extended_and_stopped);

async fn an_idle_session_is_warned_extended_and_stopped(database: Database) -> anyhow::Result<()> {
    let studio = Studio::new(database).await?;
    let session = studio.running().await;
    let (organization, project) = (studio.organization(), studio.project.slug.as_str());
    // As if nobody had touched it for so many minutes; the setting's default is 60.
    let begun = studio.get(&session.id).await.wanted_at;
    let idle_for = |minutes: i64| {
        studio.world.server.database.execute(&format!(
            "UPDATE workload_status SET last_active_at = {}, alive = '{{\"reason\":\"nothing\"}}' \
             WHERE workload_id = '{}'",
            begun - minutes * 60_000,
            session.id
        ))
    };
    // What computes is never stopped, whatever the clock says. Nobody asks for it by a page here, since that
    // would count as somebody's doing.
    let compute = studio.run(&session, "timeout 12 sh -c 'while :; do :; done'; echo computed");
    let watch = async {
        until("it is seen to compute", LIMIT, || async {
            let idle = studio.get(&session.id).await.idle;
            idle.filter(|idle| idle.alive == AliveReason::Computing && idle.stops_at.is_none())
        })
        .await;
        idle_for(120)
    };
    let (computed, _) = tokio::try_join!(compute, watch)?;
    assert_eq!(computed, "computed\n", "it was stopped while it computed");
    assert_eq!(studio.get(&session.id).await.state, SessionState::Running);

    // Idle: first a warning, which one click takes back. Its last report may still be of the work.
    until("its owner is warned", LIMIT, || async {
        idle_for(57).ok()?;
        studio.get(&session.id).await.idle.filter(|idle| idle.warned)
    })
    .await;
    let extend = calls::session_extend(organization, project, &session.id);
    let extended = studio.owner.client.send(extend).await.good();
    assert_eq!(extended.idle.map(|idle| (idle.warned, idle.alive)), Some((false, AliveReason::Extended)));

    // Then the end, after the whole warning.
    until("its owner is warned again", LIMIT, || async {
        idle_for(61).ok()?;
        studio.get(&session.id).await.idle.filter(|idle| idle.warned)
    })
    .await;
    assert_eq!(studio.get(&session.id).await.state, SessionState::Running);
    studio.world.server.database.execute(&format!(
        "UPDATE workload_status SET idle_warned_at = {} WHERE workload_id = '{}'",
        begun - 6 * 60_000,
        session.id
    ))?;
    let ended = studio.comes_to(&session.id, SessionState::Stopped).await;
    assert_eq!(ended.end_cause, Some(EndCause::Idle));
    ledger::is_exact(&studio, &ended).await?;
    Ok(())
}

#[tokio::test]
async fn out_of_memory_is_named_with_the_size_that_fits() -> anyhow::Result<()> {
    let studio = Studio::new(Database::Sqlite).await?;
    let admin = &studio.world.acme.administrator.client;
    let tiers = admin.send(calls::tier_list(studio.organization())).await.good();
    let id = |name: &str| tiers.iter().find(|tier| tier.name == name).map(|tier| tier.id.clone());
    // The smallest size that holds more is Mini, which is not for everybody.
    let kept = id("Mini").unwrap_or_default();
    let only = SetGrants { only: true, ..SetGrants::default() };
    admin.send(calls::tier_grants_set(studio.organization(), &kept, &only)).await.good();
    let session = studio.running().await;
    let browser = studio.browser(&session.id).await;
    // Takes more than there is: the process that does so is killed.
    let greedy = browser.clone();
    let request = tokio::spawn(async move {
        let take = greedy.request("POST", "/memory/400");
        greedy.run::<()>(take).await.status
    });
    let (failure, notice) = until("out of memory is named", LIMIT, || async {
        let session = studio.get(&session.id).await;
        let failure = session.failure.filter(|failure| failure.code == "out-of-memory");
        (failure.is_some() || session.notice.is_some()).then_some((failure, session.notice))
    })
    .await;
    if let Some(failure) = failure {
        assert!(
            failure.detail.contains("as Small") && !failure.detail.contains("Mini"),
            "{}",
            failure.detail
        );
    }
    if let Some(notice) = notice {
        assert_eq!(notice.fitting_tier, id("Small"), "the smallest that the owner may start");
    }
    request.abort();
    Ok(())
}

#[tokio::test]
async fn a_tool_that_ends_and_a_container_that_is_killed_say_so() -> anyhow::Result<()> {
    let studio = Studio::new(Database::Sqlite).await?;

    // The tool ends with an error of its own.
    let session = studio.running().await;
    let browser = studio.browser(&session.id).await;
    browser.run::<()>(browser.request("POST", "/exit/3")).await;
    let failed = studio.comes_to(&session.id, SessionState::Failed).await;
    assert_eq!(failed.end_cause, Some(EndCause::Exited));
    let failure = failed.failure.clone().map(|failure| (failure.code, failure.detail)).unwrap_or_default();
    assert_eq!(failure.0, "tool-exited");
    assert!(failure.1.contains('3'), "the exit code is told: {}", failure.1);
    ledger::is_exact(&studio, &failed).await?;

    // It can be started again, and somebody on the host kills it.
    studio.start(&session.id).await.good();
    let again = studio.comes_to(&session.id, SessionState::Running).await;
    let kill = KillContainerOptionsBuilder::new().signal("SIGKILL").build();
    studio.docker.kill_container(&container(&again), Some(kill)).await?;
    let killed = studio.comes_to(&session.id, SessionState::Failed).await;
    assert!(killed.failure.is_some(), "nothing says why: {killed:#?}");
    ledger::is_exact(&studio, &killed).await?;

    // And somebody removes a running one.
    studio.start(&session.id).await.good();
    let third = studio.comes_to(&session.id, SessionState::Running).await;
    docker::remove(&studio.docker, &container(&third)).await?;
    let lost = studio.comes_to(&session.id, SessionState::Failed).await;
    assert_eq!(lost.end_cause, Some(EndCause::Lost));
    until("its bill is closed", LIMIT, || async {
        let open = studio.segments().await.into_iter().any(|row| row.ended_at.is_none());
        (!open).then_some(())
    })
    .await;
    Ok(())
}
