//! DataFusion, with nothing in it that a query of a person could abuse.

use crate::feed::{Feed, OnlyFeed};
use datafusion::error::Result;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::runtime_env::{RuntimeEnv, RuntimeEnvBuilder};
use datafusion::execution::{SessionStateBuilder, SessionStateDefaults};
use datafusion::logical_expr::ScalarUDF;
use datafusion::prelude::{SessionConfig, SessionContext};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;

/// Of the memory, in hundredths: the rest is what the pool does not count.
const FOR_ROWS: u64 = 70;
/// For the ends of Parquet files, which say where what is.
const FOOTERS: usize = 64 << 20;
/// Those who take most are named when nothing is left.
const NAMED: NonZeroUsize = NonZeroUsize::MIN;
/// Functions that tell of the platform instead of the data, or of where files are.
const DENIED: [&str; 6] =
    ["arrow_field", "arrow_metadata", "file_row_index", "input_file_name", "version", "with_metadata"];

/// What all queries of this worker share.
pub struct Engine {
    runtime: Arc<RuntimeEnv>,
    functions: Vec<Arc<ScalarUDF>>,
    pub feed: Arc<Feed>,
}

impl Engine {
    pub fn new(spill: &Path, memory_bytes: u64, spill_bytes: u64, feed: Feed) -> Result<Engine> {
        let pool = FairSpillPool::new((memory_bytes / 100 * FOR_ROWS) as usize);
        let feed = Arc::new(feed);
        let spill = DiskManagerBuilder::default()
            .with_mode(DiskManagerMode::Directories(vec![spill.to_owned()]))
            .with_max_temp_directory_size(spill_bytes);
        let runtime = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(TrackConsumersPool::new(pool, NAMED)))
            .with_disk_manager_builder(spill)
            .with_metadata_cache_limit(FOOTERS)
            .with_object_store_registry(Arc::new(OnlyFeed(feed.clone())))
            .build_arc()?;
        let mut functions = SessionStateDefaults::default_scalar_functions();
        functions.retain(|function| !DENIED.contains(&function.name()));
        Ok(Engine { runtime, functions, feed })
    }

    /// For one query: it knows those tables only that are registered with it.
    ///
    /// `in_order`: rows come as they are in the files.
    pub fn context(&self, in_order: bool) -> SessionContext {
        let mut config = SessionConfig::new().with_information_schema(false);
        if in_order {
            config = config.with_target_partitions(1);
        }
        let options = config.options_mut();
        options.execution.parquet.pushdown_filters = true;
        options.execution.enable_recursive_ctes = false;
        options.execution.time_zone = Some("UTC".to_owned());
        let state = SessionStateBuilder::new()
            .with_config(config)
            .with_runtime_env(self.runtime.clone())
            .with_expr_planners(SessionStateDefaults::default_expr_planners())
            .with_scalar_functions(self.functions.clone())
            .with_higher_order_functions(SessionStateDefaults::default_higher_order_functions())
            .with_aggregate_functions(SessionStateDefaults::default_aggregate_functions())
            .with_window_functions(SessionStateDefaults::default_window_functions())
            .build();
        SessionContext::new_with_state(state)
    }
}
