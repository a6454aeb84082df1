//! One upload as the page sees it.

use super::files::Picked;
use super::pace::Pace;
use crate::api::Failure;
use crate::format::time::now;
use crate::text::tr;
use atelier_api::problem::Problem;
use atelier_uploader::{Progress, Report, Trouble};
use leptos::prelude::*;

/// Where an upload goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) org: String,
    pub(crate) project: String,
    pub(crate) dataset: String,
    /// The dataset's name, for people.
    pub(crate) name: String,
    /// The address of its page.
    pub(crate) page: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Going,
    Paused,
    /// The server does not answer.
    Waiting,
    Committing,
    Done {
        number: i64,
    },
    Failed {
        sentence: String,
        /// More to the sentence: paths, as far as it is about any.
        about: Vec<String>,
    },
}

impl Stage {
    /// Whether something would be lost if the page was left.
    pub(crate) fn is_under_way(&self) -> bool {
        !matches!(self, Stage::Done { .. } | Stage::Failed { .. })
    }
}

#[derive(Clone)]
pub(crate) struct Running {
    pub(crate) upload: String,
    pub(crate) target: Target,
    pub(crate) files: u64,
    pub(crate) bytes: u64,
    pub(crate) stage: ArcRwSignal<Stage>,
    pub(crate) progress: ArcRwSignal<Progress>,
    pub(crate) pace: ArcRwSignal<Pace>,
}

impl Running {
    pub(super) fn new(upload: String, target: Target, picked: &Picked) -> Running {
        Running {
            upload,
            target,
            files: picked.paths.len() as u64,
            bytes: picked.bytes,
            stage: ArcRwSignal::new(Stage::Going),
            progress: ArcRwSignal::new(Progress::default()),
            pace: ArcRwSignal::new(Pace::default()),
        }
    }

    pub(super) fn begin_anew(&self) {
        self.stage.set(Stage::Going);
        self.progress.set(Progress::default());
        self.pace.set(Pace::default());
    }

    /// What the worker says.
    pub(super) fn hear(&self, report: Report) {
        match report {
            Report::Ready => {}
            Report::Moved(progress) => {
                self.pace.update(|pace| pace.note(now(), progress.bytes));
                self.progress.set(progress);
                self.leave_waiting();
            }
            Report::Waiting => {
                if self.stage.with_untracked(|stage| matches!(stage, Stage::Going | Stage::Committing)) {
                    self.stage.set(Stage::Waiting);
                }
            }
            Report::Committing => self.stage.set(Stage::Committing),
            Report::Committed(version) => self.stage.set(Stage::Done { number: version.number }),
            Report::Failed(trouble) => self.stage.set(failed(trouble)),
        }
    }

    fn leave_waiting(&self) {
        if self.stage.with_untracked(|stage| *stage == Stage::Waiting) {
            self.stage.set(Stage::Going);
        }
    }
}

fn failed(trouble: Trouble) -> Stage {
    let (sentence, about) = match trouble {
        Trouble::Refused { problem } => {
            let details =
                |problem: &Problem| problem.fields.iter().map(|field| field.detail.clone()).collect();
            match problem.code.as_str() {
                // Each names a file.
                "changed-meanwhile" => (tr!(uploads.changed_meanwhile).to_owned(), details(&problem)),
                // The sentence about a form's fields says nothing here: the fields do.
                "invalid" => (tr!(uploads.refused).to_owned(), details(&problem)),
                _ => (Failure::Refused(*problem).sentence(), Vec::new()),
            }
        }
        Trouble::Unreadable { path } => (tr!(uploads.unreadable).to_owned(), vec![path]),
        Trouble::Garbled => (Failure::Garbled.sentence(), Vec::new()),
    };
    Stage::Failed { sentence, about }
}
