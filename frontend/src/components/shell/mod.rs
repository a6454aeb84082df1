//! The frame of every page: top bar, side navigation, and the page itself.

mod find;
mod organization_menu;
mod popover;
mod profile_menu;
mod side;
mod spend_chips;
mod top_bar;

pub(crate) use side::SideLink;

use crate::contexts::organization::Org;
use crate::text::tr;
use leptos::html;
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;
use side::Side;
use top_bar::TopBar;

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
    let main = NodeRef::<html::Main>::new();
    let path = use_location().pathname;
    // After a click that changes the page, the keyboard and the screen reader go on in the new page.
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        if before.is_some_and(|before| before != path)
            && let Some(main) = main.get_untracked()
        {
            // Focus fails for an element that is not in the document only.
            let _ = main.focus();
        }
        path
    });
    let lost = move || use_context::<Org>().is_some_and(|org| !org.live.connected());
    view! {
        <a class="skip" href="#content">{tr!(shell.skip)}</a>
        <div class="shell" class:bare=move || links.with(Vec::is_empty)>
            <TopBar crumbs />
            <Show when=move || links.with(|links| !links.is_empty())>
                <Side links />
            </Show>
            <main class="page" id="content" tabindex="-1" node_ref=main>
                <Show when=lost>
                    <p class="notice wait" role="status">{tr!(shell.connection_lost)}</p>
                </Show>
                <Outlet />
            </main>
        </div>
    }
}
