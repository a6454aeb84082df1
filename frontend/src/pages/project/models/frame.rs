//! What every page of a model has.

use crate::components::PageHead;
use crate::contexts::clock::Clock;
use crate::contexts::dataset::{Ds, Noun};
use crate::pages::project::data::dataset::{Area, Description, Tabs, Trashed, newest};
use crate::text::tr;
use leptos::prelude::*;
use leptos_router::components::Outlet;

#[component]
pub(crate) fn ModelArea() -> impl IntoView {
    view! { <Area noun=Noun::Model inside=|model| view! { <Inside model /> }.into_any() /> }
}

#[component]
fn Inside(model: Ds) -> impl IntoView {
    let clock = Clock::expect();
    let note = Memo::new(move |_| newest(&model.info.get(), clock.now()));
    let compare = move || model.info.with(|info| info.versions > 1);
    view! {
        <PageHead title=Signal::derive(move || model.name()) note=Signal::derive(move || note.get())>
            <Show when=compare>
                <a class="btn" href=model.at("/compare")>
                    {tr!(data.compare)}
                </a>
            </Show>
        </PageHead>
        <Description />
        <Trashed />
        <Tabs />
        <Outlet />
    }
}
