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
use futures::{StreamExt, stream};
use object_store::ObjectStoreExt;
use std::io::Cursor;
use std::sync::Arc;

/// What is looked at of a text to tell its columns.
const SAMPLE: u64 = 1 << 20;
/// The longest first line of several files.
const LINE: u64 = 64 << 10;
/// Files that are looked at together.
const AT_ONCE: usize = 16;

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
                // What else it says, as how many rows pandas had, differs from file to file.
                let schema = about.fetch_schema().await?;
                schemas.push(Schema::new(schema.fields().clone()));
            }
            (Arc::new(Schema::try_merge(schemas)?), Reader::Parquet(rows))
        }
        Format::Csv => {
            let sample = sample(engine, first).await?;
            alike(engine, table, csv::first_line(&sample)).await?;
            let sniffed = csv::sniff(&sample)?;
            (sniffed.schema, Reader::Csv(sniffed.options))
        }
        Format::JsonLines => {
            let sample = sample(engine, first).await?;
            let (schema, _) = infer_json_schema(Cursor::new(sample), None)?;
            (SchemaRef::new(csv::with_texts(&schema)), Reader::JsonLines)
        }
    };
    if schema.fields().is_empty() {
        return Err(broken("The file has no columns."));
    }
    Ok(Files::new(schema, reader, table.files.clone(), engine.feed.clone()))
}

/// Whether all files begin with the same line, by which the columns of all are told.
async fn alike(engine: &Engine, table: &Table, line: &[u8]) -> Result<(), Fault> {
    // An empty file has no line, and no rows.
    let others = table.files.iter().enumerate().skip(1).filter(|(_, file)| file.bytes > 0);
    let others: Vec<_> =
        others.map(|(index, file)| (index, Feed::place(file).location, file.bytes.min(LINE))).collect();
    let feed = engine.feed.clone();
    let begins = others.into_iter().map(move |(index, place, bytes)| {
        let feed = feed.clone();
        async move { (index, feed.get_range(&place, 0..bytes).await) }
    });
    let mut others = stream::iter(begins).buffered(AT_ONCE);
    while let Some((index, begin)) = others.next().await {
        if csv::first_line(&begin?) != line {
            return Err(broken(format!("File {} has other columns than the first.", index + 1)));
        }
    }
    Ok(())
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
    match csv::last_line_end(&sample) {
        Some(end) => Ok(sample.slice(..=end)),
        None => Err(broken("The first line is longer than a megabyte: this is no table.")),
    }
}
