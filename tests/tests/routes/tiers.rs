//! Tiers and their prices.

use atelier_api::calls;
use atelier_api::money::Micros;
use atelier_api::role::OrganizationRole;
use atelier_api::tier::{CreateTier, UpdateTier};
use atelier_tests::{Database, World, on_both_databases};
use serde_json::json;

on_both_databases!(a_tier_keeps_the_prices_that_it_had, what_is_wrong_with_a_tier_is_named, who_edits_tiers);

fn large() -> CreateTier {
    CreateTier {
        name: " Large ".to_owned(),
        cpu_milli: 8_000,
        memory_bytes: 32 << 30,
        price_per_hour: Micros(1_000_000),
    }
}

fn price(price: i64) -> UpdateTier {
    UpdateTier { price_per_hour: Some(Micros(price)), ..UpdateTier::default() }
}

async fn a_tier_keeps_the_prices_that_it_had(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator.client);
    let tier = ada.send(calls::tier_create(&acme.slug, &large())).await.good_with(201);
    assert_eq!((tier.name.as_str(), tier.price_per_hour), ("Large", Micros(1_000_000)));
    let names = async || -> Vec<String> {
        ada.send(calls::tier_list(&acme.slug)).await.good().into_iter().map(|tier| tier.name).collect()
    };
    assert_eq!(names().await, ["Mini", "Small", "Medium", "Large"], "the smallest first");

    let update = |change: &UpdateTier| calls::tier_update(&acme.slug, &tier.id, change);
    for change in [price(1_500_000), price(1_500_000), price(0)] {
        ada.send(update(&change)).await.good();
    }
    let prices = ada.send(calls::tier_prices(&acme.slug, &tier.id)).await.good();
    let amounts: Vec<i64> = prices.iter().map(|price| price.price_per_hour.0).collect();
    assert_eq!(amounts, [0, 1_500_000, 1_000_000], "the newest first; the same again is no change");
    assert!(prices.windows(2).all(|pair| pair[0].since >= pair[1].since));
    assert!(prices.iter().all(|price| price.set_by == "Ada"));

    // Archived, it stays in the list, with what it cost.
    let archive = UpdateTier { archived: Some(true), ..UpdateTier::default() };
    let archived = ada.send(update(&archive)).await.good();
    assert!(archived.archived_at.is_some());
    assert_eq!((archived.name.as_str(), archived.price_per_hour), ("Large", Micros(0)));
    assert_eq!(names().await.len(), 4);
    let project = acme.project(&acme.administrator, "Churn").await;
    let options = ada.send(calls::session_options(&acme.slug, &project.slug)).await.good();
    let offered: Vec<&str> = options.tiers.iter().map(|tier| tier.name.as_str()).collect();
    assert_eq!(offered, ["Mini", "Small", "Medium"]);
    let back = UpdateTier { archived: Some(false), name: Some("Huge".to_owned()), price_per_hour: None };
    let back = ada.send(update(&back)).await.good();
    assert_eq!((back.archived_at, back.name.as_str()), (None, "Huge"));
    assert_eq!(ada.send(calls::tier_prices(&acme.slug, &tier.id)).await.good(), prices);
    Ok(())
}

async fn what_is_wrong_with_a_tier_is_named(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let (acme, ada) = (&world.acme, &world.acme.administrator.client);
    let wrong = [
        ("name", CreateTier { name: String::new(), ..large() }),
        ("cpu_milli", CreateTier { cpu_milli: 99, ..large() }),
        ("cpu_milli", CreateTier { cpu_milli: 256_001, ..large() }),
        ("memory_bytes", CreateTier { memory_bytes: (64 << 20) - 1, ..large() }),
        ("memory_bytes", CreateTier { memory_bytes: i64::MAX, ..large() }),
        ("price_per_hour", CreateTier { price_per_hour: Micros(-1), ..large() }),
    ];
    for (field, tier) in &wrong {
        ada.send(calls::tier_create(&acme.slug, tier)).await.blames(&[field]);
    }
    let first = ada.send(calls::tier_list(&acme.slug)).await.good().remove(0);
    let update = || calls::tier_update(&acme.slug, &first.id, &UpdateTier::default());
    for (field, value) in [
        ("price_per_hour", json!(-1)),
        ("price_per_hour", json!(0.5)),
        ("price_per_hour", json!(1e300)),
        ("price_per_hour", json!("1")),
        ("name", json!(" ")),
        ("archived", json!("yes")),
        // The size of a tier never changes: sessions and bills speak of it.
        ("cpu_milli", json!(1000)),
        ("memory_bytes", json!(1 << 30)),
    ] {
        ada.send_json(update(), &json!({ field: value })).await.blames(&[field]);
    }
    let list = ada.send(calls::tier_list(&acme.slug)).await.good();
    assert_eq!((list.len(), &list[0]), (3, &first));
    ada.send(calls::tier_prices(&acme.slug, "absent")).await.refused(404, "not-found");
    Ok(())
}

async fn who_edits_tiers(database: Database) -> anyhow::Result<()> {
    let world = World::new(database).await?;
    let acme = &world.acme;
    let tier = acme.administrator.client.send(calls::tier_list(&acme.slug)).await.good().remove(0);
    for (role, sees) in [
        (OrganizationRole::Auditor, true),
        (OrganizationRole::Member, true),
        (OrganizationRole::Guest, false),
    ] {
        let client = acme.person(role).await.client;
        client.send(calls::tier_create(&acme.slug, &large())).await.refused(403, "forbidden");
        let (list, update) = (
            client.send(calls::tier_list(&acme.slug)).await,
            client.send(calls::tier_update(&acme.slug, &tier.id, &price(1))).await,
        );
        if sees {
            assert_eq!(list.good().len(), 3);
            update.refused(403, "forbidden");
        } else {
            list.refused(403, "forbidden");
            update.refused(404, "not-found");
        }
    }
    let after = acme.administrator.client.send(calls::tier_list(&acme.slug)).await.good();
    assert_eq!((after.len(), &after[0]), (3, &tier));
    Ok(())
}
