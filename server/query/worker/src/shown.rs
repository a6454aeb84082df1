//! Values as text, for people.

use crate::fault::Fault;
use atelier_api::table::{Column, ColumnKind, MOST_CHARACTERS, Rows};
use datafusion::arrow::datatypes::{DataType, Schema};
use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::execution::SendableRecordBatchStream;
use futures::TryStreamExt;

/// Bytes of one answer, beyond which rows are left for the next.
const MOST_BYTES: usize = 8 << 20;
/// What each takes beside its text.
const OF_A_VALUE: usize = 8;

pub fn columns(schema: &Schema) -> Vec<Column> {
    let column = |field: &datafusion::arrow::datatypes::FieldRef| Column {
        name: field.name().clone(),
        kind: kind(field.data_type()),
        data_type: field.data_type().to_string(),
    };
    schema.fields().iter().map(column).collect()
}

fn kind(data_type: &DataType) -> ColumnKind {
    use DataType as T;
    match data_type {
        T::Dictionary(_, values) => kind(values),
        T::Boolean => ColumnKind::Truth,
        T::Utf8 | T::LargeUtf8 | T::Utf8View => ColumnKind::Text,
        T::Timestamp(..) | T::Date32 | T::Date64 | T::Time32(_) | T::Time64(_) => ColumnKind::Time,
        numeric if numeric.is_numeric() => ColumnKind::Number,
        _ => ColumnKind::Other,
    }
}

/// The first `limit` rows, as many as fit into an answer.
///
/// # Errors
/// If the rows cannot be computed.
pub async fn rows(mut stream: SendableRecordBatchStream, limit: usize) -> Result<Rows, Fault> {
    let columns = columns(&stream.schema());
    let (mut rows, mut bytes) = (Vec::new(), 0);
    let format = FormatOptions::new().with_display_error(true);
    while let Some(batch) = stream.try_next().await? {
        let cells = batch.columns().iter().map(|column| ArrayFormatter::try_new(column.as_ref(), &format));
        let cells = cells.collect::<Result<Vec<_>, _>>()?;
        let nulls: Vec<_> = batch.columns().iter().map(|column| column.logical_nulls()).collect();
        for row in 0..batch.num_rows() {
            if rows.len() == limit || bytes > MOST_BYTES {
                return Ok(Rows { columns, rows, more: true, total: None });
            }
            let values = nulls.iter().zip(&cells).map(|(nulls, cell)| {
                let there = nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row));
                there.then(|| cut(cell.value(row).to_string()))
            });
            let values: Vec<Option<String>> = values.collect();
            bytes +=
                values.iter().map(|value| OF_A_VALUE + value.as_ref().map_or(0, String::len)).sum::<usize>();
            rows.push(values);
        }
    }
    Ok(Rows { columns, rows, more: false, total: None })
}

fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MOST_CHARACTERS) {
        text.truncate(end);
        text.push('…');
    }
    text
}
