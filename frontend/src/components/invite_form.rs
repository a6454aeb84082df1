//! Makes an invitation link: into the organization, or into one of its projects as well.

use super::CopyLink;
use super::form::{FormFailure, SelectField, Submit, TextField};
use crate::contexts::organization::Org;
use crate::contexts::project::Proj;
use crate::data::Sending;
use crate::text::tr;
use crate::words;
use atelier_api::account::OneTimeLink;
use atelier_api::calls;
use atelier_api::person::{CreateInvitation, CreatedInvitation};
use atelier_api::role::{OrganizationRole, ProjectRole};
use leptos::prelude::*;

/// How long a link works, for a choice.
fn expiry_choices() -> Vec<(String, String)> {
    let choice = |days: i64| (days.to_string(), tr!(people.days, count = days));
    [1, 3, 7, 14, 30].map(choice).to_vec()
}

#[component]
pub(crate) fn InviteForm(
    #[prop(optional)] project: Option<Proj>,
    #[prop(optional)] invited: Option<Callback<()>>,
) -> impl IntoView {
    let org = Org::expect();
    let (label, field, options, usual) = match project {
        Some(_) => {
            let usual = ProjectRole::DataScientist.to_string();
            (tr!(members.role_here), "project_role", words::project_roles(), usual)
        }
        None => {
            let usual = OrganizationRole::Member.to_string();
            (tr!(members.role), "role", words::organization_roles(), usual)
        }
    };
    let (options, role) = (StoredValue::new(options), RwSignal::new(usual));
    let (email, days) = (RwSignal::new(String::new()), RwSignal::new("7".to_owned()));
    let link = RwSignal::new(None::<OneTimeLink>);
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let role = role.get_untracked();
        let body = CreateInvitation {
            email: Some(email.get_untracked().trim().to_owned()).filter(|email| !email.is_empty()),
            role: role.parse().unwrap_or(OrganizationRole::Member),
            project: project.map(Proj::slug),
            project_role: project.and_then(|_| role.parse().ok()),
            days: days.get_untracked().parse().unwrap_or(7),
        };
        let call = calls::invitation_create(&org.slug(), &body);
        sending.send(call, move |created: CreatedInvitation| {
            link.set(Some(created.link));
            if let Some(invited) = invited {
                invited.run(());
            }
        });
    };
    let form = move || {
        view! {
            <form class="stack" on:submit=submit>
                <Show when=move || project.is_some()>
                    <p class="muted">{tr!(members.invite_note)}</p>
                </Show>
                <TextField
                    label=tr!(people.invite_email)
                    value=email
                    kind="email"
                    hint=tr!(people.invite_email_hint)
                    problem=sending.problem("email")
                    autofocus=true
                    autocomplete="off"
                />
                <SelectField label value=role options=options.get_value() problem=sending.problem(field) />
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
