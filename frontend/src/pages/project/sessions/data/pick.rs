//! What is chosen so far.

use atelier_api::session::{DataChoice, DataWish, Session};
use leptos::prelude::*;
use std::collections::BTreeMap;

/// The word for the newest version.
pub(super) const LATEST: &str = "latest";

#[derive(Clone, Copy)]
pub(crate) struct DataPick {
    /// All datasets, each at its newest version.
    pub(super) all: RwSignal<bool>,
    /// Otherwise these: words for versions by the dataset's word.
    pub(super) chosen: RwSignal<BTreeMap<String, String>>,
}

impl DataPick {
    pub(crate) fn new() -> DataPick {
        DataPick { all: RwSignal::new(true), chosen: RwSignal::new(BTreeMap::new()) }
    }

    /// What a session has.
    pub(super) fn of(session: &Session) -> DataPick {
        let words = session.data.iter().map(|data| (data.dataset.clone(), data.version.clone()));
        DataPick { all: RwSignal::new(session.data_all), chosen: RwSignal::new(words.collect()) }
    }

    pub(crate) fn wish(self) -> DataWish {
        if self.all.get_untracked() {
            return DataWish::All;
        }
        let choice = |(dataset, version): (&String, &String)| DataChoice {
            dataset: dataset.clone(),
            version: version.clone(),
        };
        DataWish::Chosen(self.chosen.with_untracked(|chosen| chosen.iter().map(choice).collect()))
    }
}
