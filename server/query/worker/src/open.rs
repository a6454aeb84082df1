//! From a table as it is asked for to one that can be read: what columns it has.

use crate::csv;
use crate::engine::Engine;
use crate::fault::{Fault, broken};
use crate::feed::Feed;
use crate::files::{Files, Reader};
use atelier_query::{File, Format, Table};
use bytes::Bytes;
use datafusion::arrow::datatypes::{Schema, SchemaRef};
use datafusion::arrow::json::reader::infer_json_schema;
use datafusion::datasource::physical_plan::parquet::metadata::DFParquetMetadata;
use datafusion::prelude::SessionContext;
use object_store::ObjectStoreExt;
use std::io::Cursor;
use std::sync::Arc;

/// What is looked at of a text to tell its columns.
const SAMPLE: u64 = 1 << 20;

/// # Errors
/// If a file is not what its name says, or cannot be read.
pub async fn open(engine: &Engine, context: &SessionContext, table: &Table) -> Result<Files, Fault> {
    let first = table.files.first().ok_or_else(|| broken("The table has no files."))?;
    let (schema, reader) = match table.format {
        Format::Parquet => {
            let mut schemas = Vec::new();
            let mut rows = Vec::new();
            let footers = context.runtime_env().cache_manager.get_file_metadata_cache();
            for file in &table.files {
                let place = Feed::place(file);
                let about = DFParquetMetadata::new(engine.feed.as_ref(), &place);
                let about = about.with_file_metadata_cache(Some(footers.clone()));
                rows.push(
                    usize::try_from(about.fetch_metadata().await?.file_metadata().num_rows()).unwrap_or(0),
                );
                schemas.push(about.fetch_schema().await?);
            }
            (Arc::new(Schema::try_merge(schemas)?), Reader::Parquet(rows))
        }
        Format::Csv => {
            let sniffed = csv::sniff(&sample(engine, first).await?)?;
            (sniffed.schema, Reader::Csv(sniffed.options))
        }
        Format::JsonLines => {
            let sample = sample(engine, first).await?;
            let (schema, _) = infer_json_schema(Cursor::new(sample), None)?;
            (SchemaRef::new(schema), Reader::JsonLines)
        }
    };
    if schema.fields().is_empty() {
        return Err(broken("The file has no columns."));
    }
    Ok(Files::new(schema, reader, table.files.clone(), engine.feed.clone()))
}

/// The first whole lines.
async fn sample(engine: &Engine, file: &File) -> Result<Bytes, Fault> {
    if file.bytes == 0 {
        return Err(broken("The file is empty."));
    }
    let sample = engine.feed.get_range(&Feed::place(file).location, 0..file.bytes.min(SAMPLE)).await?;
    if file.bytes <= SAMPLE {
        return Ok(sample);
    }
    match sample.iter().rposition(|byte| *byte == b'\n') {
        Some(end) => Ok(sample.slice(..=end)),
        None => Err(broken("The first line is longer than a megabyte: this is no table.")),
    }
}
