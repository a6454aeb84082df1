//! The navigation of an area.

use crate::text::tr;
use leptos::prelude::*;
use leptos_router::components::A;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Space before the current page's link, so that one sees that there is more.
const BEFORE: i32 = 40;

#[derive(Clone, PartialEq, Eq)]
pub(crate) enum SideLink {
    /// `exact`: it is the current page only at this very address, not below it.
    To {
        name: String,
        address: String,
        exact: bool,
        count: Option<i64>,
    },
    Line,
}

impl SideLink {
    pub(crate) fn to(name: impl Into<String>, address: String) -> SideLink {
        SideLink::To { name: name.into(), address, exact: false, count: None }
    }

    pub(crate) fn exactly(name: impl Into<String>, address: String) -> SideLink {
        SideLink::To { name: name.into(), address, exact: true, count: None }
    }

    pub(crate) fn counted(name: impl Into<String>, address: String, count: i64) -> SideLink {
        let count = (count > 0).then_some(count);
        SideLink::To { name: name.into(), address, exact: false, count }
    }
}

/// On a phone the links are a line that is longer than the screen: the current one is brought into view.
pub(super) fn show_current() {
    let current = document().query_selector(".side [aria-current]").ok().flatten();
    if let Some(link) = current.and_then(|link| link.dyn_into::<HtmlElement>().ok())
        && let Some(side) = link.parent_element()
    {
        side.set_scroll_left(link.offset_left() - BEFORE);
    }
}

#[component]
pub(crate) fn Side(links: Signal<Vec<SideLink>>) -> impl IntoView {
    let shown = move || {
        links
            .get()
            .into_iter()
            .map(|link| match link {
                SideLink::Line => view! { <hr /> }.into_any(),
                SideLink::To { name, address, exact, count } => view! {
                    <A href=address exact=exact>
                        {name}
                        {count.map(|count| view! { <b>{count}</b> })}
                    </A>
                }
                .into_any(),
            })
            .collect_view()
    };
    view! { <nav class="side" aria-label=tr!(shell.pages)>{shown}</nav> }
}
