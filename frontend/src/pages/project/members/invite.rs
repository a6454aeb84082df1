//! An invitation link into the project, for somebody who has no account yet.

use crate::components::CopyLink;
use crate::components::form::{FormFailure, SelectField, Submit, TextField};
use crate::contexts::project::Proj;
use crate::data::Sending;
use crate::text::tr;
use crate::words;
use atelier_api::account::OneTimeLink;
use atelier_api::calls;
use atelier_api::person::{CreateInvitation, CreatedInvitation};
use atelier_api::role::{OrganizationRole, ProjectRole};
use leptos::prelude::*;

#[component]
pub(crate) fn InviteForm() -> impl IntoView {
    let project = Proj::expect();
    let email = RwSignal::new(String::new());
    let role = RwSignal::new(ProjectRole::DataScientist.to_string());
    let days = RwSignal::new("7".to_owned());
    let link = RwSignal::new(None::<OneTimeLink>);
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = CreateInvitation {
            email: Some(email.get_untracked().trim().to_owned()).filter(|email| !email.is_empty()),
            role: OrganizationRole::Member,
            project: Some(project.slug()),
            project_role: role.get_untracked().parse().ok(),
            days: days.get_untracked().parse().unwrap_or(7),
        };
        let call = calls::invitation_create(&project.org.slug(), &body);
        sending.send(call, move |created: CreatedInvitation| link.set(Some(created.link)));
    };
    let form = move || {
        view! {
            <form class="stack" on:submit=submit>
                <p class="muted">{tr!(members.invite_note)}</p>
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
                    label=tr!(members.role_here)
                    value=role
                    options=words::project_roles()
                    problem=sending.problem("project_role")
                />
                <SelectField
                    label=tr!(people.valid_for)
                    value=days
                    options=crate::pages::admin::expiry_choices()
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
