//! Questions in SQL: one `SELECT`, over the tables that it was given.

use crate::engine::Engine;
use crate::fault::{Fault, wrong};
use crate::open::open;
use atelier_query::{Names, Table};
use datafusion::common::TableReference;
use datafusion::common::config::Dialect;
use datafusion::dataframe::DataFrame;
use datafusion::execution::SessionState;
use datafusion::execution::context::SQLOptions;
use datafusion::sql::parser::Statement;
use datafusion::sql::sqlparser::ast::Statement as Sql;
use std::sync::Arc;

/// The names of the tables that a text reads. More than these it cannot see.
///
/// # Errors
/// If it is no query.
pub fn names(engine: &Engine, sql: &str) -> Result<Names, Fault> {
    let state = engine.context(false).state();
    let references = state.resolve_table_references(&parse(&state, sql)?)?;
    let mut names = Vec::new();
    for reference in references {
        match reference {
            TableReference::Bare { table } => names.push(table.to_string()),
            other => {
                return Err(wrong(format!(
                    "There is no table “{other}”. Put a name with a dot in double quotes: \"{other}\"."
                )));
            }
        }
    }
    Ok(Names { names })
}

/// # Errors
/// If it is no query, or reads what it was not given.
pub async fn plan(engine: &Engine, sql: &str, tables: &[Table]) -> Result<DataFrame, Fault> {
    let context = engine.context(false);
    for table in tables {
        let files = open(engine, &context, table).await?;
        context.register_table(TableReference::bare(table.name.as_str()), Arc::new(files))?;
    }
    let state = context.state();
    let plan = state.statement_to_plan(parse(&state, sql)?).await?;
    let only_read =
        SQLOptions::new().with_allow_ddl(false).with_allow_dml(false).with_allow_statements(false);
    only_read.verify_plan(&plan)?;
    Ok(context.execute_logical_plan(plan).await?)
}

/// `EXPLAIN` and the like are refused with the rest: they tell what is none of the asker's business.
fn parse(state: &SessionState, sql: &str) -> Result<Statement, Fault> {
    let statement = state.sql_to_statement(sql, &Dialect::Generic)?;
    match &statement {
        Statement::Statement(inner) if matches!(**inner, Sql::Query(_)) => Ok(statement),
        _ => Err(wrong("Only a query is run: a SELECT, perhaps with WITH before it.")),
    }
}
