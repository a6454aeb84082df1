//! A table of files whose schema is known.

use crate::feed::{ADDRESS, Feed};
use async_trait::async_trait;
use atelier_query::File;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::catalog::{Session, TableProvider};
use datafusion::common::config::CsvOptions;
use datafusion::datasource::TableType;
use datafusion::datasource::listing::PartitionedFile;
use datafusion::datasource::physical_plan::parquet::{CachedParquetFileReaderFactory, ParquetRowSelection};
use datafusion::datasource::physical_plan::{
    CsvSource, FileGroup, FileScanConfigBuilder, FileSource, JsonSource, ParquetSource,
};
use datafusion::datasource::source::DataSourceExec;
use datafusion::error::Result;
use datafusion::execution::object_store::ObjectStoreUrl;
use datafusion::logical_expr::Expr;
use datafusion::parquet::arrow::arrow_reader::{RowSelection, RowSelector};
use datafusion::physical_plan::ExecutionPlan;
use std::sync::Arc;

/// How they are read.
#[derive(Clone, Debug)]
pub enum Reader {
    /// With the rows of each.
    Parquet(Vec<usize>),
    Csv(CsvOptions),
    JsonLines,
}

#[derive(Clone, Debug)]
pub struct Files {
    pub schema: SchemaRef,
    pub reader: Reader,
    pub files: Vec<File>,
    pub feed: Arc<Feed>,
    /// Which rows are read at all, counted through all files.
    part: Option<(usize, usize)>,
}

impl Files {
    pub fn new(schema: SchemaRef, reader: Reader, files: Vec<File>, feed: Arc<Feed>) -> Files {
        Files { schema, reader, files, feed, part: None }
    }

    /// How many rows there are, where the files say so.
    pub fn rows(&self) -> Option<u64> {
        match &self.reader {
            Reader::Parquet(rows) => Some(rows.iter().map(|rows| *rows as u64).sum()),
            Reader::Csv(_) | Reader::JsonLines => None,
        }
    }

    /// The same table with only these rows, whose pages alone are read: possible where the files say what is where.
    pub fn only(&self, offset: usize, limit: usize) -> Option<Files> {
        let known = matches!(self.reader, Reader::Parquet(_));
        known.then(|| Files { part: Some((offset, limit)), ..self.clone() })
    }

    fn source(&self, state: &dyn Session) -> Arc<dyn FileSource> {
        let schema = self.schema.clone();
        match &self.reader {
            Reader::Parquet(_) => {
                let footers = state.runtime_env().cache_manager.get_file_metadata_cache();
                let reader = CachedParquetFileReaderFactory::new(self.feed.clone(), footers);
                let source = ParquetSource::new(schema).with_enable_page_index(true);
                Arc::new(
                    source.with_pushdown_filters(true).with_parquet_file_reader_factory(Arc::new(reader)),
                )
            }
            Reader::Csv(options) => Arc::new(CsvSource::new(schema).with_csv_options(options.clone())),
            Reader::JsonLines => Arc::new(JsonSource::new(schema)),
        }
    }

    /// One group, whose order is that of the rows; what is large is divided where the order is nobody's concern.
    fn group(&self) -> FileGroup {
        let all = self.files.iter().map(|file| PartitionedFile::new_from_meta(Feed::place(file)));
        let (Reader::Parquet(rows), Some((offset, limit))) = (&self.reader, self.part) else {
            return FileGroup::new(all.collect());
        };
        let mut begin = 0;
        let mut group = Vec::new();
        for (file, rows) in all.zip(rows) {
            let from = offset.clamp(begin, begin + rows) - begin;
            let to = offset.saturating_add(limit).clamp(begin, begin + rows) - begin;
            if from < to {
                group.push(file.with_extension(ParquetRowSelection::new(selection(from, to, *rows))));
            }
            begin += rows;
        }
        FileGroup::new(group)
    }
}

/// All rows of a file have to be spoken of.
fn selection(from: usize, to: usize, rows: usize) -> RowSelection {
    let parts = [RowSelector::skip(from), RowSelector::select(to - from), RowSelector::skip(rows - to)];
    RowSelection::from(parts.into_iter().filter(|part| part.row_count > 0).collect::<Vec<_>>())
}

#[async_trait]
impl TableProvider for Files {
    fn schema(&self) -> SchemaRef {
        self.schema.clone()
    }

    fn table_type(&self) -> TableType {
        TableType::Base
    }

    async fn scan(
        &self,
        state: &dyn Session,
        projection: Option<&Vec<usize>>,
        _: &[Expr],
        limit: Option<usize>,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        let config = FileScanConfigBuilder::new(ObjectStoreUrl::parse(ADDRESS)?, self.source(state))
            .with_file_groups(vec![self.group()])
            .with_projection_indices(projection.cloned())?
            .with_limit(limit)
            .build();
        Ok(DataSourceExec::from_data_source(config))
    }
}
