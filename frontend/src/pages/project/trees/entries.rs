//! What is in a folder, and who changed it last.

use super::context::{Place, Tree};
use crate::contexts::clock::Clock;
use crate::data::Fetched;
use crate::format::{size, time};
use crate::pages::project::versions::Sign;
use crate::text::tr;
use atelier_api::data::{DataEntry, DataEntryKind, DataLastChanges, DataVersion};
use atelier_api::restriction::Restriction;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use std::collections::HashMap;
use wasm_bindgen::JsCast;

#[component]
pub(super) fn Entries(
    entries: Signal<Vec<DataEntry>>,
    changes: Fetched<DataLastChanges>,
    place: Place,
    restricted: Signal<Vec<Restriction>>,
) -> impl IntoView {
    let tree = Tree::expect();
    let last = Memo::new(move |_| changes.get().map(|changes| Last::of(&changes)).unwrap_or_default());
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=tree.kind.title()>
            <table class="entries" on:keydown=walk>
                <thead>
                    <tr>
                        <th scope="col">{tr!(common.name)}</th>
                        <th scope="col" class="wide-only">{tr!(files.last_change)}</th>
                        <th scope="col" class="wide-only">{tr!(data.who)}</th>
                        <th scope="col" class="num wide-only">{tr!(data.when)}</th>
                        <th scope="col" class="num">{tr!(data.size)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=move || {
                            // A row's links hold the version and the folder.
                            let at = (place.asked.get(), place.path.get());
                            entries.get().into_iter().map(move |entry| (at.clone(), entry)).collect::<Vec<_>>()
                        }
                        key=|(at, entry)| (at.clone(), entry.name.clone(), entry.content.clone(), entry.bytes)
                        let((at, entry))
                    >
                        <EntryRow asked=at.0 folder=at.1 entry last restricted />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

/// Who changed what last, by name.
#[derive(Clone, Debug, Default, PartialEq)]
struct Last {
    by_name: HashMap<String, DataVersion>,
    others: Option<DataVersion>,
}

impl Last {
    fn of(changes: &DataLastChanges) -> Last {
        let version = |number: i64| changes.versions.iter().find(|version| version.number == number).cloned();
        let named = changes.entries.iter();
        let by_name = named.filter_map(|entry| Some((entry.name.clone(), version(entry.number)?))).collect();
        Last { by_name, others: changes.others.and_then(version) }
    }
}

#[component]
fn EntryRow(
    asked: Option<i64>,
    folder: String,
    entry: DataEntry,
    last: Memo<Last>,
    restricted: Signal<Vec<Restriction>>,
) -> impl IntoView {
    let tree = Tree::expect();
    let clock = Clock::expect();
    let DataEntry { name, kind, bytes, .. } = entry;
    let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
    let is_folder = kind == DataEntryKind::Folder;
    let address = if is_folder { tree.folder_at(&path, asked) } else { tree.file_at(&path, asked) };
    let this = path.clone();
    let is_restricted = move || restricted.with(|all| all.iter().any(|one| one.path == this));
    let key = name.clone();
    let changed =
        Memo::new(move |_| last.with(|last| last.by_name.get(&key).or(last.others.as_ref()).cloned()));
    let message = move || {
        let version = changed.get()?;
        let line = version.message.lines().next().unwrap_or_default().to_owned();
        Some(if line.is_empty() {
            format!("v{}", version.number)
        } else {
            format!("v{} · {line}", version.number)
        })
    };
    let who = move || changed.with(|version| version.as_ref().map(|version| version.author_name.clone()));
    let ago = move || {
        changed.with(|version| version.as_ref().map(|version| time::ago(version.created_at, clock.now())))
    };
    view! {
        <tr>
            <td>
                <a class="strong entry" href=address>
                    <Sign folder=is_folder />
                    {name}
                </a>
                <Show when=is_restricted>
                    " "
                    <span class="chip">{tr!(files.restricted_sign)}</span>
                </Show>
            </td>
            <td class="muted wide-only">
                <p class="clip">{message}</p>
            </td>
            <td class="wide-only">{who}</td>
            <td class="num muted nowrap wide-only">{ago}</td>
            <td class="num">{size::bytes(bytes)}</td>
        </tr>
    }
}

/// The arrows go from row to row.
fn walk(event: KeyboardEvent) {
    let down = match event.key().as_str() {
        "ArrowDown" => true,
        "ArrowUp" => false,
        _ => return,
    };
    let here = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let Some(row) = here.and_then(|here| here.closest("tr").ok().flatten()) else { return };
    let next = if down { row.next_element_sibling() } else { row.previous_element_sibling() };
    let link = next.and_then(|row| row.query_selector("a").ok().flatten());
    if let Some(link) = link.and_then(|link| link.dyn_into::<web_sys::HtmlElement>().ok()) {
        event.prevent_default();
        // Fails for what cannot be focused; a link can.
        let _ = link.focus();
    }
}
