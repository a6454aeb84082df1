//! Language and theme: from the profile, before sign-in from the browser.

use crate::text;
use atelier_api::account::{Language, Theme};
use leptos::prelude::*;

/// The language that the page is rendered in. Whoever reads it is rendered anew when it changes.
#[derive(Clone, Copy)]
pub(crate) struct Appearance {
    language: RwSignal<Language>,
}

// `public/appearance.js` reads the same names before the first paint.
const LANGUAGE: &str = "language";
const THEME: &str = "theme";

impl Appearance {
    pub(crate) fn provide() -> Appearance {
        let language = remembered(LANGUAGE)
            .or_else(|| window().navigator().language())
            .and_then(|tag| tag.get(..2)?.parse().ok())
            .unwrap_or(Language::English);
        text::set_locale(language);
        let appearance = Appearance { language: RwSignal::new(language) };
        provide_context(appearance);
        appearance
    }

    pub(crate) fn expect() -> Appearance {
        expect_context()
    }

    pub(crate) fn language(self) -> Language {
        self.language.get()
    }

    pub(crate) fn apply(self, language: Language, theme: Theme) {
        remember(THEME, theme.as_str());
        set_on_root("data-theme", theme.as_str());
        self.speak(language);
    }

    pub(crate) fn speak(self, language: Language) {
        remember(LANGUAGE, language.as_str());
        text::set_locale(language);
        set_on_root("lang", language.as_str());
        if self.language.get_untracked() != language {
            self.language.set(language);
        }
    }
}

fn set_on_root(name: &str, value: &str) {
    if let Some(root) = document().document_element() {
        // Fails for names that are no names only.
        let _ = root.set_attribute(name, value);
    }
}

// Storage may be closed to us (a private window): then the page only forgets.
fn remembered(name: &str) -> Option<String> {
    window().local_storage().ok()??.get_item(name).ok()?
}

fn remember(name: &str, value: &str) {
    if let Ok(Some(storage)) = window().local_storage() {
        let _ = storage.set_item(name, value);
    }
}
