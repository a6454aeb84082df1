//! The organization whose pages are open.

use super::live::{Live, session_moved};
use crate::data::Fetched;
use atelier_api::billing::MySpend;
use atelier_api::calls;
use atelier_api::event::Event;
use atelier_api::money::Micros;
use atelier_api::organization::Organization;
use atelier_api::role::{Action, Object, Permission, Scope};
use leptos::prelude::*;

#[derive(Clone, Copy)]
pub(crate) struct Org {
    slug: StoredValue<String>,
    pub(crate) info: RwSignal<Organization>,
    pub(crate) fetched: Fetched<Organization>,
    pub(crate) live: Live,
    pub(crate) spend: Fetched<MySpend>,
}

impl Org {
    pub(crate) fn provide(fetched: Fetched<Organization>, info: RwSignal<Organization>) -> Org {
        let slug = info.with_untracked(|info| info.slug.clone());
        let live = Live::connect(&slug);
        let spend = Fetched::new({
            let slug = slug.clone();
            move || calls::spend_mine(&slug)
        })
        .stale_on(live, {
            let moved = session_moved();
            move |event| matches!(event, Event::SpendChanged) || moved(event)
        });
        live.on(move |event| {
            if matches!(event, Event::Resync) {
                fetched.refetch();
            }
        });
        let org = Org { slug: StoredValue::new(slug), info, fetched, live, spend };
        provide_context(org);
        org
    }

    pub(crate) fn expect() -> Org {
        expect_context()
    }

    pub(crate) fn slug(self) -> String {
        self.slug.get_value()
    }

    /// An address below the organization's: `at("/admin/people")`.
    pub(crate) fn at(self, rest: &str) -> String {
        self.slug.with_value(|slug| format!("/{slug}{rest}"))
    }

    pub(crate) fn name(self) -> String {
        self.info.with(|info| info.name.clone())
    }

    /// Not tracked: whoever shows money shows it anew soon, and a currency is changed once in a lifetime.
    pub(crate) fn currency(self) -> String {
        self.info.with_untracked(|info| info.currency.clone())
    }

    pub(crate) fn money(self, amount: Micros) -> String {
        crate::format::money::money(amount, &self.currency())
    }

    /// Whether the caller may do this to everything of the kind.
    pub(crate) fn may(self, object: Object, action: Action) -> bool {
        self.info.with(|info| allowed(&info.permissions, object, action, Scope::Any))
    }
}

/// `Scope::Own` asks whether it is allowed at least to one's own.
pub(crate) fn allowed(permissions: &[Permission], object: Object, action: Action, scope: Scope) -> bool {
    permissions.iter().any(|permission| {
        permission.object == object
            && permission.action == action
            && (permission.scope == Scope::Any || scope == Scope::Own)
    })
}
