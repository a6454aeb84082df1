//! The table of people.

use super::edit::EditPerson;
use crate::components::Dialog;
use crate::contexts::clock::Clock;
use crate::contexts::organization::Org;
use crate::data::Listed;
use crate::format::time;
use crate::text::tr;
use crate::words;
use atelier_api::person::Person;
use atelier_api::role::{Action, Object};
use leptos::prelude::*;

#[component]
pub(crate) fn PersonTable(people: Signal<Vec<Person>>, list: Listed<Person>) -> impl IntoView {
    let editing = RwSignal::new(None::<Person>);
    let open = RwSignal::new(false);
    let title = move || editing.with(|p| p.as_ref().map(|p| p.name.clone()).unwrap_or_default());
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=tr!(people.title)>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{tr!(common.name)}</th>
                        <th scope="col">{tr!(members.role)}</th>
                        <th scope="col" class="num wide-only">{tr!(people.at_once)}</th>
                        <th scope="col" class="num wide-only">{tr!(people.monthly)}</th>
                        <th scope="col" class="wide-only">{tr!(people.last_seen)}</th>
                        <th scope="col"><span class="sr-only">{tr!(common.actions)}</span></th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || people.get() key=shown let(person)>
                        <PersonRow person editing open />
                    </For>
                </tbody>
            </table>
        </div>
        <Dialog open title=Signal::derive(title)>
            {move || editing.get().map(|person| view! { <EditPerson person open list /> })}
        </Dialog>
    }
}

/// A row is made anew when anything that it shows changes.
fn shown(person: &Person) -> impl Eq + std::hash::Hash + use<> {
    let Person { id, name, email, last_seen_at, version, .. } = person.clone();
    (id, name, email, last_seen_at, version)
}

#[component]
fn PersonRow(person: Person, editing: RwSignal<Option<Person>>, open: RwSignal<bool>) -> impl IntoView {
    let org = Org::expect();
    let clock = Clock::expect();
    let seen = person.last_seen_at;
    let seen = Memo::new(move |_| seen.map(|at| time::ago(at, clock.now())));
    let limits = person.limits;
    let no_limit = || tr!(people.no_limit).to_owned();
    let this = StoredValue::new(person.clone());
    view! {
        <tr>
            <td>
                <b class="strong">{person.name}</b>
                {person
                    .disabled_at
                    .map(|_| view! { " " <span class="chip bad">{tr!(people.disabled)}</span> })}
                <p class="faint small">{person.email}</p>
            </td>
            <td>{words::role(person.role.into())}</td>
            <td class="num wide-only">
                {limits.sessions_at_once.map_or_else(no_limit, |limit| limit.to_string())}
            </td>
            <td class="num wide-only">{limits.monthly.map_or_else(no_limit, |limit| org.money(limit))}</td>
            <td class="muted nowrap wide-only">{move || seen.get().unwrap_or_else(|| tr!(people.never).to_owned())}</td>
            <td class="num">
                <Show when=move || org.may(Object::Person, Action::Update)>
                    <button
                        class="btn"
                        aria-label=tr!(people.edit_named, name = this.with_value(|p| p.name.clone()))
                        on:click=move |_| {
                            editing.set(Some(this.get_value()));
                            open.set(true);
                        }
                    >
                        {tr!(common.edit)}
                    </button>
                </Show>
            </td>
        </tr>
    }
}
