//! What is in the dialog: a field, and the places whose name fits.

use super::places::{Place, matches, places};
use crate::contexts::organization::Org;
use crate::contexts::project::Proj;
use crate::data::Fetched;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::project::ProjectFilter;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

/// More results than one can see help nobody.
const SHOWN: usize = 8;

#[component]
pub(crate) fn Palette(open: RwSignal<bool>) -> impl IntoView {
    let org = Org::expect();
    let project = use_context::<Proj>();
    let typed = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    let projects = Fetched::new(move || {
        let search = Some(typed.get()).filter(|text| !text.trim().is_empty());
        calls::project_list(&org.slug(), &ProjectFilter { search, ..ProjectFilter::default() })
    });
    let found = Memo::new(move |_| {
        let projects = projects.get().map(|page| page.items).unwrap_or_default();
        let typed = typed.get();
        let mut found = places(org, project, &projects);
        found.retain(|place| matches(place, &typed));
        found.truncate(SHOWN);
        found
    });
    let navigate = StoredValue::new_local(use_navigate());
    let go = move |place: Place| {
        open.set(false);
        navigate.with_value(|navigate| navigate(&place.address, Default::default()));
    };
    let key = move |event: KeyboardEvent| {
        let count = found.with_untracked(Vec::len);
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|at| *at = (*at + 1) % count.max(1)),
            "ArrowUp" => chosen.update(|at| *at = (*at + count.max(1) - 1) % count.max(1)),
            "Enter" => {
                if let Some(place) = found.with_untracked(|f| f.get(chosen.get_untracked()).cloned()) {
                    go(place);
                }
            }
            _ => return,
        }
        event.prevent_default();
    };
    let options = move || {
        found
            .get()
            .into_iter()
            .enumerate()
            .map(|(index, place)| {
                let target = place.clone();
                view! {
                    <li
                        id=format!("place-{index}")
                        role="option"
                        aria-selected=move || (chosen.get() == index).to_string()
                        on:mousemove=move |_| chosen.set(index)
                        on:click=move |_| go(target.clone())
                    >
                        <span>{place.name}</span>
                        <span class="faint">{place.area}</span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <input
            class="input"
            role="combobox"
            aria-label=tr!(shell.find)
            aria-expanded="true"
            aria-controls="places"
            aria-autocomplete="list"
            aria-activedescendant=move || {
                found.with(|f| !f.is_empty()).then(|| format!("place-{}", chosen.get()))
            }
            placeholder=tr!(shell.find)
            autofocus=true
            autocomplete="off"
            maxlength="80"
            on:keydown=key
            on:input=move |event| {
                chosen.set(0);
                typed.set(event_target_value(&event));
            }
        />
        <ul class="places" id="places" role="listbox" aria-label=tr!(shell.places)>
            {options}
        </ul>
        <Show when=move || found.with(Vec::is_empty)>
            <p class="faint" role="status">{tr!(shell.nothing_found)}</p>
        </Show>
    }
}
