//! The tiers that an organization begins with. Its administrators change them.

use crate::db::{Connection, new_id, now, schema};
use crate::error::Result;
use diesel::prelude::*;

const GIB: i64 = 1 << 30;

/// Name, thousandths of a CPU, bytes of memory, millionths of the currency per hour.
const TIERS: [(&str, i64, i64, i64); 3] =
    [("Mini", 500, GIB, 30_000), ("Small", 2_000, 4 * GIB, 120_000), ("Medium", 4_000, 16 * GIB, 400_000)];

pub(super) fn insert(connection: &mut Connection, organization_id: &str, set_by: &str) -> Result<()> {
    use schema::{tier_prices as prices, tiers};
    for (name, cpu_milli, memory_bytes, price_micros) in TIERS {
        let (id, now) = (new_id(), now());
        diesel::insert_into(tiers::table)
            .values((
                tiers::id.eq(&id),
                tiers::organization_id.eq(organization_id),
                tiers::name.eq(name),
                tiers::cpu_milli.eq(cpu_milli),
                tiers::memory_bytes.eq(memory_bytes),
                tiers::created_at.eq(now),
            ))
            .execute(connection)?;
        diesel::insert_into(prices::table)
            .values((
                prices::id.eq(new_id()),
                prices::tier_id.eq(&id),
                prices::price_micros.eq(price_micros),
                prices::set_by.eq(set_by),
                prices::since.eq(now),
            ))
            .execute(connection)?;
    }
    Ok(())
}
