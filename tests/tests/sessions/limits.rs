//! What a person may use, and what the host can hold.

use atelier_api::calls;
use atelier_api::grant::{SetGrants, Subject};
use atelier_api::money::Micros;
use atelier_api::person::Limits;
use atelier_api::role::{OrganizationRole, ProjectRole};
use atelier_api::session::{CreateSession, SessionState};
use atelier_api::tier::{CreateTier, TierUnavailable, UpdateTier};
use atelier_tests::studio::{LIMIT, MIB, Studio};
use atelier_tests::{Database, on_both_databases, until};
use futures::future::join_all;

on_both_databases!(
    of_fifty_starts_at_a_limit_of_one_one_starts,
    limits_are_explained_in_words,
    a_restricted_size_is_refused_at_the_start,
);

async fn of_fifty_starts_at_a_limit_of_one_one_starts(database: Database) -> anyhow::Result<()> {
    let studio = Studio::new(database).await?;
    studio.limit(Limits { sessions_at_once: Some(1), monthly: None }).await;
    let starts = (0..50).map(|_| studio.create_as(&studio.owner.client));
    let answers = join_all(starts).await;
    let (started, refused): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|answer| answer.status.is_success());
    assert_eq!(started.len(), 1, "sessions started");
    for answer in &refused {
        answer.refused(403, "sessions-at-once");
    }
    let session = started[0].good();
    studio.comes_to(&session.id, SessionState::Running).await;
    assert_eq!(studio.containers().await?.len(), 1, "containers");

    // The place becomes free with the stop.
    studio.stopped(&session.id).await;
    studio.start(&session.id).await.good();
    studio.create_as(&studio.owner.client).await.refused(403, "sessions-at-once");
    Ok(())
}

async fn limits_are_explained_in_words(database: Database) -> anyhow::Result<()> {
    let studio = Studio::new(database).await?;
    let (organization, project) = (studio.organization(), studio.project.slug.as_str());
    let (client, admin) = (&studio.owner.client, &studio.world.acme.administrator.client);

    // A client of the project sees it and may not start anything in it.
    let guest = studio.world.acme.person(OrganizationRole::Guest).await;
    studio.world.acme.add(&studio.project, &guest, ProjectRole::Client).await;
    let missing = studio.create_as(&guest.client).await.refused(403, "forbidden").missing;
    assert_eq!(missing.map(|missing| missing.granted_by), Some(vec![studio.owner.name.clone()]));

    // Wrong names of things are named.
    for (field, wish) in [
        ("environment", CreateSession { environment: "absent".to_owned(), ..studio.wish() }),
        ("tool", CreateSession { tool: "absent".to_owned(), ..studio.wish() }),
        ("tier", CreateSession { tier: "absent".to_owned(), ..studio.wish() }),
        ("name", CreateSession { name: Some(" ".to_owned()), ..studio.wish() }),
    ] {
        client.send(calls::session_create(organization, project, &wish)).await.blames(&[field]);
    }

    // What the host cannot hold is said before and refused after.
    let huge = CreateTier {
        name: "Huge".to_owned(),
        cpu_milli: 256_000,
        memory_bytes: 1 << 42,
        price_per_hour: Micros(1),
    };
    let huge = admin.send(calls::tier_create(organization, &huge)).await.good_with(201);
    let options = client.send(calls::session_options(organization, project)).await.good();
    let shown = options.tiers.into_iter().find(|tier| tier.id == huge.id).and_then(|tier| tier.unavailable);
    assert!(matches!(shown, Some(TierUnavailable::Cpu { .. } | TierUnavailable::Memory { .. })), "{shown:?}");
    let wish = CreateSession { tier: huge.id.clone(), ..studio.wish() };
    client.send(calls::session_create(organization, project, &wish)).await.blames(&["tier"]);
    let archive = UpdateTier { archived: Some(true), ..UpdateTier::default() };
    admin.send(calls::tier_update(organization, &huge.id, &archive)).await.good();
    client.send(calls::session_create(organization, project, &wish)).await.blames(&["tier"]);

    // Beyond the month's money nothing new starts; what runs goes on.
    let session = studio.running().await;
    until("something is spent", LIMIT, || async {
        let spend = client.send(calls::spend_mine(organization)).await.good();
        (spend.month > Micros(0)).then_some(())
    })
    .await;
    studio.limit(Limits { sessions_at_once: None, monthly: Some(Micros(1)) }).await;
    let refusal = studio.create_as(client).await.refused(403, "monthly-limit");
    assert!(refusal.detail.contains("0.000001 USD"), "{}", refusal.detail);
    let running = studio.get(&session.id).await;
    assert_eq!((running.state, running.memory_bytes), (SessionState::Running, 96 * MIB));

    // A new price holds from the next start on.
    let dearer = UpdateTier { price_per_hour: Some(Micros(72_000_000)), ..UpdateTier::default() };
    admin.send(calls::tier_update(organization, &studio.tier, &dearer)).await.good();
    studio.limit(Limits::default()).await;
    assert_eq!(studio.get(&session.id).await.price_per_hour, Micros(36_000_000));
    studio.stopped(&session.id).await;
    assert_eq!(studio.start(&session.id).await.good().price_per_hour, Micros(72_000_000));
    Ok(())
}

async fn a_restricted_size_is_refused_at_the_start(database: Database) -> anyhow::Result<()> {
    let studio = Studio::new(database).await?;
    let admin = &studio.world.acme.administrator.client;
    let restrict = async |grants: SetGrants| {
        admin.send(calls::tier_grants_set(studio.organization(), &studio.tier, &grants)).await.good();
    };
    let owner = || Subject::Person(studio.owner.id.clone());

    // What runs goes on; no start, new or again, takes the size.
    let session = studio.running().await;
    restrict(SetGrants { only: true, ..SetGrants::default() }).await;
    let refusal = studio.create_as(&studio.owner.client).await.refused(403, "tier-restricted");
    assert!(refusal.detail.contains("Tiny") && refusal.detail.contains("Ada"), "{}", refusal.detail);
    assert_eq!(studio.get(&session.id).await.state, SessionState::Running);
    studio.stopped(&session.id).await;
    studio.start(&session.id).await.refused(403, "tier-restricted");
    assert_eq!(studio.get(&session.id).await.generation, 1, "nothing was started");

    restrict(SetGrants { only: true, allow: vec![owner()], ..SetGrants::default() }).await;
    studio.start(&session.id).await.good();
    studio.comes_to(&session.id, SessionState::Running).await;
    restrict(SetGrants { deny: vec![owner()], ..SetGrants::default() }).await;
    studio.create_as(&studio.owner.client).await.refused(403, "tier-restricted");
    Ok(())
}
