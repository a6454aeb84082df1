//! T14: a sign-in gets a token of its own, and what ends a sign-in ends all that stands on it.

use atelier_api::account::{ChangePassword, ResetPassword};
use atelier_api::calls;
use atelier_api::person::UpdatePerson;
use atelier_api::role::OrganizationRole;
use atelier_tests::{Database, Events, PASSWORD, Person, World, eventually, on_both_databases, token_of};
use std::time::Duration;

on_both_databases!(t14_every_sign_in_has_a_new_cookie, t14_the_end_of_a_sign_in_cuts_open_streams);

async fn t14_every_sign_in_has_a_new_cookie(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let ada = &world.acme.administrator;

    // A cookie that somebody else planted does not become a sign-in.
    let victim = ada.client.fresh();
    let name = ada.client.cookie().and_then(|pair| Some(pair.split_once('=')?.0.to_owned()));
    let name = name.unwrap_or_default();
    assert_eq!(name, "__Host-atelier");
    let planted = format!("{name}=planted");
    victim.set_cookie(Some(planted.clone()));
    let answer = victim.sign_in(&ada.email).await;
    answer.good();
    assert_ne!(victim.cookie(), Some(planted.clone()));
    let attributes = answer.header("set-cookie").to_lowercase();
    for attribute in ["httponly", "secure", "samesite=lax", "path=/", "max-age="] {
        assert!(attributes.contains(attribute), "{attribute} is missing: {attributes}");
    }
    assert!(!attributes.contains("domain="), "{attributes}");
    let attacker = ada.client.fresh();
    attacker.set_cookie(Some(planted));
    attacker.send(calls::me_get()).await.refused(401, "not-signed-in");

    // Signing in again gives a new cookie and ends the old one of this browser.
    let first = victim.cookie();
    victim.sign_in(&ada.email).await.good();
    assert_ne!(victim.cookie(), first);
    let old = ada.client.fresh();
    old.set_cookie(first);
    old.send(calls::me_get()).await.refused(401, "not-signed-in");

    // Nothing of a cookie is in the database or in the log.
    let token = victim.cookie().and_then(|pair| Some(pair.split_once('=')?.1.to_owned())).unwrap_or_default();
    assert!(token.len() >= 43, "a token has at least 256 bits: {token}");
    assert!(!world.server.database.dump()?.contains(&token), "the database has the token itself");
    assert!(!world.server.log().contains(&token), "the log has the token");

    // And signing out ends it for good, whoever kept a copy.
    let copy = ada.client.fresh();
    copy.set_cookie(victim.cookie());
    victim.send(calls::sign_out()).await.good_with(204);
    assert_eq!(victim.cookie(), None, "the browser is told to forget it");
    copy.send(calls::me_get()).await.refused(401, "not-signed-in");
    Ok(())
}

/// Felt by open connections within this.
const SOON: Duration = Duration::from_secs(5);

async fn t14_the_end_of_a_sign_in_cuts_open_streams(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator);
    let somebody = || async {
        let person = acme.person(OrganizationRole::Member).await;
        let events = Events::open(&person.client, &acme.slug).await;
        (person, events)
    };
    let (stays, open) = somebody().await;
    let ended = [
        ("signed out", somebody().await),
        ("signed out everywhere", somebody().await),
        ("signed out from another browser", somebody().await),
        ("password changed", somebody().await),
        ("password reset", somebody().await),
        ("disabled", somebody().await),
        ("removed", somebody().await),
        ("expired", somebody().await),
    ];
    for (how, (person, _)) in &ended {
        end(how, person, &world).await?;
    }
    eventually("every stream ends", SOON, || async { ended.iter().all(|(_, (_, events))| events.ended()) })
        .await;
    for (how, (person, _)) in &ended {
        let answer = person.client.send(calls::organization_get(&acme.slug)).await;
        assert_eq!(answer.status, 401, "{how}: {}", answer.text());
    }
    assert!(!open.ended(), "somebody else's stream was cut");
    stays.client.send(calls::organization_get(&acme.slug)).await.good();
    ada.client.send(calls::me_get()).await.good();
    Ok(())
}

async fn end(how: &str, person: &Person, world: &World) -> anyhow::Result<()> {
    let (organization, admin) = (&world.acme.slug, &world.acme.administrator.client);
    match how {
        "signed out" => person.client.send(calls::sign_out()).await.good(),
        "signed out everywhere" => {
            let other = person.client.fresh();
            other.sign_in(&person.email).await.good();
            other.send(calls::sign_in_end_all()).await.good();
        }
        "signed out from another browser" => {
            let open = person.client.send(calls::sign_in_list()).await.good();
            let other = person.client.fresh();
            other.sign_in(&person.email).await.good();
            for sign_in in open {
                other.send(calls::sign_in_end(&sign_in.id)).await.good_with(204);
            }
        }
        "password changed" => {
            let other = person.client.fresh();
            other.sign_in(&person.email).await.good();
            let change = ChangePassword { current: PASSWORD.to_owned(), new: format!("{PASSWORD}-new") };
            other.send(calls::password_change(&change)).await.good_with(204);
            other.send(calls::me_get()).await.good();
        }
        "password reset" => {
            let link = admin.send(calls::person_reset_password(organization, &person.id)).await.good();
            let password = ResetPassword { password: format!("{PASSWORD}-new") };
            let stranger = person.client.fresh();
            stranger.send(calls::password_reset(token_of(&link), &password)).await.good();
        }
        "disabled" => {
            let disable = UpdatePerson { disabled: Some(true), ..UpdatePerson::default() };
            admin.send(calls::person_update(organization, &person.id, &disable)).await.good();
        }
        "removed" => admin.send(calls::person_remove(organization, &person.id)).await.good(),
        "expired" => {
            let ended = format!("UPDATE sign_ins SET expires_at = 1 WHERE user_id = '{}'", person.id);
            assert_eq!(world.server.database.execute(&ended)?, 1);
        }
        other => anyhow::bail!("no such end: {other}"),
    }
    Ok(())
}
