//! Environments: what a session's container holds. Defined by files, built here, used by digest.

mod build;
pub mod by_hand;
mod definition;
mod log;
mod make;
mod prepare;
mod routes;
pub mod store;

pub use definition::{Definition, Tool};
pub use make::BUILD;
pub use prepare::{follow_others, prepare_all, repair};
pub use routes::routes;

use crate::app::App;
use actix_web::web::Data;
use atelier_api as api;
use atelier_api::environment::EnvironmentState;
use build::Running;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use store::{EnvironmentRow, Shown};

/// The definitions, and the builds of this server.
#[derive(Clone)]
pub struct Environments(Arc<Inner>);

struct Inner {
    definitions: BTreeMap<String, Arc<Definition>>,
    builds: Mutex<HashMap<String, Running>>,
}

/// The network of builds, by the name that a project would have.
pub fn network(installation: &str) -> String {
    format!("build-{installation}")
}

impl Environments {
    /// # Errors
    /// If a definition is wrong.
    pub fn new(folder: Option<&Path>) -> anyhow::Result<Environments> {
        let definitions = definition::all(folder)?.into_iter().map(|(id, d)| (id, Arc::new(d))).collect();
        Ok(Environments(Arc::new(Inner { definitions, builds: Mutex::default() })))
    }

    pub fn definition(&self, id: &str) -> Option<Arc<Definition>> {
        self.0.definitions.get(id).cloned()
    }

    pub fn definitions(&self) -> impl Iterator<Item = &Arc<Definition>> {
        self.0.definitions.values()
    }

    pub fn tool(&self, environment: &str, tool: &str) -> Option<Tool> {
        self.definition(environment)?.about.tools.iter().find(|t| t.id == tool).cloned()
    }

    /// Every environment as the API shows it, with what the rows say of it.
    pub fn described(&self, shown: &Shown) -> Vec<api::environment::Environment> {
        let row = |definition: &Definition| shown.rows.get(&definition.about.id);
        self.definitions().map(|definition| describe(definition, row(definition), &shown.names)).collect()
    }

    fn build_under_way(&self, id: &str) -> Option<Running> {
        self.builds().get(id).filter(|running| !running.is_over()).cloned()
    }

    /// All who want the image at the same time get the same build.
    fn join_or_begin(&self, app: &Data<App>, definition: Arc<Definition>, cause: Option<String>) -> Running {
        let mut builds = self.builds();
        match builds.get(&definition.about.id).filter(|running| !running.is_over()) {
            Some(running) => running.clone(),
            None => {
                let running = build::begin(app, definition.clone(), cause);
                builds.insert(definition.about.id.clone(), running.clone());
                running
            }
        }
    }

    /// Whether a container is of a build that goes on, by its workload and generation.
    pub fn is_at_work(&self, workload: &str, generation: i64) -> bool {
        self.builds().iter().any(|(id, running)| {
            workload.strip_prefix("build-") == Some(id)
                && running.generation == generation
                && !running.is_over()
        })
    }

    fn builds(&self) -> MutexGuard<'_, HashMap<String, Running>> {
        self.0.builds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn describe(
    definition: &Definition,
    row: Option<&EnvironmentRow>,
    names: &HashMap<String, String>,
) -> api::environment::Environment {
    let about = &definition.about;
    let tools = about.tools.iter();
    // What was built from an earlier definition is no longer used.
    let built = row.filter(|row| row.definition_hash == definition.hash);
    let revision = row.map_or(1, |row| row.revision + i64::from(built.is_none()));
    api::environment::Environment {
        id: about.id.clone(),
        name: about.name.clone(),
        description: about.description.clone(),
        revision,
        state: built.and_then(|row| row.state.parse().ok()).unwrap_or(EnvironmentState::Absent),
        tools: tools
            .map(|tool| api::environment::EnvironmentTool { id: tool.id.clone(), name: tool.name.clone() })
            .collect(),
        built_at: built.and_then(|row| row.built_at),
        image: built.and_then(|row| row.image.clone()),
        size_bytes: built.and_then(|row| row.size_bytes),
        failure: built.and_then(|row| row.failure.clone()),
        cancelled_by: built.and_then(|row| names.get(row.cancelled_by.as_ref()?).cloned()),
    }
}
