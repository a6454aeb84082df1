//! Adds somebody of the organization.

use super::role_choice::RoleChoice;
use crate::components::Loaded;
use crate::components::form::{FormFailure, SearchField, SelectField, Submit};
use crate::contexts::project::Proj;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::text::tr;
use atelier_api::calls;
use atelier_api::member::{AddMember, Candidate, Member};
use atelier_api::role::ProjectRole;
use leptos::prelude::*;

#[component]
pub(crate) fn AddForm(
    open: RwSignal<bool>,
    members: Fetched<Vec<Member>>,
    roles: RoleChoice,
) -> impl IntoView {
    let project = Proj::expect();
    let toasts = Toasts::expect();
    let search = RwSignal::new(String::new());
    let person = RwSignal::new(None::<Candidate>);
    let role = RwSignal::new(ProjectRole::DataScientist.to_string());
    let sending = Sending::new();
    let candidates = Fetched::new(move || {
        calls::member_candidates(&project.org.slug(), &project.slug(), search.get().trim())
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let parsed = roles.parse(&role.get_untracked());
        let (Some(person), Some((role, custom_role))) = (person.get_untracked(), parsed) else { return };
        let body = AddMember { person: person.person, role, custom_role };
        let call = calls::member_add(&project.org.slug(), &project.slug(), &body);
        sending.send(call, move |member: Member| {
            toasts.done(tr!(members.added, name = member.name));
            members.refetch();
            open.set(false);
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            <SearchField label=tr!(members.search) search autofocus=true />
            <Loaded of=candidates let:found>
                <Show
                    when=move || found.with(|found| !found.is_empty())
                    fallback=|| view! { <p class="faint" role="status">{tr!(members.nobody_found)}</p> }
                >
                    <fieldset class="candidates">
                        <legend class="sr-only">{tr!(members.who)}</legend>
                        <For each=move || found.get() key=|found| found.person.clone() let(candidate)>
                            <CandidateChoice candidate person />
                        </For>
                    </fieldset>
                </Show>
            </Loaded>
            <SelectField
                label=tr!(members.role)
                value=role
                options=untrack(|| roles.options())
                problem=sending.problem("role")
            />
            <FormFailure sending />
            <div class="row end">
                <Submit
                    label=tr!(members.add_button).to_owned()
                    sending
                    disabled=Signal::derive(move || person.with(Option::is_none))
                />
            </div>
        </form>
    }
}

#[component]
fn CandidateChoice(candidate: Candidate, person: RwSignal<Option<Candidate>>) -> impl IntoView {
    let this = StoredValue::new(candidate.clone());
    let chosen =
        move || person.with(|p| p.as_ref().is_some_and(|p| this.with_value(|t| t.person == p.person)));
    view! {
        <label class="row" class:on=chosen>
            <input
                type="radio"
                name="person"
                prop:checked=chosen
                on:change=move |_| person.set(Some(this.get_value()))
            />
            <span class="grow">
                {candidate.name} <span class="faint small block">{candidate.email}</span>
            </span>
        </label>
    }
}
