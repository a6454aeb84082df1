//! People and groups, one of whom is picked.

use super::form::SearchField;
use crate::text::tr;
use crate::words;
use atelier_api::grant::Subject;
use atelier_api::role::ProjectRole;
use leptos::prelude::*;

/// Somebody to be picked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pick {
    pub(crate) subject: Subject,
    pub(crate) name: String,
    /// An address, or how many people.
    pub(crate) note: String,
}

impl Pick {
    pub(crate) fn person(id: String, name: String, email: String) -> Pick {
        Pick { subject: Subject::Person(id), name, note: email }
    }

    pub(crate) fn group(id: String, name: String, people: i64) -> Pick {
        let note = tr!(groups.group_of, people = tr!(groups.people_count, count = people));
        Pick { subject: Subject::Group(id), name, note }
    }

    /// A built-in role goes by our name for it.
    pub(crate) fn role(role: String, name: String) -> Pick {
        let name = role.parse::<ProjectRole>().map_or(name, |role| words::role(role.into()).to_owned());
        Pick { subject: Subject::Role(role), name, note: tr!(roles.a_role).to_owned() }
    }
}

/// A search, and what it found.
#[component]
pub(crate) fn PickList(
    #[prop(into)] label: String,
    search: RwSignal<String>,
    found: Signal<Vec<Pick>>,
    picked: RwSignal<Option<Pick>>,
    #[prop(into)] nobody: String,
) -> impl IntoView {
    let name = super::form::unique("pick");
    let name = StoredValue::new(name);
    let nobody = StoredValue::new(nobody);
    let legend = label.clone();
    view! {
        <SearchField label search autofocus=true />
        <Show
            when=move || found.with(|found| !found.is_empty())
            fallback=move || view! { <p class="faint" role="status">{nobody.get_value()}</p> }
        >
            <fieldset class="candidates">
                <legend class="sr-only">{legend.clone()}</legend>
                <For each=move || found.get() key=|pick| (pick.subject.clone(), pick.name.clone()) let(pick)>
                    <PickLine pick picked name=name.get_value() />
                </For>
            </fieldset>
        </Show>
    }
}

#[component]
fn PickLine(pick: Pick, picked: RwSignal<Option<Pick>>, name: String) -> impl IntoView {
    let this = StoredValue::new(pick.clone());
    let chosen =
        move || picked.with(|p| p.as_ref().is_some_and(|p| this.with_value(|t| t.subject == p.subject)));
    view! {
        <label class="row" class:on=chosen>
            <input
                type="radio"
                name=name
                prop:checked=chosen
                on:change=move |_| picked.set(Some(this.get_value()))
            />
            <span class="grow">{pick.name} <span class="faint small block">{pick.note}</span></span>
        </label>
    }
}
