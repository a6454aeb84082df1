//! What the page and its worker say to each other. The worker itself is the program beside.

use atelier_api::data::DataVersion;
use atelier_api::problem::Problem;
use serde::{Deserialize, Serialize};

/// From the page. The files of a job come beside it, in the order of its paths.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "order", rename_all = "kebab-case")]
pub enum Order {
    Begin(Job),
    Pause,
    GoOn,
}

/// Files that become a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    pub organization: String,
    pub project: String,
    pub dataset: String,
    pub upload: String,
    /// Of the version.
    pub message: String,
    /// Where each file comes to lie.
    pub paths: Vec<String>,
}

/// From the worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "report", rename_all = "kebab-case")]
pub enum Report {
    /// It hears.
    Ready,
    /// How far it is.
    Moved(Progress),
    /// The server does not answer, or not now; it is asked again by itself.
    Waiting,
    /// All files are there; the version is being made.
    Committing,
    Committed(Box<DataVersion>),
    Failed(Trouble),
}

/// How far an upload is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Bytes of files that the server has, whether sent now or before.
    pub bytes: u64,
    /// Files all of whose bytes the server has.
    pub files: u64,
    /// Bytes that went over the network.
    pub sent: u64,
}

/// Why an upload cannot go on by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "trouble", rename_all = "kebab-case")]
pub enum Trouble {
    /// The server said no.
    Refused { problem: Box<Problem> },
    /// The file changed or went away since it was chosen.
    Unreadable { path: String },
    /// The server answered what this page does not know.
    Garbled,
}
