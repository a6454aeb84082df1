//! A folder of the newest version, or of an older one.

use super::context::{Kind, Place, Tree, call, name_of};
use super::entries::Entries;
use super::preview::Preview;
use super::version::OlderNotice;
use crate::components::form::SearchField;
use crate::components::{Empty, Loaded, ShowMore, in_words};
use crate::data::{Fetched, Listed, in_address};
use crate::format::size;
use crate::pages::project::versions::way;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::data::{DataEntry, DataEntryKind, DataFolder};
use atelier_api::restriction::Restriction;
use leptos::prelude::*;

#[component]
pub(crate) fn Browse() -> impl IntoView {
    let tree = Tree::expect();
    let place = Place::of(tree);
    crate::components::title(move || match place.path.get().as_str() {
        "" => tree.kind.title().to_owned(),
        path => name_of(path).to_owned(),
    });
    let search = in_address("q");
    let list = Listed::new(move |cursor| {
        let folder = DataFolder { path: Some(place.path.get()).filter(|path| !path.is_empty()), cursor };
        call!(tree, list(&place.number.get().to_string(), &folder))
    });
    let changes = Fetched::new(move || {
        let path = place.path.get();
        let folder = Some(path.as_str()).filter(|path| !path.is_empty());
        call!(tree, last_changes(&place.number.get().to_string(), folder))
    });
    // What one may read changes without a new version.
    list.first.stale_on(tree.project.org.live, tree.kind.moved(tree.project));
    changes.stale_on(tree.project.org.live, tree.kind.moved(tree.project));
    let restricted = restrictions(tree);
    let said = move || {
        let path = place.path.get();
        let covers = |one: &&Restriction| {
            path.strip_prefix(&one.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        restricted.with(|all| all.iter().find(covers).map(|one| in_words(&one.readers)))
    };
    let archive = move || {
        let path = place.path.get();
        let folder = Some(path.as_str()).filter(|path| !path.is_empty());
        call!(tree, archive_path(&place.number.get().to_string(), folder))
    };
    let zip = move || {
        if place.path.with(String::is_empty) { tr!(data.all_as_zip) } else { tr!(data.folder_as_zip) }
    };
    let entries =
        Signal::derive(move || list.first.get().map(|first| list.items(&first)).unwrap_or_default());
    let folder_at = move |path: &str| tree.folder_at(path, place.asked.get());
    view! {
        <OlderNotice place />
        <section class="card">
            <header>
                <nav class="way" aria-label=tr!(data.folder)>
                    {move || way(tree.project.name(), &place.path.get(), folder_at)}
                </nav>
                <div class="row wrap search-in">
                    <SearchField label=tr!(files.search) search />
                    <Show when=move || tree.may_restrict() && !place.path.with(String::is_empty) && said().is_none()>
                        <a class="btn small" href=move || tree.readers_at(&place.path.get())>
                            {tr!(files.readers)}
                        </a>
                    </Show>
                    <a class="btn small" href=archive rel="external" download="">
                        {zip}
                    </a>
                </div>
            </header>
            {move || {
                said()
                    .map(|who| {
                        view! {
                            <p class="in muted">
                                <a href=tree.readers_at("")>{tr!(files.readers)}</a> ": " {who}
                            </p>
                        }
                    })
            }}
            <Loaded of=list.first gone=tr!(data.folder_gone) let:first>
                {
                    let all = Signal::derive(move || list.items(&first.get()));
                    view! { <Inside all search list changes place restricted /> }
                }
            </Loaded>
        </section>
        <Readme entries place />
    }
}

#[component]
fn Inside(
    all: Signal<Vec<DataEntry>>,
    search: RwSignal<String>,
    list: Listed<DataEntry>,
    changes: Fetched<atelier_api::data::DataLastChanges>,
    place: Place,
    restricted: Signal<Vec<Restriction>>,
) -> impl IntoView {
    let entries = Signal::derive(move || {
        let wanted = search.get().trim().to_lowercase();
        let mut found = all.get();
        found.retain(|entry| entry.name.to_lowercase().contains(&wanted));
        found
    });
    let searched = move || {
        let count = all.with(Vec::len);
        tr!(files.searched_part, count = count as i64, n = size::number(count as f64, 0))
    };
    let narrowed = move || !search.with(|text| text.trim().is_empty());
    view! {
        <Show
            when=move || entries.with(|entries| !entries.is_empty())
            fallback=move || match narrowed() {
                true => view! { <Empty title=tr!(files.not_found) text=tr!(files.not_found_text) /> }.into_any(),
                false => view! { <Empty title=tr!(data.folder_empty) text=tr!(files.folder_empty_text) /> }.into_any(),
            }
        >
            <Entries entries changes place restricted />
        </Show>
        <Show when=move || narrowed() && list.has_more()>
            <p class="in muted">{searched}</p>
        </Show>
        <ShowMore list />
    }
}

/// What not everybody may read, as far as the caller may.
fn restrictions(tree: Tree) -> Signal<Vec<Restriction>> {
    if tree.kind != Kind::Files {
        return Signal::stored(Vec::new());
    }
    let (org, project) = tree.names();
    let all = Fetched::new(move || calls::files_restriction_list(&org, &project))
        .stale_on(tree.project.org.live, tree.kind.moved(tree.project));
    Signal::derive(move || all.get().unwrap_or_default())
}

/// What a folder says about itself.
#[component]
fn Readme(entries: Signal<Vec<DataEntry>>, place: Place) -> impl IntoView {
    let readme = Memo::new(move |_| {
        let is_one = |entry: &&DataEntry| {
            entry.kind == DataEntryKind::File && entry.name.eq_ignore_ascii_case("readme.md")
        };
        entries.with(|entries| entries.iter().find(is_one).map(|entry| entry.name.clone()))
    });
    let path = Memo::new(move |_| {
        let name = readme.get()?;
        Some(place.path.with(|folder| if folder.is_empty() { name } else { format!("{folder}/{name}") }))
    });
    move || {
        let path = path.get()?;
        let name = name_of(&path).to_owned();
        let label = name.clone();
        let number = Signal::derive(move || place.number.get());
        Some(view! {
            <section class="card" aria-label=label>
                <header>
                    <h2>{name}</h2>
                </header>
                <Preview path=Signal::stored(path) number asked=place.asked />
            </section>
        })
    }
}
