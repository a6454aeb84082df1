//! The first administrator names the organization and makes an account.

use super::account_fields::{AccountFields, AccountForm};
use super::frame::Frame;
use crate::components::Loaded;
use crate::components::form::{CheckField, FormFailure, Submit, TextField};
use crate::contexts::account::leave_to;
use crate::contexts::appearance::Appearance;
use crate::data::{Fetched, Sending};
use crate::text::tr;
use atelier_api::account::SetUp as Body;
use atelier_api::calls;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub(crate) fn SetUp() -> impl IntoView {
    let state = Fetched::new(calls::setup_get);
    let token = use_query_map().read_untracked().get("token");
    view! {
        <Frame title=tr!(entrance.set_up)>
            <Loaded of=state let:state>
                {match (state.with_untracked(|state| state.needed), token.clone()) {
                    (false, _) => view! { <Done /> }.into_any(),
                    (true, None) => view! { <p class="notice wait">{tr!(entrance.no_token)}</p> }.into_any(),
                    (true, Some(token)) => view! { <SetUpForm token /> }.into_any(),
                }}
            </Loaded>
        </Frame>
    }
}

#[component]
fn Done() -> impl IntoView {
    view! {
        <p>{tr!(entrance.set_up_done)}</p>
        <a class="btn primary" href="/sign-in">{tr!(entrance.sign_in)}</a>
    }
}

#[component]
fn SetUpForm(token: String) -> impl IntoView {
    let appearance = Appearance::expect();
    let token = StoredValue::new(token);
    let organization = RwSignal::new(String::new());
    let form = AccountForm::new();
    let sample = RwSignal::new(true);
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = Body {
            token: token.get_value(),
            organization: organization.get_untracked(),
            name: form.name.get_untracked(),
            email: form.email.get_untracked(),
            password: form.password.get_untracked(),
            language: untrack(|| appearance.language()),
            sample_project: sample.get_untracked(),
        };
        sending.attempt(calls::setup_complete(&body), |_| leave_to("/"));
    };
    view! {
        <form class="stack" on:submit=submit>
            <p class="muted">{tr!(entrance.set_up_note)}</p>
            <TextField
                label=tr!(entrance.organization)
                value=organization
                hint=tr!(entrance.organization_hint)
                autocomplete="organization"
                problem=sending.problem("organization")
                required=true
                autofocus=true
                maxlength="80"
            />
            <AccountFields form sending />
            <CheckField
                label=tr!(entrance.sample)
                value=sample
                hint=tr!(entrance.sample_hint)
            />
            <FormFailure sending />
            <Submit label=tr!(entrance.set_up_button).to_owned() sending />
        </form>
    }
}
