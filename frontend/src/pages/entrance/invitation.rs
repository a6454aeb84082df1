//! An invitation: what it is to, and accepting it.

use super::account_fields::{AccountFields, AccountForm};
use super::frame::Frame;
use crate::api;
use crate::components::Loaded;
use crate::components::form::{FormFailure, Submit};
use crate::contexts::account::leave_to;
use crate::contexts::appearance::Appearance;
use crate::data::{Fetched, Sending};
use crate::format::time;
use crate::text::tr;
use crate::words;
use atelier_api::account::{InvitationPreview, Me, NewAccount};
use atelier_api::call::escape;
use atelier_api::calls;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_params_map;

#[component]
pub(crate) fn Invitation() -> impl IntoView {
    let token = use_params_map().read_untracked().get("token").unwrap_or_default();
    let token = StoredValue::new(token);
    let preview = Fetched::new(move || calls::invitation_preview(&token.get_value()));
    let me = RwSignal::new(None::<Me>);
    spawn_local(async move {
        // Nobody signed in is an answer too.
        if let Ok(somebody) = api::attempt(calls::me_get()).await {
            me.try_set(Some(somebody));
        }
    });
    view! {
        <Frame title=tr!(entrance.invitation)>
            <Loaded of=preview gone=tr!(entrance.invitation_gone) let:preview>
                <Preview preview />
                {move || match me.get() {
                    Some(me) => view! { <AcceptAs token me /> }.into_any(),
                    None => view! { <AcceptNew token preview /> }.into_any(),
                }}
            </Loaded>
        </Frame>
    }
}

#[component]
fn Preview(preview: RwSignal<InvitationPreview>) -> impl IntoView {
    let text = move || {
        preview.with(|p| match (&p.project, p.project_role) {
            (Some(project), Some(role)) => tr!(
                entrance.invited_to_project,
                by = p.invited_by.clone(),
                organization = p.organization.clone(),
                project = project.clone(),
                role = words::role(role.into())
            ),
            _ => tr!(
                entrance.invited,
                by = p.invited_by.clone(),
                organization = p.organization.clone(),
                role = words::role(p.role.into())
            ),
        })
    };
    view! {
        <p>{text}</p>
        <p class="faint small">
            {move || tr!(entrance.expires, at = preview.with(|p| time::moment(p.expires_at)))}
        </p>
    }
}

#[component]
fn AcceptAs(token: StoredValue<String>, me: Me) -> impl IntoView {
    let sending = Sending::new();
    let accept = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        sending.attempt(calls::invitation_accept(&token.get_value()), |_| leave_to("/"));
    };
    view! {
        <form class="stack" on:submit=accept>
            <FormFailure sending />
            <Submit label=tr!(entrance.accept_as, name = me.name, email = me.email) sending />
        </form>
    }
}

#[component]
fn AcceptNew(token: StoredValue<String>, preview: RwSignal<InvitationPreview>) -> impl IntoView {
    let appearance = Appearance::expect();
    let form = AccountForm::new();
    form.email.set(preview.with_untracked(|p| p.email.clone()).unwrap_or_default());
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = NewAccount {
            name: form.name.get_untracked(),
            email: form.email.get_untracked(),
            password: form.password.get_untracked(),
            language: untrack(|| appearance.language()),
        };
        let call = calls::invitation_accept_new(&token.get_value(), &body);
        sending.attempt(call, |_| leave_to("/"));
    };
    let sign_in =
        move || format!("/sign-in?return={}", escape(&format!("/invitation/{}", token.get_value())));
    view! {
        <form class="stack" on:submit=submit>
            <AccountFields form sending />
            <FormFailure sending />
            <Submit label=tr!(entrance.accept_new).to_owned() sending />
        </form>
        <p class="small">
            {tr!(entrance.have_account)} " "
            <a class="link" href=sign_in rel="external">{tr!(entrance.sign_in_to_accept)}</a>
        </p>
    }
}
