//! A fetched value on the page: a skeleton while it comes, an error if it does not.

use super::Trouble;
use crate::data::{Fetched, State};
use crate::text::tr;
use leptos::prelude::*;

/// Makes its content once, with a signal that follows the value: fetching again changes texts, not the page.
/// Of a `whole` page the error says more. `page` says that what is loaded holds the page's `main` as well,
/// so that until then there is another. `gone` is said if what a link leads to is not there.
#[component]
pub(crate) fn Loaded<T, F, V>(
    of: Fetched<T>,
    children: F,
    #[prop(optional)] page: bool,
    #[prop(optional)] whole: bool,
    #[prop(optional)] gone: Option<&'static str>,
) -> impl IntoView
where
    T: Send + Sync + 'static,
    F: Fn(RwSignal<T>) -> V + Send + 'static,
    V: IntoView + 'static,
{
    let state = of.state();
    move || {
        state.with(|state| match state {
            State::Waiting => framed(page, view! { <Skeleton /> }.into_any()),
            State::Failed(failure) => {
                let again = Callback::new(move |()| of.refetch());
                framed(
                    page,
                    view! { <Trouble failure=failure.clone() again whole=page || whole gone /> }.into_any(),
                )
            }
            State::Ready(value) => children(RwSignal::from(value.clone())).into_any(),
        })
    }
}

fn framed(page: bool, content: AnyView) -> AnyView {
    if page { view! { <main class="page">{content}</main> }.into_any() } else { content }
}

#[component]
fn Skeleton() -> impl IntoView {
    view! {
        <div class="stack" aria-busy="true">
            <span class="sr-only" role="status">{tr!(common.loading)}</span>
            <div class="skeleton h-6 w-2/5" aria-hidden="true"></div>
            <div class="skeleton h-24 w-full" aria-hidden="true"></div>
        </div>
    }
}
