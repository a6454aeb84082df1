//! Sessions: a tool in a container, for one person in one project.

use crate::environment::Environment;
use crate::money::Micros;
use crate::role::words;
use crate::tier::Tier;
use crate::validate;
use garde::Validate;
use serde::{Deserialize, Serialize};

words! {
    SessionState {
        Starting = "starting",
        Running = "running",
        Stopping = "stopping",
        Stopped = "stopped",
        /// It did not start, or it ended against everybody's will; see `failure`.
        Failed = "failed",
        /// Docker does not answer, so nothing certain can be said.
        Unknown = "unknown",
    }
}

words! {
    /// The steps of a start, in order.
    StepName {
        Admitted = "admitted",
        Environment = "environment",
        /// Its versions of data are copied to the host, unless they are there.
        Data = "data",
        Volumes = "volumes",
        Container = "container",
        Tool = "tool",
    }
}

words! {
    /// Why a session ended.
    EndCause {
        User = "user",
        Idle = "idle",
        OutOfMemory = "out-of-memory",
        /// It put too much on the disk; see `failure`.
        Disk = "disk",
        /// The tool ended by itself.
        Exited = "exited",
        /// Docker or the host went away beneath it.
        Lost = "lost",
        Disabled = "disabled",
        ProjectDeleted = "project-deleted",
        StartFailed = "start-failed",
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    pub id: String,
    pub name: String,
    /// Slug of its project.
    pub project: String,
    pub project_name: String,
    pub owner: String,
    pub owner_name: String,
    /// Whether it is the caller's own.
    pub mine: bool,
    pub tool: String,
    pub environment: String,
    pub environment_name: String,
    pub tier: String,
    pub tier_name: String,
    pub cpu_milli: i64,
    pub memory_bytes: i64,
    pub price_per_hour: Micros,
    pub state: SessionState,
    pub generation: i64,
    pub created_at: i64,
    /// When this start was asked for.
    pub wanted_at: i64,
    /// When its container began to run, as Docker says.
    pub started_at: Option<i64>,
    pub ended_at: Option<i64>,
    pub end_cause: Option<EndCause>,
    /// Steps of the current or last start.
    pub steps: Vec<Step>,
    /// What went wrong and what to do, in the reader's language by code, with a sentence in English.
    pub failure: Option<Failure>,
    /// Out of memory while the session went on.
    pub notice: Option<OutOfMemory>,
    /// It will be stopped if it goes on writing.
    pub disk_warning: Option<DiskWarning>,
    pub usage: Option<Usage>,
    /// It has all datasets that its owner may read, each at its newest version, as far as the limits allow.
    pub data_all: bool,
    /// The data of the current or last start, or what was chosen while that is not known yet. Empty for those who
    /// may not read the project's datasets.
    pub data: Vec<SessionData>,
    /// While its data is being copied to the host.
    pub data_progress: Option<DataProgress>,
    /// Cost of this start so far.
    pub cost: Micros,
    /// Cost of all its starts.
    pub cost_total: Micros,
    pub idle: Option<Idle>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Step {
    pub name: StepName,
    pub started_at: i64,
    pub ended_at: Option<i64>,
}

/// Why a start failed or a session ended by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Failure {
    /// Stable word: `environment-build-failed`, `environment-build-cancelled`, `base-image-missing`, `docker-unreachable`,
    /// `docker-refused`, `tool-exited`, `tool-silent`, `out-of-memory`, `container-lost`, `disk-limit`,
    /// `disk-reserve`, `start-cut-off`, `data-gone`, `data-damaged`, `data-no-room`, `data-not-copied`,
    /// `storage-unavailable`.
    pub code: String,
    /// The cause in one sentence with what to do.
    pub detail: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OutOfMemory {
    pub at: i64,
    pub used_bytes: i64,
    pub limit_bytes: i64,
    /// Id of the smallest tier with more memory that the host can hold and the owner may start.
    pub fitting_tier: Option<String>,
}

/// The last measurement.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Usage {
    pub at: i64,
    /// Thousandths of a CPU in use.
    pub cpu_milli: i64,
    pub memory_bytes: i64,
    /// Thousandths of a CPU, on average over each of the last half minutes before, the oldest first, at most 20.
    pub cpu_recent: Vec<i64>,
    /// Absent until it has been looked for.
    pub disk: Option<DiskUse>,
}

/// What a session's folders hold, files of earlier starts included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiskUse {
    pub used_bytes: i64,
    /// The session is stopped beyond this; absent if there is no limit.
    pub limit_bytes: Option<i64>,
}

