//! Who may start a size: everybody, or only chosen people and groups.

use crate::components::form::{FormFailure, Submit};
use crate::components::{Loaded, Pick, PickList};
use crate::contexts::organization::Org;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending, Typed};
use crate::text::tr;
use atelier_api::calls;
use atelier_api::grant::{Grant, Grants, SetGrants};
use leptos::prelude::*;

#[component]
pub(crate) fn Starters(tier: String, open: RwSignal<bool>, saved: Callback<()>) -> impl IntoView {
    let org = Org::expect();
    let id = StoredValue::new(tier);
    let grants = Fetched::new(move || calls::tier_grants(&org.slug(), &id.get_value()));
    view! {
        <Loaded of=grants let:grants>
            <StartersForm id grants=grants.get_untracked() open saved />
        </Loaded>
    }
}

fn picks(grants: Vec<Grant>) -> Vec<Pick> {
    let pick = |grant: Grant| Pick {
        subject: grant.subject,
        name: grant.name,
        note: grant.email.unwrap_or_else(|| tr!(groups.a_group).to_owned()),
    };
    grants.into_iter().map(pick).collect()
}

#[component]
fn StartersForm(
    id: StoredValue<String>,
    grants: Grants,
    open: RwSignal<bool>,
    saved: Callback<()>,
) -> impl IntoView {
    let org = Org::expect();
    let toasts = Toasts::expect();
    let version = StoredValue::new(grants.version);
    let only = Typed::over(grants.only);
    let (allow, deny) = (Typed::over(picks(grants.allow)), Typed::over(picks(grants.deny)));
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let only = only.value.get_untracked();
        let named = |list: Typed<Vec<Pick>>| {
            list.value.with_untracked(|list| list.iter().map(|pick| pick.subject.clone()).collect::<Vec<_>>())
        };
        // Whoever is named is no exception where everybody may.
        let allow = if only { named(allow) } else { Vec::new() };
        let body = SetGrants { only, allow, deny: named(deny) };
        let call = calls::tier_grants_set(&org.slug(), &id.get_value(), &body);
        sending.send(call.unless_changed(version.get_value()), move |_: Grants| {
            toasts.done(tr!(common.saved));
            saved.run(());
            open.set(false);
        });
    };
    let renew = Callback::new(move |()| {
        sending.send(calls::tier_grants(&org.slug(), &id.get_value()), move |newer: Grants| {
            version.set_value(newer.version);
            only.renew(newer.only);
            allow.renew(picks(newer.allow));
            deny.renew(picks(newer.deny));
        });
    });
    let choice = move |value: bool, text: &'static str| {
        view! {
            <label class="row">
                <input
                    type="radio"
                    name="starters"
                    prop:checked=move || only.value.get() == value
                    on:change=move |_| only.value.set(value)
                />
                <span>{text}</span>
            </label>
        }
    };
    view! {
        <form class="stack" on:submit=submit>
            <p class="muted">{tr!(sizes.starters_note)}</p>
            <fieldset class="stack">
                <legend class="sr-only">{tr!(sizes.starters)}</legend>
                {choice(false, tr!(sizes.everybody))}
                {choice(true, tr!(sizes.only_these))}
            </fieldset>
            <Show when=move || only.value.get()>
                <Named title=tr!(sizes.may) list=allow.value other=deny.value />
            </Show>
            <Named title=tr!(sizes.may_not) list=deny.value other=allow.value />
            <FormFailure sending renew />
            <div class="row end">
                <Submit label=tr!(common.save).to_owned() sending />
            </div>
        </form>
    }
}

/// A list of people and groups, to which more can be added.
#[component]
fn Named(
    title: &'static str,
    list: RwSignal<Vec<Pick>>,
    /// Who is in the other list, and so cannot be in this one.
    other: RwSignal<Vec<Pick>>,
) -> impl IntoView {
    let adding = RwSignal::new(false);
    let remove = move |pick: &Pick| list.update(|list| list.retain(|one| one.subject != pick.subject));
    let line = move |pick: Pick| {
        let named = tr!(members.remove_named, name = pick.name.clone());
        let this = pick.clone();
        view! {
            <li class="row between">
                <span>{pick.name} " " <span class="faint small">{pick.note}</span></span>
                <button type="button" class="btn quiet danger" aria-label=named on:click=move |_| remove(&this)>
                    {tr!(members.remove)}
                </button>
            </li>
        }
    };
    view! {
        <section>
            <div class="row between">
                <h3 class="strong">{title}</h3>
                <button
                    type="button"
                    class="btn"
                    aria-expanded=move || adding.get().to_string()
                    aria-label=tr!(sizes.add_to, list = title)
                    on:click=move |_| adding.update(|adding| *adding = !*adding)
                >
                    {tr!(members.add_button)}
                </button>
            </div>
            <Show when=move || list.with(Vec::is_empty) && !adding.get()>
                <p class="faint">{tr!(sizes.nobody)}</p>
            </Show>
            <ul>
                <For each=move || list.get() key=|pick| pick.subject.clone() children=line />
            </ul>
            <Show when=move || adding.get()>
                <AddNamed list other adding />
            </Show>
        </section>
    }
}

#[component]
fn AddNamed(list: RwSignal<Vec<Pick>>, other: RwSignal<Vec<Pick>>, adding: RwSignal<bool>) -> impl IntoView {
    let org = Org::expect();
    let search = RwSignal::new(String::new());
    let picked = RwSignal::new(None::<Pick>);
    let people = Fetched::new(move || calls::person_list(&org.slug(), Some(search.get().trim()), None));
    let groups = Fetched::new(move || calls::group_list(&org.slug(), Some(search.get().trim()), None));
    // Picking is adding: nothing is sent before the form is.
    Effect::new(move |_| {
        if let Some(pick) = picked.get() {
            list.update(|list| list.push(pick));
            adding.set(false);
        }
    });
    view! {
        <Loaded of=people let:people>
            <Loaded of=groups let:groups>
                <PickList
                    label=tr!(members.search)
                    search
                    found=Signal::derive(move || {
                        let taken = |pick: &Pick| {
                            let is = |one: &Pick| one.subject == pick.subject;
                            list.with(|list| list.iter().any(is)) || other.with(|list| list.iter().any(is))
                        };
                        let groups = groups.get().items.into_iter();
                        let groups = groups.map(|group| Pick::group(group.id, group.name, group.people));
                        let people = people.get().items.into_iter();
                        groups
                            .chain(people.map(|person| Pick::person(person.id, person.name, person.email)))
                            .filter(|pick| !taken(pick))
                            .collect()
                    })
                    picked
                    nobody=tr!(groups.nobody_found)
                />
            </Loaded>
        </Loaded>
    }
}
