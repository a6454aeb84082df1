//! A page with one card in its middle.

use crate::components::{ToastList, title};
use crate::contexts::appearance::Appearance;
use crate::text::tr;
use atelier_api::account::Language;
use leptos::prelude::*;

#[component]
pub(crate) fn Frame(#[prop(into)] title: String, children: Children) -> impl IntoView {
    let heading = title.clone();
    self::title(move || heading.clone());
    view! {
        <main class="entrance">
            <div class="brand">
                <span class="mark" aria-hidden="true">"A"</span>
                <span>"Atelier"</span>
            </div>
            <div class="card">
                <div class="in stack">
                    <h1>{title}</h1>
                    {children()}
                </div>
            </div>
            <LanguageChoice />
        </main>
        <ToastList />
    }
}

#[component]
fn LanguageChoice() -> impl IntoView {
    let appearance = Appearance::expect();
    let choice = move |language: Language, name: &'static str| {
        view! {
            <button
                class="btn quiet small"
                lang=language.as_str()
                aria-pressed=move || (appearance.language() == language).to_string()
                on:click=move |_| appearance.speak(language)
            >
                {name}
            </button>
        }
    };
    view! {
        <div class="row" role="group" aria-label=tr!(common.language)>
            {choice(Language::English, "English")}
            {choice(Language::French, "Français")}
        </div>
    }
}
