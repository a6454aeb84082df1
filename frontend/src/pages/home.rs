//! The start: the one organization, or a choice.

use crate::components::form::{FormFailure, Submit, TextField};
use crate::components::{Dialog, Empty, PageHead};
use crate::contexts::account::{Account, leave_to};
use crate::data::Sending;
use crate::text::tr;
use crate::words;
use atelier_api::calls;
use atelier_api::organization::CreateOrganization;
use leptos::prelude::*;
use leptos_router::components::Redirect;
use leptos_router::hooks::use_query_map;

#[component]
pub(crate) fn Home() -> impl IntoView {
    let me = Account::expect().me;
    let choose = use_query_map().read_untracked().get("choose").is_some();
    let only = me.with_untracked(|me| match me.organizations.as_slice() {
        [only] if !choose => Some(only.slug.clone()),
        _ => None,
    });
    match only {
        Some(slug) => view! { <Redirect path=format!("/{slug}") /> }.into_any(),
        None => view! { <Chooser /> }.into_any(),
    }
}

#[component]
fn Chooser() -> impl IntoView {
    let me = Account::expect().me;
    let creating = RwSignal::new(false);
    let operator = move || me.with(|me| me.operator);
    let organizations = move || me.with(|me| me.organizations.clone());
    view! {
        <PageHead title=tr!(home.title).to_owned()>
            <Show when=operator>
                <button class="btn primary" on:click=move |_| creating.set(true)>
                    {tr!(home.new)}
                </button>
            </Show>
        </PageHead>
        <Show
            when=move || me.with(|me| !me.organizations.is_empty())
            fallback=|| view! { <div class="card"><Empty title=tr!(home.none_title) text=tr!(home.none_text) /></div> }
        >
            <div class="row wrap tiles">
                <For each=organizations key=|org| org.slug.clone() let(org)>
                    <a class="tile" href=format!("/{}", org.slug)>
                        <b>{org.name}</b>
                        <span class="muted">{words::role(org.role.into())}</span>
                    </a>
                </For>
            </div>
        </Show>
        <Dialog open=creating title=tr!(home.new).to_owned()>
            <NewOrganization />
        </Dialog>
    }
}

#[component]
fn NewOrganization() -> impl IntoView {
    let name = RwSignal::new(String::new());
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = CreateOrganization { name: name.get_untracked() };
        sending.send(calls::organization_create(&body), |org| leave_to(&format!("/{}", org.slug)));
    };
    view! {
        <form class="stack" on:submit=submit>
            <TextField
                label=tr!(common.name)
                value=name
                problem=sending.problem("name")
                required=true
                autofocus=true
                maxlength="80"
            />
            <FormFailure sending />
            <div class="row end">
                <Submit label=tr!(common.create).to_owned() sending />
            </div>
        </form>
    }
}
