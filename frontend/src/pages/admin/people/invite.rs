//! An invitation into the organization.

use crate::components::CopyLink;
use crate::components::form::{FormFailure, SelectField, Submit, TextField};
use crate::contexts::organization::Org;
use crate::data::{Fetched, Sending};
use crate::text::tr;
use crate::words;
use atelier_api::account::OneTimeLink;
use atelier_api::calls;
use atelier_api::person::{CreateInvitation, CreatedInvitation, Invitation};
use atelier_api::role::OrganizationRole;
use leptos::prelude::*;

/// How long a link works, for a choice.
pub(crate) fn expiry_choices() -> Vec<(String, String)> {
    let choice = |days: i64| (days.to_string(), tr!(people.days, count = days));
    [1, 3, 7, 14, 30].map(choice).to_vec()
}

#[component]
pub(crate) fn InviteForm(invitations: Fetched<Vec<Invitation>>) -> impl IntoView {
    let org = Org::expect();
    let email = RwSignal::new(String::new());
    let role = RwSignal::new(OrganizationRole::Member.to_string());
    let days = RwSignal::new("7".to_owned());
    let link = RwSignal::new(None::<OneTimeLink>);
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(role) = role.get_untracked().parse() else { return };
        let body = CreateInvitation {
            email: Some(email.get_untracked().trim().to_owned()).filter(|email| !email.is_empty()),
            role,
            project: None,
            project_role: None,
            days: days.get_untracked().parse().unwrap_or(7),
        };
        let call = calls::invitation_create(&org.slug(), &body);
        sending.send(call, move |created: CreatedInvitation| {
            link.set(Some(created.link));
            invitations.refetch();
        });
    };
    let form = move || {
        view! {
            <form class="stack" on:submit=submit>
                <TextField
                    label=tr!(people.invite_email)
                    value=email
                    kind="email"
                    hint=tr!(people.invite_email_hint)
                    problem=sending.problem("email")
                    autofocus=true
                    autocomplete="off"
                />
                <SelectField
                    label=tr!(members.role)
                    value=role
                    options=words::organization_roles()
                    problem=sending.problem("role")
                />
                <SelectField
                    label=tr!(people.valid_for)
                    value=days
                    options=expiry_choices()
                    problem=sending.problem("days")
                />
                <FormFailure sending />
                <div class="row end">
                    <Submit label=tr!(people.make_link).to_owned() sending />
                </div>
            </form>
        }
    };
    move || match link.get() {
        Some(link) => view! { <CopyLink link label=tr!(people.invitation_link) /> }.into_any(),
        None => form().into_any(),
    }
}
