//! Changing one's password, and links that reset it.

use atelier_api::account::{ChangePassword, ResetPassword};
use atelier_api::calls;
use atelier_api::person::UpdatePerson;
use atelier_api::role::OrganizationRole;
use atelier_tests::{Database, PASSWORD, Tenant, World, on_both_databases, token_of};

on_both_databases!(a_new_password_ends_other_sign_ins, a_reset_link_works_once, who_may_reset_a_password);

const NEW: &str = "granite-lantern-71-overpass-quilt";

async fn a_new_password_ends_other_sign_ins(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let person = world.acme.person(OrganizationRole::Member).await;
    let (here, there) = (&person.client, world.server.client());
    there.sign_in(&person.email).await.good();
    let change = |current: &str, new: &str| {
        calls::password_change(&ChangePassword { current: current.to_owned(), new: new.to_owned() })
    };

    here.send(change("not-my-password", NEW)).await.blames(&["current"]);
    for weak in ["password123", "short", &person.email, &"long".repeat(100)] {
        here.send(change(PASSWORD, weak)).await.blames(&["new"]);
    }
    there.send(calls::me_get()).await.good();

    here.send(change(PASSWORD, NEW)).await.good_with(204);
    here.send(calls::me_get()).await.good();
    there.send(calls::me_get()).await.refused(401, "not-signed-in");
    there.sign_in(&person.email).await.refused(401, "wrong-credentials");
    there.sign_in_with(&person.email, NEW).await.good();
    here.send(calls::me_get()).await.good();
    Ok(())
}

fn reset(token: &str, password: &str) -> atelier_api::call::Call<()> {
    calls::password_reset(token, &ResetPassword { password: password.to_owned() })
}

async fn a_reset_link_works_once(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator.client);
    let person = acme.person(OrganizationRole::Member).await;
    let stranger = world.server.client();
    let link = || async {
        let link = ada.send(calls::person_reset_password(&acme.slug, &person.id)).await.good_with(201);
        token_of(&link).to_owned()
    };

    let (older, token) = (link().await, link().await);
    for gone in [older.as_str(), "guess"] {
        stranger.send(calls::password_reset_preview(gone)).await.refused(410, "link-expired");
        stranger.send(reset(gone, NEW)).await.refused(410, "link-expired");
    }
    assert_eq!(stranger.send(calls::password_reset_preview(&token)).await.good().email, person.email);
    for weak in ["password123", &person.email] {
        stranger.send(reset(&token, weak)).await.blames(&["password"]);
    }
    person.client.send(calls::me_get()).await.good();

    stranger.send(reset(&token, NEW)).await.good_with(204);
    assert_eq!(stranger.cookie(), None, "a reset does not sign in");
    person.client.send(calls::me_get()).await.refused(401, "not-signed-in");
    stranger.send(reset(&token, PASSWORD)).await.refused(410, "link-expired");
    person.client.sign_in(&person.email).await.refused(401, "wrong-credentials");
    person.client.sign_in_with(&person.email, NEW).await.good();

    // A link ends with its day, and with a change of the password.
    let token = link().await;
    world.server.database.execute("UPDATE one_time_links SET expires_at = 1 WHERE used_at IS NULL")?;
    stranger.send(reset(&token, PASSWORD)).await.refused(410, "link-expired");
    let token = link().await;
    let change = ChangePassword { current: NEW.to_owned(), new: PASSWORD.to_owned() };
    person.client.send(calls::password_change(&change)).await.good();
    stranger.send(reset(&token, NEW)).await.refused(410, "link-expired");
    Ok(())
}

async fn who_may_reset_a_password(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, operator) = (&world.acme, &world.acme.administrator);
    let beta = world.tenant("Beta").await;
    let ask = |tenant: &Tenant, person: &str| {
        let call = calls::person_reset_password(&tenant.slug, person);
        let client = tenant.administrator.client.clone();
        async move { client.send(call).await }
    };
    let shared = beta.person(OrganizationRole::Member).await;
    ask(&beta, &shared.id).await.good_with(201);

    // From the moment that an account opens another organization, its administrators are strangers to it.
    let invitation = acme.invite(OrganizationRole::Member).await;
    shared.client.send(calls::invitation_accept(token_of(&invitation))).await.good();
    ask(&beta, &shared.id).await.refused(409, "account-shared");
    ask(acme, &shared.id).await.good_with(201);

    let invitation = beta.invite(OrganizationRole::Member).await;
    operator.client.send(calls::invitation_accept(token_of(&invitation))).await.good();
    ask(&beta, &operator.id).await.refused(409, "operator");

    let disabled = beta.person(OrganizationRole::Member).await;
    let disable = UpdatePerson { disabled: Some(true), ..UpdatePerson::default() };
    let administrator = &beta.administrator.client;
    administrator.send(calls::person_update(&beta.slug, &disabled.id, &disable)).await.good();
    ask(&beta, &disabled.id).await.refused(409, "disabled");

    let member = beta.person(OrganizationRole::Member).await;
    let call = calls::person_reset_password(&beta.slug, &beta.administrator.id);
    member.client.send(call).await.refused(404, "not-found");
    ask(acme, &member.id).await.refused(404, "not-found");
    Ok(())
}
