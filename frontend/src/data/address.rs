//! Choices kept in the page's address: a link leads to what one sees, and so does a reload.

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::query_signal_with_options;

/// The value of `?key=` in the address; empty if it is not there.
pub(crate) fn in_address(key: &'static str) -> RwSignal<String> {
    let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
    let (there, put) = query_signal_with_options::<String>(key, options);
    let value = RwSignal::new(there.get_untracked().unwrap_or_default());
    // The browser's way back changes the address too.
    Effect::new(move |_| {
        let there = there.get().unwrap_or_default();
        if value.with_untracked(|value| *value != there) {
            value.set(there);
        }
    });
    Effect::new(move |_| {
        let value = value.get();
        if there.with_untracked(|there| there.as_deref().unwrap_or_default() != value) {
            put.set(Some(value).filter(|value| !value.is_empty()));
        }
    });
    value
}
