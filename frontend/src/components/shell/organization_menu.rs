//! The organization one is in, and the way to the others.

use super::popover::Popover;
use crate::contexts::account::Account;
use crate::contexts::organization::Org;
use crate::text::tr;
use leptos::prelude::*;

/// Another organization is loaded as a whole page: nothing of one tenant stays for the next.
#[component]
pub(crate) fn OrganizationMenu() -> impl IntoView {
    let org = Org::expect();
    let me = Account::expect().me;
    let others = move || {
        me.with(|me| {
            let slug = org.slug();
            me.organizations.iter().filter(|other| other.slug != slug).cloned().collect::<Vec<_>>()
        })
    };
    let choices = move || me.with(|me| me.organizations.len() > 1 || me.operator);
    view! {
        <a href=org.at("")>{move || org.name()}</a>
        <Show when=choices>
            <button
                class="btn quiet small switch"
                popovertarget="organization-menu"
                aria-label=tr!(shell.switch_organization)
            >
                "▾"
            </button>
            <Popover id="organization-menu">
                <For each=others key=|other| other.slug.clone() let(other)>
                    <a href=format!("/{}", other.slug) rel="external">
                        {other.name}
                    </a>
                </For>
                <a href="/?choose" rel="external" class="faint">
                    {tr!(shell.all_organizations)}
                </a>
            </Popover>
        </Show>
    }
}
