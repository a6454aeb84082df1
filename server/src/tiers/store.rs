//! Rows of tiers and of their prices. A price is never changed: a new row holds from now on.

use super::resource::Tier;
use crate::access::{Access, CreateTier, Permission, ReadTier, UpdateTier};
use crate::db::{Connection, new_id, now, schema};
use crate::error::Result;
use crate::http::version::IfMatch;
use crate::organizations::Organization;
use atelier_api as api;
use atelier_api::money::Micros;
use atelier_api::role::Object;
use diesel::prelude::*;
use std::collections::HashMap;

/// A tier with the price that holds now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TierRow {
    pub id: String,
    pub name: String,
    pub cpu_milli: i64,
    pub memory_bytes: i64,
    pub archived_at: Option<i64>,
    pub price: Micros,
}

/// The sizes that an organization begins with: name, CPU in thousandths, GiB of memory, price per hour.
const DEFAULTS: &[(&str, i64, i64, Micros)] = &[
    ("Mini", 500, 1, Micros(30_000)),
    ("Small", 2_000, 4, Micros(120_000)),
    ("Medium", 4_000, 16, Micros(400_000)),
];

/// For a new organization, in the transaction that makes it.
pub fn insert_defaults(connection: &mut Connection, organization_id: &str, set_by: &str) -> Result<()> {
    for (name, cpu_milli, gib, price_per_hour) in DEFAULTS {
        let tier = api::tier::CreateTier {
            name: (*name).to_owned(),
            cpu_milli: *cpu_milli,
            memory_bytes: gib << 30,
            price_per_hour: *price_per_hour,
        };
        insert(connection, organization_id, set_by, &tier)?;
    }
    Ok(())
}

/// Every tier of an organization, the smallest first, the archived ones too.
pub fn all(connection: &mut Connection, organization_id: &str) -> Result<Vec<TierRow>> {
    use schema::{tier_prices as prices, tiers};
    type Row = (String, String, i64, i64, Option<i64>);
    let rows: Vec<Row> = tiers::table
        .filter(tiers::organization_id.eq(organization_id))
        .order((tiers::memory_bytes, tiers::cpu_milli, tiers::name))
        .select((tiers::id, tiers::name, tiers::cpu_milli, tiers::memory_bytes, tiers::archived_at))
        .load(connection)?;
    // Oldest first, so that the newest price stays.
    let prices: HashMap<String, i64> = prices::table
        .filter(prices::tier_id.eq_any(rows.iter().map(|row| &row.0)))
        .order((prices::since, prices::id))
        .select((prices::tier_id, prices::price_micros))
        .load::<(String, i64)>(connection)?
        .into_iter()
        .collect();
    Ok(rows
        .into_iter()
        .map(|(id, name, cpu_milli, memory_bytes, archived_at)| {
            let price = Micros(prices.get(&id).copied().unwrap_or_default());
            TierRow { id, name, cpu_milli, memory_bytes, archived_at, price }
        })
        .collect())
}

pub(super) fn create(
    connection: &mut Connection,
    access: &Access<Organization, CreateTier>,
    tier: &api::tier::CreateTier,
) -> Result<String> {
    insert(connection, &access.row().id, &access.caller().user.id, tier)
}

fn insert(
    connection: &mut Connection,
    organization_id: &str,
    set_by: &str,
    tier: &api::tier::CreateTier,
) -> Result<String> {
    use schema::tiers;
    let id = new_id();
    diesel::insert_into(tiers::table)
        .values((
            tiers::id.eq(&id),
            tiers::organization_id.eq(organization_id),
            tiers::name.eq(tier.name.trim()),
            tiers::cpu_milli.eq(tier.cpu_milli),
            tiers::memory_bytes.eq(tier.memory_bytes),
            tiers::created_at.eq(now()),
        ))
        .execute(connection)?;
    set_price(connection, &id, tier.price_per_hour, set_by)?;
    Ok(id)
}

pub(super) fn update(
    connection: &mut Connection,
    access: &Access<Tier, UpdateTier>,
    if_match: &IfMatch,
    change: &api::tier::UpdateTier,
) -> Result<()> {
    use schema::tiers;
    let tier = access.row();
    if_match.change(connection, Object::Tier, &tier.id, &access.caller().user.id)?;
    if let Some(name) = &change.name {
        diesel::update(tiers::table.find(&tier.id)).set(tiers::name.eq(name.trim())).execute(connection)?;
    }
    if let Some(archived) = change.archived {
        diesel::update(tiers::table.find(&tier.id))
            .set(tiers::archived_at.eq(archived.then(now)))
            .execute(connection)?;
    }
    if let Some(price) = change.price_per_hour {
        let current = one(connection, access)?.price;
        if current != price {
            set_price(connection, &tier.id, price, &access.caller().user.id)?;
        }
    }
    Ok(())
}

pub(super) fn one<P: Permission>(connection: &mut Connection, access: &Access<Tier, P>) -> Result<TierRow> {
    let tier = access.row();
    let found = all(connection, &tier.organization.id)?.into_iter().find(|row| row.id == tier.id);
    found.ok_or_else(crate::error::Error::not_found)
}

/// Every price that the tier has had, the newest first.
pub(super) fn prices(
    connection: &mut Connection,
    access: &Access<Tier, ReadTier>,
) -> Result<Vec<api::tier::TierPrice>> {
    use schema::{tier_prices as prices, users};
    let rows: Vec<(i64, i64, String)> = prices::table
        .inner_join(users::table)
        .filter(prices::tier_id.eq(&access.row().id))
        .order((prices::since.desc(), prices::id.desc()))
        .select((prices::price_micros, prices::since, users::name))
        .load(connection)?;
    Ok(rows
        .into_iter()
        .map(|(price, since, set_by)| api::tier::TierPrice { price_per_hour: Micros(price), since, set_by })
        .collect())
}

fn set_price(connection: &mut Connection, tier_id: &str, price: Micros, set_by: &str) -> Result<()> {
    use schema::tier_prices as prices;
    diesel::insert_into(prices::table)
        .values((
            prices::id.eq(new_id()),
            prices::tier_id.eq(tier_id),
            prices::price_micros.eq(price.0),
            prices::set_by.eq(set_by),
            prices::since.eq(now()),
        ))
        .execute(connection)?;
    Ok(())
}
