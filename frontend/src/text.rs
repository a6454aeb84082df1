//! Every text of the page, in the reader's language, by typed keys.

use atelier_api::account::Language;
use leptos::prelude::window;
use std::cell::Cell;

include!(concat!(env!("OUT_DIR"), "/i18n.rs"));

pub(crate) use i18n::{Locale, td_string};

thread_local! {
    static CURRENT: Cell<Locale> = const { Cell::new(Locale::en) };
}

/// The language of the page. It is one for the whole page: changing it renders the page anew.
pub(crate) fn locale() -> Locale {
    CURRENT.get()
}

pub(crate) fn set_locale(language: Language) {
    CURRENT.set(match language {
        Language::English => Locale::en,
        Language::French => Locale::fr,
    });
}

/// Its BCP 47 tag for `Intl`: with the region that the browser prefers for this language, so that a Briton
/// reads dates the British way.
pub(crate) fn tag() -> String {
    let base = match locale() {
        Locale::en => "en",
        Locale::fr => "fr",
    };
    let preferred = window().navigator().languages();
    let of_base = |tag: &String| tag == base || tag.starts_with(&format!("{base}-"));
    preferred.iter().filter_map(|tag| tag.as_string()).find(of_base).unwrap_or_else(|| base.to_owned())
}

/// The text of a key, `tr!(sessions.title)`, with values, `tr!(sessions.started, by = name)`.
macro_rules! tr {
    ($($key:tt)*) => { $crate::text::td_string!($crate::text::locale(), $($key)*) };
}
pub(crate) use tr;
