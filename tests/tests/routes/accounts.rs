//! One's own profile and open sign-ins.

use atelier_api::account::{Language, Theme, UpdateMe};
use atelier_api::calls;
use atelier_api::role::OrganizationRole;
use atelier_tests::{Database, World, on_both_databases};
use serde_json::json;

on_both_databases!(a_profile_changes_in_what_is_given, sign_ins_are_listed_and_ended);

async fn a_profile_changes_in_what_is_given(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let person = world.acme.person(OrganizationRole::Member).await;
    let before = person.client.send(calls::me_get()).await.good();
    assert_eq!((before.language, before.theme), (Language::English, Theme::System));

    let name = UpdateMe { name: Some(" Grace Hopper ".to_owned()), ..UpdateMe::default() };
    let me = person.client.send(calls::me_update(&name)).await.good();
    assert_eq!(me.name, "Grace Hopper");
    let rest = UpdateMe { language: Some(Language::French), theme: Some(Theme::Dark), ..UpdateMe::default() };
    let me = person.client.send(calls::me_update(&rest)).await.good();
    assert_eq!((me.name.as_str(), me.language, me.theme), ("Grace Hopper", Language::French, Theme::Dark));
    assert_eq!(person.client.send(calls::me_update(&UpdateMe::default())).await.good(), me);

    // It is the account's, not the browser's; and others see the name.
    let other = world.server.client();
    assert_eq!(other.sign_in(&person.email).await.good(), me);
    let ada = &world.acme.administrator.client;
    let found = ada.send(calls::person_list(&world.acme.slug, Some("hopper"), None)).await.good().items;
    assert_eq!(found.len(), 1);

    for name in ["", " \t ", "a\nb", "a\u{0}", &"n".repeat(81)] {
        let wrong = UpdateMe { name: Some(name.to_owned()), ..UpdateMe::default() };
        person.client.send(calls::me_update(&wrong)).await.blames(&["name"]);
    }
    for (field, value) in [("language", json!("de")), ("theme", json!("pink")), ("name", json!(5))] {
        let wrong = json!({ field: value });
        person.client.send_json(calls::me_update(&UpdateMe::default()), &wrong).await.blames(&[field]);
    }
    // What is not a field of the profile cannot be set by it.
    for field in ["operator", "email", "id"] {
        let wrong = json!({ field: true });
        person.client.send_json(calls::me_update(&UpdateMe::default()), &wrong).await.blames(&[field]);
    }
    assert_eq!(person.client.send(calls::me_get()).await.good(), me);
    Ok(())
}

async fn sign_ins_are_listed_and_ended(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let person = world.acme.person(OrganizationRole::Member).await;
    let (here, laptop, phone) = (&person.client, world.server.client(), world.server.client());
    laptop.sign_in(&person.email).await.good();
    phone.sign_in(&person.email).await.good();

    let open = phone.send(calls::sign_in_list()).await.good();
    let current: Vec<bool> = open.iter().map(|sign_in| sign_in.current).collect();
    assert_eq!(current, [true, false, false], "the newest first, and which one asks");
    assert!(open.iter().all(|sign_in| sign_in.address == "127.0.0.1" && sign_in.created_at > 0));

    // Another's cannot be ended, nor told from what is not there.
    let ada = &world.acme.administrator.client;
    let id = &open[1].id;
    ada.send(calls::sign_in_end(id)).await.refused(404, "not-found");
    laptop.send(calls::me_get()).await.good();

    phone.send(calls::sign_in_end(id)).await.good_with(204);
    laptop.send(calls::me_get()).await.refused(401, "not-signed-in");
    phone.send(calls::sign_in_end(id)).await.refused(404, "not-found");
    assert_eq!(phone.send(calls::sign_in_list()).await.good().len(), 2);

    phone.send(calls::sign_in_end_all()).await.good_with(204);
    assert_eq!(phone.cookie(), None);
    here.send(calls::me_get()).await.refused(401, "not-signed-in");
    ada.send(calls::me_get()).await.good();
    phone.sign_in(&person.email).await.good();
    assert_eq!(phone.send(calls::sign_in_list()).await.good().len(), 1);
    Ok(())
}
