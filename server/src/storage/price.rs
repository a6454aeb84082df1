//! Rows of what storage costs. A price is never changed: a new row holds from then on.

use crate::access::{Access, ReadSpend, UpdateOrganization};
use crate::db::{Connection, new_id, now, schema};
use crate::error::Result;
use crate::organizations::Organization;
use atelier_api::money::Micros;
use atelier_api::storage::StoragePrice;
use diesel::prelude::*;
use schema::storage_prices as prices;

/// All prices of an organization, the oldest first.
pub(super) struct Prices(Vec<(i64, Micros)>);

impl Prices {
    pub(super) fn load(connection: &mut Connection, organization_id: &str) -> Result<Prices> {
        let rows: Vec<(i64, i64)> = prices::table
            .filter(prices::organization_id.eq(organization_id))
            .order((prices::since, prices::id))
            .select((prices::since, prices::price_micros))
            .load(connection)?;
        Ok(Prices(rows.into_iter().map(|(since, price)| (since, Micros(price))).collect()))
    }

    /// The price that held before this moment.
    pub(super) fn before(&self, moment: i64) -> Micros {
        let held = self.0.iter().rev().find(|(since, _)| *since < moment);
        held.map_or(Micros(0), |(_, price)| *price)
    }

    pub(super) fn newest(&self) -> Micros {
        self.before(i64::MAX)
    }
}

/// From now on. The same price again makes no row.
pub(super) fn set(
    connection: &mut Connection,
    access: &Access<Organization, UpdateOrganization>,
    price: Micros,
) -> Result<()> {
    let organization_id = &access.row().id;
    if Prices::load(connection, organization_id)?.newest() == price {
        return Ok(());
    }
    diesel::insert_into(prices::table)
        .values((
            prices::id.eq(new_id()),
            prices::organization_id.eq(organization_id),
            prices::price_micros.eq(price.0),
            prices::set_by.eq(&access.caller().user.id),
            prices::since.eq(now()),
        ))
        .execute(connection)?;
    Ok(())
}

/// Every price that there was, the newest first.
pub(super) fn history(
    connection: &mut Connection,
    access: &Access<Organization, ReadSpend>,
) -> Result<Vec<StoragePrice>> {
    use schema::users;
    let rows: Vec<(i64, i64, String)> = prices::table
        .inner_join(users::table)
        .filter(prices::organization_id.eq(&access.row().id))
        .order((prices::since.desc(), prices::id.desc()))
        .select((prices::price_micros, prices::since, users::name))
        .load(connection)?;
    let to_api = |(price, since, set_by)| StoragePrice { price_per_gb_month: Micros(price), since, set_by };
    Ok(rows.into_iter().map(to_api).collect())
}
