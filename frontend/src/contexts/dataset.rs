//! The dataset whose pages are open.

use super::project::Proj;
use crate::data::Fetched;
use crate::uploads::Target;
use atelier_api::dataset::Dataset;
use atelier_api::role::Action;
use leptos::prelude::*;

#[derive(Clone, Copy)]
pub(crate) struct Ds {
    slug: StoredValue<String>,
    pub(crate) project: Proj,
    pub(crate) info: RwSignal<Dataset>,
    pub(crate) fetched: Fetched<Dataset>,
}

impl Ds {
    pub(crate) fn provide(fetched: Fetched<Dataset>, info: RwSignal<Dataset>) -> Ds {
        let slug = StoredValue::new(info.with_untracked(|info| info.slug.clone()));
        let dataset = Ds { slug, project: Proj::expect(), info, fetched };
        provide_context(dataset);
        dataset
    }

    pub(crate) fn expect() -> Ds {
        expect_context()
    }

    pub(crate) fn slug(self) -> String {
        self.slug.get_value()
    }

    /// What calls name it by: organization, project, dataset.
    pub(crate) fn names(self) -> (String, String, String) {
        (self.project.org.slug(), self.project.slug(), self.slug())
    }

    /// An address below the dataset's: `at("/versions")`.
    pub(crate) fn at(self, rest: &str) -> String {
        self.slug.with_value(|slug| self.project.at(&format!("/data/{slug}{rest}")))
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
