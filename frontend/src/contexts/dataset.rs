//! The dataset, or the model, whose pages are open.

use super::project::Proj;
use crate::data::Fetched;
use crate::text::tr;
use crate::uploads::Target;
use atelier_api::artifact::Artifact;
use atelier_api::event::Event;
use atelier_api::role::Action;
use leptos::prelude::*;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Noun {
    Dataset,
    Model,
}

/// The call of this name about a dataset or a model: `call!(ds, version_list(cursor))`.
macro_rules! call {
    ($of:expr, $name:ident($($arg:expr),* $(,)?)) => {
        paste::paste! {{
            let (org, project, slug) = $of.names();
            match $of.noun {
                $crate::contexts::dataset::Noun::Dataset => {
                    atelier_api::calls::[<dataset_ $name>](&org, &project, &slug $(, $arg)*)
                }
                $crate::contexts::dataset::Noun::Model => {
                    atelier_api::calls::[<model_ $name>](&org, &project, &slug $(, $arg)*)
                }
            }
        }}
    };
}
pub(crate) use call;

impl Noun {
    /// Where they are, below the project's address.
    pub(crate) fn place(self) -> &'static str {
        match self {
            Noun::Dataset => "/data",
            Noun::Model => "/models",
        }
    }

    /// What routes call the word of one.
    pub(crate) fn parameter(self) -> &'static str {
        match self {
            Noun::Dataset => "dataset",
            Noun::Model => "model",
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Noun::Dataset => tr!(data.dataset),
            Noun::Model => tr!(models.model),
        }
    }

    /// Whether an event may be about those of this project.
    pub(crate) fn moved(self, event: &Event, of: &str) -> bool {
        match (self, event) {
            (Noun::Dataset, Event::DatasetsChanged { project })
            | (Noun::Model, Event::ModelsChanged { project }) => project == of,
            _ => false,
        }
    }
}

#[derive(Clone, Copy)]
pub(crate) struct Ds {
    pub(crate) noun: Noun,
    slug: StoredValue<String>,
    pub(crate) project: Proj,
    pub(crate) info: RwSignal<Artifact>,
    pub(crate) fetched: Fetched<Artifact>,
}

impl Ds {
    pub(crate) fn provide(noun: Noun, fetched: Fetched<Artifact>, info: RwSignal<Artifact>) -> Ds {
        let slug = StoredValue::new(info.with_untracked(|info| info.slug.clone()));
        let dataset = Ds { noun, slug, project: Proj::expect(), info, fetched };
        provide_context(dataset);
        dataset
    }

    pub(crate) fn expect() -> Ds {
        expect_context()
    }

    pub(crate) fn slug(self) -> String {
        self.slug.get_value()
    }

    /// What calls name it by: organization, project, its own word.
    pub(crate) fn names(self) -> (String, String, String) {
        (self.project.org.slug(), self.project.slug(), self.slug())
    }

    /// An address below its own: `at("/versions")`.
    pub(crate) fn at(self, rest: &str) -> String {
        let place = self.noun.place();
        self.slug.with_value(|slug| self.project.at(&format!("{place}/{slug}{rest}")))
    }

    /// Where the files of the newest version are.
    pub(crate) fn files(self) -> String {
        match self.noun {
            Noun::Dataset => self.at(""),
            Noun::Model => self.at("/files"),
        }
    }

    pub(crate) fn name(self) -> String {
        self.info.with(|info| info.name.clone())
    }

    pub(crate) fn is_trashed(self) -> bool {
        self.info.with(|info| info.trashed_at.is_some())
    }

    /// Nothing is changed in the trash.
    pub(crate) fn may(self, action: Action) -> bool {
        self.info.with(|info| info.permissions.contains(&action) && info.trashed_at.is_none())
            && !self.project.archived()
    }

    pub(crate) fn target(self) -> Target {
        let (org, project, dataset) = self.names();
        Target {
            org,
            project,
            dataset,
            name: self.info.with_untracked(|info| info.name.clone()),
            page: self.at(""),
        }
    }
}
