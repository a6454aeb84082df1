//! Some rows of one table.

use crate::engine::Engine;
use crate::fault::{Fault, wrong};
use crate::open::open;
use crate::shown;
use atelier_api::table::{Condition, Rows, Test};
use atelier_query::{Part, Table};
use datafusion::arrow::datatypes::{DataType, Schema};
use datafusion::common::{Column, ScalarValue};
use datafusion::functions::string::expr_fn::{contains, lower};
use datafusion::logical_expr::{Expr, lit};
use std::sync::Arc;

/// # Errors
/// If the table cannot be read, or has no such columns.
pub async fn rows(engine: &Engine, table: &Table, part: &Part) -> Result<Rows, Fault> {
    let plain = part.order.is_none() && part.conditions.is_empty();
    let context = engine.context(part.order.is_none());
    let files = open(engine, &context, table).await?;
    let (offset, limit) = (part.offset as usize, part.limit as usize);
    let total = files.rows().filter(|_| part.conditions.is_empty());
    // One more than is given tells whether more follow.
    if plain && let Some(only) = files.only(offset, limit + 1) {
        let stream = context.read_table(Arc::new(only))?.execute_stream().await?;
        return Ok(Rows { total, ..shown::rows(stream, limit).await? });
    }
    let schema = files.schema.clone();
    let mut frame = context.read_table(Arc::new(files))?;
    for condition in &part.conditions {
        frame = frame.filter(expression(&schema, condition)?)?;
    }
    if let Some(order) = &part.order {
        field(&schema, order)?;
        // By all others after it: pages of what is equal must not overlap.
        let others =
            schema.fields().iter().filter(|field| field.name() != order && !field.data_type().is_nested());
        let others = others.map(|field| column(field.name()).sort(true, false));
        let first = column(order).sort(!part.descending, false);
        frame = frame.sort(std::iter::once(first).chain(others).collect())?;
    }
    let stream = frame.limit(offset, Some(limit + 1))?.execute_stream().await?;
    Ok(Rows { total, ..shown::rows(stream, limit).await? })
}

/// By its name as it is: neither parsed nor folded.
fn column(name: &str) -> Expr {
    Expr::Column(Column::new_unqualified(name))
}

fn field<'a>(schema: &'a Schema, name: &str) -> Result<&'a DataType, Fault> {
    let field = schema.field_with_name(name);
    Ok(field.map_err(|_| wrong(format!("There is no column “{name}”.")))?.data_type())
}

fn expression(schema: &Schema, condition: &Condition) -> Result<Expr, Fault> {
    let data_type = field(schema, &condition.column)?;
    let column = column(&condition.column);
    let value = || {
        let text = ScalarValue::from(condition.value.as_str());
        let refused =
            |_| wrong(format!("“{}” is no value of column “{}”.", condition.value, condition.column));
        text.cast_to(data_type).map(lit).map_err(refused)
    };
    let compared = match condition.test {
        Test::Equals => column.eq(value()?),
        Test::Differs => column.not_eq(value()?),
        Test::Less => column.lt(value()?),
        Test::AtMost => column.lt_eq(value()?),
        Test::More => column.gt(value()?),
        Test::AtLeast => column.gt_eq(value()?),
        Test::Contains => {
            let text = Expr::Cast(datafusion::logical_expr::Cast::new(Box::new(column), DataType::Utf8));
            contains(lower(text), lit(condition.value.to_lowercase()))
        }
        Test::Missing => column.is_null(),
        Test::Present => column.is_not_null(),
    };
    Ok(compared)
}
