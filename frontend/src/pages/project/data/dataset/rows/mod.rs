//! The rows of a table: a file of a version, or a folder of files.

mod condition;
mod conditions;
mod grid;
mod wish;

use crate::components::Loaded;
use crate::contexts::dataset::Ds;
use crate::data::Fetched;
use crate::pages::project::versions::way;
use crate::text::tr;
use atelier_api::call::escape;
use atelier_api::calls;
use atelier_api::table::Rows;
use conditions::Conditions;
use grid::Grid;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use wish::Wish;

/// Whether the rows of a file of this name can be shown.
pub(super) fn is_table(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    matches!(ending.as_deref(), Some("csv" | "tsv" | "tab" | "parquet" | "jsonl" | "ndjson"))
}

/// Where the rows of a file are shown.
pub(super) fn address(dataset: Ds, version: &str, path: &str) -> String {
    dataset.at(&format!("/rows?version={}&path={}", escape(version), escape(path)))
}

#[component]
pub(crate) fn TableRows() -> impl IntoView {
    let dataset = Ds::expect();
    let query = use_query_map();
    let path = Memo::new(move |_| query.read().get("path").unwrap_or_default());
    let version = Memo::new(move |_| {
        let newest = move || dataset.info.with(|info| info.latest.as_ref().map(|latest| latest.number));
        let asked = query.read().get("version");
        asked.or_else(|| newest().map(|number| number.to_string())).unwrap_or_default()
    });
    let wish = Wish::in_address();
    let folder_at = move |folder: &str| {
        let at = dataset.at(&format!("/{}", escape(&version.get())));
        if folder.is_empty() { at } else { format!("{at}?path={}", escape(folder)) }
    };
    let content = move || {
        let (org, project, slug) = dataset.names();
        calls::dataset_content_path(&org, &project, &slug, &version.get(), &path.get())
    };
    // What other conditions give is another table, not the same one changed.
    let of = Memo::new(move |_| (version.get(), path.get(), wish.conditions.get()));
    view! {
        <section class="card rows">
            <header>
                <nav class="way" aria-label=tr!(data.folder)>
                    {move || way(dataset.name(), &path.get(), folder_at)}
                    <span class="chip">{move || format!("v{}", version.get().trim_start_matches('v'))}</span>
                </nav>
                <a class="btn small" href=content rel="external" download="">
                    {tr!(data.download)}
                </a>
            </header>
            {move || {
                let (version, path, _) = of.get();
                view! { <Part version path wish /> }
            }}
        </section>
    }
}

#[component]
fn Part(version: String, path: String, wish: Wish) -> impl IntoView {
    let dataset = Ds::expect();
    let names = dataset.names();
    let fetched: Fetched<Rows> = Fetched::new(move || {
        let (org, project, slug) = &names;
        calls::dataset_rows(org, project, slug, &version, &wish.of(&path))
    });
    view! {
        // Conditions that cannot be met as they are have to stay in reach.
        <Conditions wish columns=Signal::derive(move || fetched.get().map(|rows| rows.columns)) />
        <Loaded of=fetched gone=tr!(data.folder_gone) let:rows>
            <Grid rows wish />
        </Loaded>
    }
}
