//! Where one is, a way to anywhere, what runs and what it costs, and who one is.

use super::Crumb;
use super::find::Find;
use super::organization_menu::OrganizationMenu;
use super::profile_menu::ProfileMenu;
use super::spend_chips::SpendChips;
use crate::contexts::organization::Org;
use crate::text::tr;
use leptos::prelude::*;

#[component]
pub(crate) fn TopBar(crumbs: Signal<Vec<Crumb>>) -> impl IntoView {
    let in_organization = use_context::<Org>().is_some();
    let steps = move || {
        crumbs
            .get()
            .into_iter()
            .enumerate()
            .map(|(index, crumb)| {
                view! {
                    {(index > 0 || in_organization).then(|| view! { <span aria-hidden="true">"/"</span> })}
                    <a href=crumb.address>{crumb.name}</a>
                }
            })
            .collect_view()
    };
    view! {
        <header class="top">
            <a class="mark" href="/" aria-label=tr!(shell.home)>
                "A"
            </a>
            <nav class="crumb" aria-label=tr!(shell.way)>
                {in_organization.then(|| view! { <OrganizationMenu /> })}
                {steps}
            </nav>
            {in_organization
                .then(|| {
                    view! {
                        <Find />
                        <SpendChips />
                    }
                })}
            <ProfileMenu />
        </header>
    }
}
