//! The page as a whole: what every part shares, and which address shows what.

use crate::contexts::appearance::Appearance;
use crate::contexts::clock::Clock;
use crate::contexts::toasts::Toasts;
use crate::pages::Pages;
use crate::uploads::Uploads;
use leptos::prelude::*;

#[component]
pub(crate) fn App() -> impl IntoView {
    Toasts::provide();
    Clock::provide();
    Uploads::provide();
    let appearance = Appearance::provide();
    // Texts are plain text, not signals: another language is another page.
    move || {
        appearance.language();
        view! { <Pages /> }
    }
}
