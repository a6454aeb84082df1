//! T17: nobody finds out who has an account, guesses a password, or grabs the first administrator's place.

use atelier_api::account::{Language, SetUp};
use atelier_api::calls;
use atelier_api::person::UpdatePerson;
use atelier_api::role::OrganizationRole;
use atelier_tests::{Client, Database, PASSWORD, TestServer, World, on_both_databases, until};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

on_both_databases!(
    t17_unknown_wrong_and_disabled_answer_alike,
    t17_guessing_is_slowed_down,
    t17_the_set_up_link_works_once,
);

/// Sign-ins of each kind in one comparison. Fewer than are allowed for one account in a minute.
const EACH: usize = 9;
/// Comparisons. What else the machine does may spoil one; a difference of ours shows in all.
const COMPARISONS: usize = 4;
/// Sign-ins of each kind in the long form.
const MANY: usize = 1_000;

async fn t17_unknown_wrong_and_disabled_answer_alike(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let mut places = 2..=u16::MAX;
    let mut found = Vec::new();
    for comparison in 0..COMPARISONS {
        let mut medians = refusals(&world, comparison, &mut places).await.map(median);
        found.push(medians);
        medians.sort_unstable();
        assert!(medians[0] > Duration::from_millis(5), "no password was hashed: {found:?}");
        // Without a hash the difference would be the whole of it.
        if medians[2] < medians[0].mul_f32(1.5) {
            return Ok(());
        }
    }
    panic!("medians of unknown, wrong, disabled: {found:?}")
}

#[tokio::test]
async fn long_t17_a_thousand_sign_ins_of_each_kind_take_alike() -> anyhow::Result<()> {
    let world = World::new(Database::Sqlite).await?;
    let mut places = 2..=u16::MAX;
    let mut times: [Vec<Duration>; 3] = Default::default();
    for comparison in 0..MANY.div_ceil(EACH) {
        let more = refusals(&world, comparison, &mut places).await;
        times.iter_mut().zip(more).for_each(|(times, more)| times.extend(more));
    }
    let mut medians = times.map(median);
    eprintln!("medians of unknown, wrong, disabled: {medians:?}");
    medians.sort_unstable();
    assert!(medians[2] - medians[0] <= Duration::from_millis(5), "{medians:?}");
    Ok(())
}