/// The session comes close to its limit of the disk, or the host's disk is nearly full.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DiskWarning {
    pub used_bytes: i64,
    pub limit_bytes: Option<i64>,
    /// Who has written most is stopped first.
    pub host_is_short: bool,
    /// What is largest in its folders.
    pub largest: Vec<LargeEntry>,
}

/// A file or folder directly in one of a session's folders, with all that is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LargeEntry {
    pub path: String,
    pub bytes: i64,
}

/// Whether and why a session is kept alive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Idle {
    pub alive: AliveReason,
    pub last_active_at: i64,
    /// When it will be stopped if nothing happens; absent while something computes.
    pub stops_at: Option<i64>,
    /// The warning is out.
    pub warned: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum AliveReason {
    Starting,
    KernelBusy {
        path: Option<String>,
    },
    Computing,
    Terminal,
    Interaction,
    Extended,
    /// Nothing keeps it alive.
    Nothing,
}

/// Which data a session has, at `/data/<dataset>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum DataWish {
    /// Every dataset of the project that its owner may read, at the version that is the newest at each start, as far
    /// as the limits allow.
    #[default]
    All,
    /// These and no others. The start fails if one of them cannot be had.
    Chosen(#[garde(length(max = MOST_DATASETS), dive)] Vec<DataChoice>),
}

/// Datasets that a session can have.
pub const MOST_DATASETS: usize = 64;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DataChoice {
    /// The dataset's slug.
    #[garde(length(max = 200))]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub dataset: String,
    /// `latest`, a number or a tag. What it means is asked anew at each start.
    #[serde(default = "latest")]
    #[garde(length(max = 64))]
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub version: String,
}

fn latest() -> String {
    "latest".to_owned()
}

words! {
    /// Where a dataset of a session is.
    DataPlace {
        /// In the container.
        Mounted = "mounted",
        /// A version this large is read through the API.
        TooLarge = "too-large",
        /// There was no room for it on the host.
        NoRoom = "no-room",
        /// What is stored of it is damaged.
        Damaged = "damaged",
        /// It could not be copied, perhaps for names that a folder on the host cannot hold.
        NotCopied = "not-copied",
    }
}

/// A dataset of a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionData {
    /// Slug.
    pub dataset: String,
    pub name: String,
    /// What was chosen: `latest`, a number or a tag.
    pub version: String,
    /// Which version that was when it started.
    pub number: Option<i64>,
    pub bytes: Option<i64>,
    pub place: Option<DataPlace>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DataProgress {
    pub bytes: i64,
    pub of: i64,
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateSession {
    /// Named after its tool if absent.
    #[serde(default)]
    #[garde(inner(custom(validate::name)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80))]
    pub name: Option<String>,
    #[garde(length(max = 64))]
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub environment: String,
    #[garde(length(max = 64))]
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub tool: String,
    #[garde(length(max = 64))]
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub tier: String,
    #[serde(default)]
    #[garde(dive)]
    pub data: DataWish,
}

/// Start again, if wanted in another size or with other data.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct StartSession {
    #[serde(default)]
    #[garde(inner(length(max = 64)))]
    #[cfg_attr(feature = "openapi", schema(max_length = 64))]
    pub tier: Option<String>,
    #[serde(default)]
    #[garde(dive)]
    pub data: Option<DataWish>,
}

/// What can be started here, and what the caller has left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StartOptions {
    pub tiers: Vec<Tier>,
    pub environments: Vec<Environment>,
    pub running: i64,
    pub sessions_at_once: Option<i64>,
    pub spent_this_month: Micros,
    pub monthly_limit: Option<Micros>,
    /// A version of more bytes is read through the API; absent if there is no limit.
    pub data_version_limit: Option<i64>,
}

/// Where the browser goes to work in the session: a one-time address on the session's own host.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionEntry {
    pub url: String,
    pub expires_at: i64,
}

/// The last lines that the container wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionLog {
    pub lines: Vec<String>,
}
