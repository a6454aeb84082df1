//! The project whose pages are open.

use super::organization::{Org, allowed};
use crate::data::Fetched;
use atelier_api::project::Project;
use atelier_api::role::{Action, Object, Scope};
use atelier_api::session::Session;
use leptos::prelude::*;

#[derive(Clone, Copy)]
pub(crate) struct Proj {
    slug: StoredValue<String>,
    pub(crate) org: Org,
    pub(crate) info: RwSignal<Project>,
    pub(crate) fetched: Fetched<Project>,
}

impl Proj {
    pub(crate) fn provide(org: Org, fetched: Fetched<Project>, info: RwSignal<Project>) -> Proj {
        let slug = StoredValue::new(info.with_untracked(|info| info.slug.clone()));
        let project = Proj { slug, org, info, fetched };
        provide_context(project);
        project
    }

    pub(crate) fn expect() -> Proj {
        expect_context()
    }

    pub(crate) fn slug(self) -> String {
        self.slug.get_value()
    }

    /// An address below the project's: `at("/sessions")`.
    pub(crate) fn at(self, rest: &str) -> String {
        self.slug.with_value(|slug| self.org.at(&format!("/{slug}{rest}")))
    }

    pub(crate) fn name(self) -> String {
        self.info.with(|info| info.name.clone())
    }

    pub(crate) fn archived(self) -> bool {
        self.info.with(|info| info.archived_at.is_some())
    }

    pub(crate) fn may(self, object: Object, action: Action) -> bool {
        self.info.with(|info| allowed(&info.permissions, object, action, Scope::Any))
    }

    /// Whether the caller may do this at least to what is his or her own.
    pub(crate) fn may_own(self, object: Object, action: Action) -> bool {
        self.info.with(|info| allowed(&info.permissions, object, action, Scope::Own))
    }

    pub(crate) fn may_with(self, session: &Session, action: Action) -> bool {
        let scope = if session.mine { Scope::Own } else { Scope::Any };
        self.info.with(|info| allowed(&info.permissions, Object::Session, action, scope))
    }
}
