//! The files of a version, folder by folder.

use super::super::upload::{Choose, Wishes};
use super::entries::Entries;
use super::moved;
use crate::components::{Empty, Loaded, ShowMore};
use crate::contexts::dataset::{Ds, Noun, call};
use crate::data::{Fetched, Listed};
use crate::format::time;
use crate::pages::project::versions::way;
use crate::text::tr;
use crate::uploads::Picked;
use atelier_api::call::escape;
use atelier_api::data::{DataFolder, DataVersion};
use atelier_api::role::Action;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

#[component]
pub(crate) fn Files() -> impl IntoView {
    let dataset = Ds::expect();
    let params = use_params_map();
    let asked = Memo::new(move |_| params.read().get("version"));
    let has_any = Memo::new(move |_| dataset.info.with(|info| info.latest.is_some()));
    move || match asked.get() {
        Some(version) => view! { <OlderVersion version /> }.into_any(),
        None if has_any.get() => view! { <Newest /> }.into_any(),
        None if dataset.noun == Noun::Model => view! {
            <div class="card">
                <Empty title=tr!(data.no_files) text=tr!(models.no_files_text) />
            </div>
        }
        .into_any(),
        None => view! { <NoVersion /> }.into_any(),
    }
}

/// Invites to bring the first files.
#[component]
fn NoVersion() -> impl IntoView {
    let dataset = Ds::expect();
    let wishes = Wishes::expect();
    wishes.folder.set(String::new());
    let on_files = Callback::new(move |picked: Picked| wishes.take(picked));
    move || {
        if !dataset.may(Action::Commit) {
            return view! {
                <div class="card">
                    <Empty title=tr!(data.no_files) text=tr!(data.no_files_reader) />
                </div>
            }
            .into_any();
        }
        view! {
            <div class="card dropping">
                <Empty title=tr!(data.no_files) text=tr!(data.no_files_text)>
                    <div class="row wrap">
                        <Choose on_files />
                    </div>
                </Empty>
            </div>
        }
        .into_any()
    }
}

#[component]
fn Newest() -> impl IntoView {
    let dataset = Ds::expect();
    // By its number, so that all parts of the page are of the same version.
    let number = Memo::new(move |before: Option<&i64>| {
        let latest = dataset.info.with(|info| info.latest.as_ref().map(|latest| latest.number));
        latest.or(before.copied()).unwrap_or_default()
    });
    view! { <Folder version=Signal::derive(move || number.get().to_string()) base=dataset.files() /> }
}

/// A version that the address names by number or tag.
#[component]
fn OlderVersion(version: String) -> impl IntoView {
    let dataset = Ds::expect();
    let base = dataset.at(&format!("/{}", escape(&version)));
    let fetched = Fetched::new(move || call!(dataset, version_get(&version)))
        .stale_on(dataset.project.org.live, moved(dataset));
    view! {
        <Loaded of=fetched whole=true let:version>
            <About version />
            <Folder
                version=Signal::derive(move || version.with(|v| v.number.to_string()))
                base=base.clone()
            />
        </Loaded>
    }
}

#[component]
fn About(version: RwSignal<DataVersion>) -> impl IntoView {
    let dataset = Ds::expect();
    let is_newest = move || {
        let latest = dataset.info.with(|info| info.latest.as_ref().map(|latest| latest.number));
        version.with(|version| Some(version.number) == latest)
    };
    let sentence = move || {
        version.with(|v| {
            let at = time::moment(v.created_at);
            match v.trashed_at {
                Some(_) => tr!(data.looking_at_trashed, number = v.number, at = at),
                None => tr!(data.looking_at, number = v.number, at = at),
            }
        })
    };
    view! {
        <Show when=move || !is_newest()>
            <div class="notice row between wrap">
                <p class="grow">{sentence}</p>
                <a class="btn" href=dataset.files()>
                    {tr!(data.to_newest)}
                </a>
            </div>
        </Show>
    }
}

#[component]
fn Folder(version: Signal<String>, base: String) -> impl IntoView {
    let dataset = Ds::expect();
    let query = use_query_map();
    let path = Memo::new(move |_| query.read().get("path").unwrap_or_default());
    // What is dropped here comes here, where it is taken.
    if let Some(wishes) = use_context::<Wishes>() {
        Effect::new(move |_| wishes.folder.set(path.get()));
        on_cleanup(move || {
            wishes.folder.try_set(String::new());
        });
    }
    let list = Listed::new(move |cursor| {
        let folder = DataFolder { path: Some(path.get()).filter(|path| !path.is_empty()), cursor };
        call!(dataset, files(&version.get(), &folder))
    });
    let base = StoredValue::new(base);
    let folder_at = move |path: &str| match path {
        "" => base.get_value(),
        path => format!("{}?path={}", base.get_value(), escape(path)),
    };
    let archive = move || {
        let path = path.get();
        call!(dataset, archive_path(&version.get(), Some(path.as_str()).filter(|p| !p.is_empty())))
    };
    let words =
        move || if path.with(String::is_empty) { tr!(data.all_as_zip) } else { tr!(data.folder_as_zip) };
    view! {
        <section class="card">
            <header>
                <nav class="way" aria-label=tr!(data.folder)>
                    {move || way(dataset.name(), &path.get(), folder_at)}
                </nav>
                <a class="btn small" href=archive rel="external" download="">
                    {words}
                </a>
            </header>
            <Loaded of=list.first gone=tr!(data.folder_gone) let:first>
                <Show
                    when=move || first.with(|page| !page.items.is_empty())
                    fallback=|| view! { <Empty title=tr!(data.folder_empty) text=tr!(data.folder_empty_text) /> }
                >
                    <Entries
                        entries=Signal::derive(move || list.items(&first.get()))
                        version
                        path
                        base=base.get_value()
                    />
                    <ShowMore list />
                </Show>
            </Loaded>
        </section>
    }
}
