//! Rows of such things: one table for each type, all with the same columns.

use super::row::Row;
use crate::db::{Connection, now, schema};
use crate::error::{Error, Result, is_unique_violation};
use diesel::prelude::*;

/// The columns that are read.
#[derive(Clone, Debug, Queryable)]
pub struct Columns {
    pub id: String,
    pub project_id: String,
    pub slug: String,
    pub name: String,
    pub description: String,
    pub created_by: String,
    pub created_at: i64,
    pub trashed_at: Option<i64>,
}

/// [`Columns`] of a table in a query.
macro_rules! columns {
    ($t:ident) => {
        (
            $t::id,
            $t::project_id,
            $t::slug,
            $t::name,
            $t::description,
            $t::created_by,
            $t::created_at,
            $t::trashed_at,
        )
    };
}
pub(crate) use columns;

/// What is asked of one of the tables. Whose rows they are is for the caller to know.
pub trait Table: 'static {
    /// The one of this word, unless the trash has forgotten it.
    fn find(connection: &mut Connection, project_id: &str, slug: &str) -> Result<Option<Row>>;

    fn get(connection: &mut Connection, id: &str) -> Result<Row>;

    /// Those of a project that are in the trash, or those that are not.
    fn list(connection: &mut Connection, project_id: &str, trashed: bool) -> Result<Vec<Row>>;

    /// The words of a project that begin so; those in the trash keep theirs.
    fn words(connection: &mut Connection, project_id: &str, beginning: &str) -> Result<Vec<String>>;

    /// # Errors
    /// A collision, after which the transaction begins anew, if the word was taken meanwhile.
    fn insert(connection: &mut Connection, row: &Row) -> Result<()>;

    fn describe(
        connection: &mut Connection,
        id: &str,
        name: Option<&str>,
        description: Option<&str>,
    ) -> Result<()>;

    /// Into the trash, or out of it; `false` if the trash has forgotten it.
    fn set_trashed(connection: &mut Connection, id: &str, at: Option<i64>) -> Result<bool>;

    /// Since when it is in the trash; nothing if it is gone, or its project is.
    fn trashed_at(connection: &mut Connection, id: &str) -> Result<Option<Option<i64>>>;

    /// Id and project of those that went into the trash by then, or whose project was deleted by then.
    fn due(connection: &mut Connection, trashed_by: i64) -> Result<Vec<(String, String)>>;

    /// The row stays, its word becomes free.
    fn forget(connection: &mut Connection, id: &str) -> Result<()>;
}

macro_rules! tables {
    ($($table:ident),+) => { $(
        impl Table for schema::$table::table {
            fn find(connection: &mut Connection, project_id: &str, slug: &str) -> Result<Option<Row>> {
                use schema::$table::dsl as t;
                let here = t::$table.filter(t::project_id.eq(project_id)).filter(t::removed_at.is_null());
                let here = here.filter(t::slug.eq(slug)).select(columns!(t));
                Ok(here.first::<Columns>(connection).optional()?.map(Row::from))
            }

            fn get(connection: &mut Connection, id: &str) -> Result<Row> {
                use schema::$table::dsl as t;
                Ok(t::$table.find(id).select(columns!(t)).first::<Columns>(connection)?.into())
            }

            fn list(connection: &mut Connection, project_id: &str, trashed: bool) -> Result<Vec<Row>> {
                use schema::$table::dsl as t;
                let here = t::$table.filter(t::project_id.eq(project_id)).filter(t::removed_at.is_null());
                let here = here.filter(t::trashed_at.is_not_null().eq(trashed));
                let rows: Vec<Columns> = here.select(columns!(t)).load(connection)?;
                Ok(rows.into_iter().map(Row::from).collect())
            }

            fn words(connection: &mut Connection, project_id: &str, beginning: &str) -> Result<Vec<String>> {
                use schema::$table::dsl as t;
                let here = t::$table.filter(t::project_id.eq(project_id));
                Ok(here.filter(t::slug.like(format!("{beginning}%"))).select(t::slug).load(connection)?)
            }

            fn insert(connection: &mut Connection, row: &Row) -> Result<()> {
                use schema::$table::dsl as t;
                diesel::insert_into(t::$table)
                    .values((
                        t::id.eq(&row.id),
                        t::project_id.eq(&row.project_id),
                        t::slug.eq(&row.slug),
                        t::name.eq(&row.name),
                        t::description.eq(&row.description),
                        t::created_by.eq(&row.created_by),
                        t::created_at.eq(row.created_at),
                    ))
                    .execute(connection)
                    .map_err(|error| match is_unique_violation(&error) {
                        true => Error::collision(error),
                        false => error.into(),
                    })?;
                Ok(())
            }

            fn describe(
                connection: &mut Connection,
                id: &str,
                name: Option<&str>,
                description: Option<&str>,
            ) -> Result<()> {
                use schema::$table::dsl as t;
                if let Some(name) = name {
                    diesel::update(t::$table.find(id)).set(t::name.eq(name)).execute(connection)?;
                }
                if let Some(text) = description {
                    diesel::update(t::$table.find(id)).set(t::description.eq(text)).execute(connection)?;
                }
                Ok(())
            }

            fn set_trashed(connection: &mut Connection, id: &str, at: Option<i64>) -> Result<bool> {
                use schema::$table::dsl as t;
                let here = t::$table.find(id).filter(t::removed_at.is_null());
                Ok(diesel::update(here).set(t::trashed_at.eq(at)).execute(connection)? > 0)
            }

            fn trashed_at(connection: &mut Connection, id: &str) -> Result<Option<Option<i64>>> {
                use schema::{$table::dsl as t, projects};
                Ok(t::$table
                    .inner_join(projects::table)
                    .filter(t::id.eq(id))
                    .filter(t::removed_at.is_null())
                    .filter(projects::deleted_at.is_null())
                    .select(t::trashed_at)
                    .first(connection)
                    .optional()?)
            }

            fn due(connection: &mut Connection, trashed_by: i64) -> Result<Vec<(String, String)>> {
                use schema::{$table::dsl as t, projects};
                Ok(t::$table
                    .inner_join(projects::table)
                    .filter(t::removed_at.is_null())
                    .filter(t::trashed_at.le(trashed_by).or(projects::deleted_at.le(trashed_by)))
                    .select((t::id, t::project_id))
                    .load(connection)?)
            }

            fn forget(connection: &mut Connection, id: &str) -> Result<()> {
                use schema::$table::dsl as t;
                let slug: String = t::$table.find(id).select(t::slug).first(connection)?;
                diesel::update(t::$table.find(id))
                    .set((t::removed_at.eq(now()), t::slug.eq(format!("{slug}~{id}"))))
                    .execute(connection)?;
                Ok(())
            }
        }
    )+ };
}

tables!(datasets, models);
