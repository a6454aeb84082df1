//! What the page hears while it is open: one stream of server-sent events per organization.

use crate::session::Session;
use serde::{Deserialize, Serialize};

/// Something changed that the caller may see. `changed` events say what to fetch again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// First event, and after events were lost: fetch everything shown again.
    Resync,
    /// The new state of a session.
    Session {
        session: Box<Session>,
    },
    SessionDeleted {
        project: String,
        id: String,
    },
    ProjectsChanged,
    ProjectChanged {
        project: String,
    },
    MembersChanged {
        project: String,
    },
    /// Datasets of the project, or versions of one of them.
    DatasetsChanged {
        project: String,
    },
    /// There is a new version of the project's files.
    FilesChanged {
        project: String,
    },
    /// Models of the project, or versions of one of them.
    ModelsChanged {
        project: String,
    },
    /// There is a new version of the project's results, or one went into the trash.
    ResultsChanged {
        project: String,
    },
    /// People, groups or roles of the organization.
    PeopleChanged,
    TiersChanged,
    EnvironmentChanged {
        environment: String,
    },
    /// A line of an environment's build.
    BuildLine {
        environment: String,
        line: String,
    },
    /// The caller's spending may have changed.
    SpendChanged,
}
