//! Who is signed in.

use super::appearance::Appearance;
use crate::data::Fetched;
use atelier_api::account::Me;
use atelier_api::call::escape;
use atelier_api::calls;
use leptos::prelude::*;

/// The signed-in person. Pages below `Signed` have one.
#[derive(Clone, Copy)]
pub(crate) struct Account {
    pub(crate) me: RwSignal<Me>,
    fetched: Fetched<Me>,
}

impl Account {
    pub(crate) fn fetch() -> Fetched<Me> {
        Fetched::new(calls::me_get)
    }

    /// Provides the account, and the appearance that it asks for.
    pub(crate) fn provide(fetched: Fetched<Me>, me: RwSignal<Me>) -> Account {
        let account = Account { me, fetched };
        provide_context(account);
        let appearance = Appearance::expect();
        Effect::new(move |_| me.with(|me| appearance.apply(me.language, me.theme)));
        account
    }

    pub(crate) fn expect() -> Account {
        expect_context()
    }

    pub(crate) fn is(self, person: &str) -> bool {
        self.me.with_untracked(|me| me.id == person)
    }

    pub(crate) fn set(self, me: Me) {
        self.fetched.set(me);
    }
}

/// Loads another address as a whole, so that nothing of one person stays for the next.
pub(crate) fn leave_to(address: &str) {
    // The browser refuses no address of our own.
    let _ = window().location().assign(address);
}

/// To the sign-in page, and back here afterwards.
pub(crate) fn leave_to_sign_in() {
    let location = window().location();
    let here = location.pathname().unwrap_or_default() + &location.search().unwrap_or_default();
    if !here.starts_with("/sign-in") {
        leave_to(&format!("/sign-in?return={}", escape(&here)));
    }
}
