//! The frame of every page: top bar, side navigation, and the page itself.

mod find;
mod organization_menu;
mod popover;
mod profile_menu;
mod side;
mod spend_chips;
mod top_bar;

pub(crate) use side::SideLink;

use crate::components::focus::focus;
use crate::contexts::organization::Org;
use crate::text::tr;
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;
use side::Side;
use std::cell::RefCell;
use top_bar::TopBar;

thread_local! {
    /// The address that was shown last, by whichever frame.
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

fn to_content() {
    if let Some(content) = document().get_element_by_id("content") {
        focus(&content);
    }
}

/// A step of the way to this page: its name and address.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Crumb {
    pub(crate) name: String,
    pub(crate) address: String,
}

/// `links` are the side navigation; without any there is none.
#[component]
pub(crate) fn Shell(
    #[prop(optional, into)] crumbs: Signal<Vec<Crumb>>,
    #[prop(optional, into)] links: Signal<Vec<SideLink>>,
) -> impl IntoView {
    let path = use_location().pathname;
    // After a click that changes the page, the keyboard and the screen reader go on in the new page.
    Effect::new(move |_| {
        let path = path.get();
        if LAST.replace(Some(path.clone())).is_some_and(|before| before != path) {
            // By then a dialog that led here has closed and given the focus back.
            request_animation_frame(|| request_animation_frame(to_content));
        }
        request_animation_frame(side::show_current);
    });
    let lost = move || use_context::<Org>().is_some_and(|org| !org.live.connected());
    view! {
        <a class="skip" href="#content">{tr!(shell.skip)}</a>
        <div class="shell" class:bare=move || links.with(Vec::is_empty)>
            <TopBar crumbs />
            <Show when=move || links.with(|links| !links.is_empty())>
                <Side links />
            </Show>
            <main class="page" id="content" tabindex="-1">
                <Show when=lost>
                    <p class="notice wait" role="status">{tr!(shell.connection_lost)}</p>
                </Show>
                <Outlet />
            </main>
        </div>
    }
}
