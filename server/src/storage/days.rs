//! Rows of the ledger of storage, read.

use super::clock;
use crate::db::{Connection, schema};
use crate::error::Result;
use atelier_api::money::Micros;
use atelier_api::storage::StorageDay;
use diesel::prelude::*;
use schema::storage_days as days;

/// Which rows.
#[derive(Clone, Debug, Default)]
pub struct Days {
    pub organization_id: String,
    pub project_id: Option<String>,
    /// Only days that begin in `from..to`, in milliseconds.
    pub from: i64,
    pub to: i64,
}

#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = schema::storage_days)]
pub struct Day {
    pub project_id: String,
    day: i64,
    pub project_slug: String,
    pub project_name: String,
    pub bytes: i64,
    price_micros: i64,
    cost_micros: i64,
}

impl Day {
    /// Midnight UTC, when it began.
    pub fn begins(&self) -> i64 {
        clock::begins(self.day)
    }

    /// And when the next one did.
    pub fn ends(&self) -> i64 {
        clock::begins(self.day + 1)
    }

    pub fn cost(&self) -> Micros {
        Micros(self.cost_micros)
    }

    pub fn to_api(&self) -> StorageDay {
        StorageDay {
            project: self.project_id.clone(),
            project_slug: self.project_slug.clone(),
            project_name: self.project_name.clone(),
            day: self.begins(),
            bytes: self.bytes,
            price_per_gb_month: Micros(self.price_micros),
            cost: self.cost(),
        }
    }
}

/// The newest first, then by project.
pub fn load(connection: &mut Connection, which: &Days) -> Result<Vec<Day>> {
    let mut query = days::table
        .filter(days::organization_id.eq(&which.organization_id))
        .filter(days::day.ge(clock::day_of(which.from)))
        .filter(days::day.lt(clock::day_of(which.to)))
        .order((days::day.desc(), days::project_id))
        .select(Day::as_select())
        .into_boxed();
    if let Some(project_id) = &which.project_id {
        query = query.filter(days::project_id.eq(project_id));
    }
    Ok(query.load(connection)?)
}
