//! Brings the next part of a long list.

use crate::contexts::toasts::Toasts;
use crate::data::Listed;
use crate::text::tr;
use leptos::prelude::*;
use serde::de::DeserializeOwned;

#[component]
pub(crate) fn ShowMore<T>(list: Listed<T>) -> impl IntoView
where
    T: DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
{
    let toasts = Toasts::expect();
    view! {
        <Show when=move || list.has_more()>
            <div class="more">
                <button
                    class="btn"
                    aria-disabled=move || list.busy().then_some("true")
                    aria-busy=move || list.busy().then_some("true")
                    on:click=move |_| list.show_more(toasts)
                >
                    {tr!(common.show_more)}
                </button>
            </div>
        </Show>
    }
}
