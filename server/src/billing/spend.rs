//! Sums over the ledger.

use super::month::{DAY_MS, Period, midnight};
use super::rows::{self, Row, Selection};
use crate::db::{Connection, schema};
use crate::error::Result;
use crate::storage::{self, Day};
use atelier_api::billing::{DaySpend, MySpend, PersonSpend, ProjectSpend, SpendReport};
use atelier_api::money::Micros;
use diesel::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// What a person has spent in an organization since the first of the month, with what runs now.
pub fn spent_this_month(
    connection: &mut Connection,
    organization_id: &str,
    user_id: &str,
    now: i64,
) -> Result<Micros> {
    let month = Period::at(now)?;
    let which = Selection {
        organization_id: organization_id.to_owned(),
        user_id: Some(user_id.to_owned()),
        project_id: None,
        from: month.from,
        to: month.to,
    };
    Ok(rows::load(connection, &which, now)?.iter().map(|row| row.cost_in(month.from, month.to)).sum())
}

/// What each project of an organization has cost since the first of the month.
pub fn per_project_this_month(
    connection: &mut Connection,
    organization_id: &str,
    now: i64,
) -> Result<HashMap<String, Micros>> {
    let month = Period::at(now)?;
    let which = Selection {
        organization_id: organization_id.to_owned(),
        from: month.from,
        to: month.to,
        ..Selection::default()
    };
    let mut sums: HashMap<String, Micros> = HashMap::new();
    for row in rows::load(connection, &which, now)? {
        let cost = row.cost_in(month.from, month.to);
        *sums.entry(row.segment.project_id).or_default() += cost;
    }
    for day in storage::days(connection, &which.days())? {
        let cost = day.cost();
        *sums.entry(day.project_id).or_default() += cost;
    }
    Ok(sums)
}

pub(super) fn mine(
    connection: &mut Connection,
    organization_id: &str,
    user_id: &str,
    now: i64,
) -> Result<MySpend> {
    use schema::organization_members as members;
    let month = Period::at(now)?;
    let which = Selection {
        organization_id: organization_id.to_owned(),
        user_id: Some(user_id.to_owned()),
        project_id: None,
        from: month.from,
        to: month.to,
    };
    let rows = rows::load(connection, &which, now)?;
    let limit: Option<i64> = members::table
        .find((organization_id, user_id))
        .select(members::monthly_limit_micros)
        .first(connection)
        .optional()?
        .flatten();
    let (running, per_hour) = rate(&rows);
    Ok(MySpend {
        today: rows.iter().map(|row| row.cost_in(midnight(now), i64::MAX)).sum(),
        month: rows.iter().map(|row| row.cost_in(month.from, month.to)).sum(),
        running,
        per_hour,
        monthly_limit: limit.map(Micros),
        at: now,
    })
}

/// How many containers run and what they cost per hour together.
fn rate(rows: &[Row]) -> (i64, Micros) {
    let running: Vec<&Row> = rows.iter().filter(|row| row.open && row.started_at.is_some()).collect();
    let per_hour = running.iter().map(|row| Micros(row.segment.price_micros)).sum();
    (i64::try_from(running.len()).unwrap_or(i64::MAX), per_hour)
}

/// The report over the selected rows of a month.
pub(super) fn report(
    connection: &mut Connection,
    which: &Selection,
    month: &Period,
    now: i64,
) -> Result<SpendReport> {
    let rows = rows::load(connection, which, now)?;
    // Storage is nobody's in particular.
    let days = match which.user_id {
        None => storage::days(connection, &which.days())?,
        Some(_) => Vec::new(),
    };
    let (running, per_hour) = rate(&rows);
    let storage: Micros = days.iter().map(Day::cost).sum();
    Ok(SpendReport {
        month: month.name.clone(),
        total: rows.iter().map(|row| row.cost_in(month.from, month.to)).sum::<Micros>() + storage,
        storage,
        running,
        per_hour,
        by_person: by_person(connection, which, &rows, month)?,
        by_project: by_project(connection, &rows, &days, month)?,
        by_day: by_day(&rows, &days, month, now),
        at: now,
    })
}

fn by_person(
    connection: &mut Connection,
    which: &Selection,
    rows: &[Row],
    month: &Period,
) -> Result<Vec<PersonSpend>> {
    use schema::organization_members as members;
    let limits: HashMap<String, Option<i64>> = members::table
        .filter(members::organization_id.eq(&which.organization_id))
        .select((members::user_id, members::monthly_limit_micros))
        .load::<(String, Option<i64>)>(connection)?
        .into_iter()
        .collect();
    let mut people: BTreeMap<&str, PersonSpend> = BTreeMap::new();
    for row in rows {
        let segment = &row.segment;
        let sum = people.entry(&segment.user_id).or_insert_with(|| PersonSpend {
            person: segment.user_id.clone(),
            name: segment.user_name.clone(),
            email: segment.user_email.clone(),
            total: Micros(0),
            milliseconds: 0,
            monthly_limit: limits.get(&segment.user_id).copied().flatten().map(Micros),
        });
        sum.total += row.cost_in(month.from, month.to);
        sum.milliseconds += row.milliseconds_in(month.from, month.to);
    }
    let mut people: Vec<PersonSpend> = people.into_values().collect();
    people.sort_by_key(|person| std::cmp::Reverse(person.total));
    Ok(people)
}

fn by_project(
    connection: &mut Connection,
    rows: &[Row],
    days: &[Day],
    month: &Period,
) -> Result<Vec<ProjectSpend>> {
    use schema::projects;
    let mut sums: BTreeMap<&str, ProjectSpend> = BTreeMap::new();
    let nothing = |id: &str, name: &str| ProjectSpend {
        project: id.to_owned(),
        slug: None,
        name: name.to_owned(),
        deleted: true,
        total: Micros(0),
        milliseconds: 0,
    };
    for day in days.iter().filter(|day| day.cost() > Micros(0)) {
        let (id, name) = (day.project_id.as_str(), &day.project_name);
        sums.entry(id).or_insert_with(|| nothing(id, name)).total += day.cost();
    }
    for row in rows {
        let segment = &row.segment;
        let (id, name) = (segment.project_id.as_str(), &segment.project_name);
        let sum = sums.entry(id).or_insert_with(|| nothing(id, name));
        sum.total += row.cost_in(month.from, month.to);
        sum.milliseconds += row.milliseconds_in(month.from, month.to);
    }
    let alive: HashMap<String, (String, String)> = projects::table
        .filter(projects::id.eq_any(sums.keys().copied()))
        .filter(projects::deleted_at.is_null())
        .select((projects::id, (projects::slug, projects::name)))
        .load::<(String, (String, String))>(connection)?
        .into_iter()
        .collect();
    let mut sums: Vec<ProjectSpend> = sums
        .into_values()
        .map(|sum| match alive.get(&sum.project) {
            Some((slug, name)) => {
                ProjectSpend { slug: Some(slug.clone()), name: name.clone(), deleted: false, ..sum }
            }
            None => sum,
        })
        .collect();
    sums.sort_by_key(|project| std::cmp::Reverse(project.total));
    Ok(sums)
}

fn by_day(rows: &[Row], stored: &[Day], month: &Period, now: i64) -> Vec<DaySpend> {
    let mut days = Vec::new();
    let mut day = month.from;
    while day < month.to.min(now) {
        let ran: Micros = rows.iter().map(|row| row.cost_in(day, day + DAY_MS)).sum();
        let stored = stored.iter().filter(|stored| stored.begins() == day).map(Day::cost).sum();
        days.push(DaySpend { day, total: ran + stored });
        day += DAY_MS;
    }
    days
}
