//! The ledger of storage. Acts for nobody: called before what a project stores changes, and every minute for those
//! where nothing does.

use super::price::Prices;
use super::usage::{self, Usage};
use super::{clock, cost};
use crate::app::App;
use crate::billing::month_days;
use crate::db::{Connection, now, schema};
use crate::error::{Error, Result, is_unique_violation};
use crate::events::Change;
use actix_web::web;
use diesel::prelude::*;
use schema::{project_storage as storage, projects, storage_days as days};
use std::time::Duration;
use tokio::time::MissedTickBehavior;

const EVERY: Duration = Duration::from_secs(60);

/// Runs until the server ends, on one server at a time.
pub async fn bill_regularly(app: web::Data<App>) {
    let mut tick = tokio::time::interval(EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        app.workloads.lease().gained().await;
        if let Err(error) = bill_all(&app).await {
            tracing::warn!(%error, "storage could not be billed");
        }
    }
}

async fn bill_all(app: &App) -> Result<()> {
    let today = clock::today();
    for (project, organization_id) in app.db.read(move |connection| due(connection, today)).await? {
        app.db
            .admit(move |connection| match usage::load(connection, &project)? {
                Some(usage) => close(connection, &usage, today),
                None => Ok(()),
            })
            .await?;
        // Nobody's own spending.
        app.events.tell(Change::Spend { organization_id, user_id: String::new() });
    }
    Ok(())
}

/// Projects, with their organizations, that have a day which is over and not billed.
fn due(connection: &mut Connection, today: i64) -> Result<Vec<(String, String)>> {
    Ok(storage::table
        .inner_join(projects::table)
        .filter(storage::billed_through.lt(today - 1))
        .select((storage::project_id, projects::organization_id))
        .load(connection)?)
}

/// Bills each day before `today` that is not billed yet by what is stored now, as nothing has changed it since:
/// whatever does calls this first. So days on which no server ran cost what was there all the time.
pub(super) fn close(connection: &mut Connection, usage: &Usage, today: i64) -> Result<()> {
    let unbilled = usage.billed_through + 1..today;
    if unbilled.is_empty() {
        return Ok(());
    }
    let bytes = usage.stored();
    if bytes > 0 {
        let (organization_id, slug, name): (String, String, String) = projects::table
            .find(&usage.project_id)
            .select((projects::organization_id, projects::slug, projects::name))
            .first(connection)?;
        // What is added to the word of a deleted project is no part of it.
        let slug = slug.split('~').next().unwrap_or_default();
        let prices = Prices::load(connection, &organization_id)?;
        for day in unbilled {
            let price = prices.before(clock::begins(day + 1));
            let month_days = month_days(clock::begins(day))?;
            diesel::insert_into(days::table)
                .values((
                    days::project_id.eq(&usage.project_id),
                    days::day.eq(day),
                    days::organization_id.eq(&organization_id),
                    days::project_slug.eq(slug),
                    days::project_name.eq(&name),
                    days::bytes.eq(bytes),
                    days::price_micros.eq(price.0),
                    days::month_days.eq(month_days),
                    days::cost_micros.eq(cost::of_day(bytes, price, month_days).0),
                    days::billed_at.eq(now()),
                ))
                .execute(connection)
                // Another server bills the same day at this moment.
                .map_err(|error| match is_unique_violation(&error) {
                    true => Error::collision(error),
                    false => error.into(),
                })?;
        }
    }
    diesel::update(storage::table.find(&usage.project_id))
        .set(storage::billed_through.eq(today - 1))
        .execute(connection)?;
    Ok(())
}