/// How long each kind of refusal takes: an unknown address, a wrong password, a disabled account.
async fn refusals(
    world: &World,
    comparison: usize,
    places: &mut impl Iterator<Item = u16>,
) -> [Vec<Duration>; 3] {
    let acme = &world.acme;
    let known = acme.person(OrganizationRole::Member).await;
    let disabled = acme.person(OrganizationRole::Member).await;
    let disable = UpdatePerson { disabled: Some(true), ..UpdatePerson::default() };
    acme.administrator.client.send(calls::person_update(&acme.slug, &disabled.id, &disable)).await.good();
    let kinds = [
        (format!("nobody{comparison}@acme.test"), PASSWORD),
        (known.email, "not-the-password-of-anybody"),
        (disabled.email, PASSWORD),
    ];
    let mut times: [Vec<Duration>; 3] = Default::default();
    let mut bodies = BTreeSet::new();
    // In turn, so that whatever else the machine does hits all alike; each from a machine of its own.
    for _ in 0..EACH {
        for ((email, password), times) in kinds.iter().zip(&mut times) {
            let client = world.server.client().elsewhere(places.next().unwrap_or(1));
            let begun = Instant::now();
            let answer = client.sign_in_with(email, password).await;
            times.push(begun.elapsed());
            answer.refused(401, "wrong-credentials");
            assert_eq!(answer.header("set-cookie"), "");
            bodies.insert(answer.text());
        }
    }
    assert_eq!(bodies.len(), 1, "the answers differ: {bodies:?}");
    times
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

async fn t17_guessing_is_slowed_down(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let victim = world.acme.person(OrganizationRole::Member).await;

    // From many machines against one account.
    let mut slowed = None;
    for n in 2..40 {
        let answer =
            world.server.client().elsewhere(n).sign_in_with(&victim.email, "guess-guess-guess").await;
        if answer.status == 429 {
            slowed = Some((n, answer));
            break;
        }
        answer.refused(401, "wrong-credentials");
    }
    let Some((attempts, answer)) = slowed else { panic!("38 guesses at one account went through") };
    assert!(attempts > 5, "a person may mistype a few times");
    answer.refused(429, "rate-limited");
    let seconds: u64 = answer.header("retry-after").parse()?;
    assert!((1..=3600).contains(&seconds), "Retry-After: {seconds}");

    // From one machine against many accounts.
    let machine = world.server.client().elsewhere(100);
    let mut refused = false;
    for n in 0..40 {
        let answer = machine.sign_in_with(&format!("nobody{n}@acme.test"), "guess-guess-guess").await;
        refused |= answer.status == 429;
    }
    assert!(refused, "40 guesses from one machine went through");

    // Others are not held up.
    world.server.client().elsewhere(101).sign_in(&world.acme.administrator.email).await.good();

    // An absurd name is refused, and the log stays small.
    let before = world.server.log().len();
    let name = "a".repeat(1 << 20) + "@acme.test";
    let long = world.server.client().elsewhere(102).sign_in_with(&name, PASSWORD).await;
    assert!(long.status.is_client_error(), "{}", long.status);
    let written = world.server.log().len() - before;
    assert!(written < 1024, "{written} bytes of log for one long name");
    Ok(())
}

async fn t17_the_set_up_link_works_once(database: Database) -> anyhow::Result<()> {
    let mut server = TestServer::start(database).await?;
    let client = server.client();
    assert!(client.send(calls::setup_get()).await.good().needed);

    // Only the newest link works, so that an old console tells nobody.
    let old = server.setup_token().await?;
    server.kill9()?;
    server.restart().await?;
    let token = newest(&server, &old).await;
    client.send(calls::setup_complete(&set_up(&old, "first@acme.test"))).await.refused(410, "link-expired");
    client
        .send(calls::setup_complete(&set_up("guess", "first@acme.test")))
        .await
        .refused(410, "link-expired");
    assert!(!server.database.dump()?.contains(&token), "the database has the token itself");

    // Of many at the same moment one gets it.
    let attempts = (0..8).map(|n| attempt(server.client(), set_up(&token, &format!("first{n}@acme.test"))));
    let won = futures::future::join_all(attempts).await.into_iter().filter(|status| *status == 201).count();
    assert_eq!(won, 1, "first administrators");
    assert!(!client.send(calls::setup_get()).await.good().needed);
    client.send(calls::setup_complete(&set_up(&token, "late@acme.test"))).await.refused(410, "set-up-done");

    // Nor does a restart open it again.
    server.kill9()?;
    server.restart().await?;
    assert!(!client.send(calls::setup_get()).await.good().needed);
    assert_eq!(server.setup_token().await?, token, "a restart prints another link");
    Ok(())
}

/// The token that the console shows after another one.
async fn newest(server: &TestServer, old: &str) -> String {
    until("the second start prints a link", Duration::from_secs(10), || async {
        server.setup_token().await.ok().filter(|token| token != old)
    })
    .await
}

fn set_up(token: &str, email: &str) -> SetUp {
    SetUp {
        token: token.to_owned(),
        organization: "Acme".to_owned(),
        name: "First".to_owned(),
        email: email.to_owned(),
        password: PASSWORD.to_owned(),
        language: Language::English,
        sample_project: true,
    }
}

async fn attempt(client: Client, set_up: SetUp) -> u16 {
    let answer = client.send(calls::setup_complete(&set_up)).await;
    if !answer.status.is_success() {
        assert_eq!(answer.status, 410, "{}", answer.text());
    }
    answer.status.as_u16()
}
