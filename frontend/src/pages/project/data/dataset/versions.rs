//! All versions, the newest first.

use super::moved;
use super::version::VersionLine;
use crate::components::{Empty, Loaded, ShowMore};
use crate::contexts::dataset::{Ds, Noun, call};
use crate::data::Listed;
use crate::pages::project::models::{FirstModel, Scores};
use crate::text::tr;
use atelier_api::data::DataVersion;
use leptos::prelude::*;

#[component]
pub(crate) fn Versions() -> impl IntoView {
    let dataset = Ds::expect();
    let list = Listed::new(move |cursor| call!(dataset, version_list(cursor.as_deref())));
    list.first.stale_on(dataset.project.org.live, moved(dataset));
    let is_model = dataset.noun == Noun::Model;
    view! {
        <section class="card" aria-label=tr!(data.versions)>
            <Loaded of=list.first let:first>
                <Show
                    when=move || first.with(|page| !page.items.is_empty())
                    fallback=move || view! { <NoVersions /> }
                >
                    {is_model
                        .then(|| {
                            view! { <Scores versions=Signal::derive(move || list.items(&first.get())) /> }
                        })}
                    <ol class="lines">
                        <For each=move || list.items(&first.get()) key=shown let(version)>
                            <VersionLine version />
                        </For>
                    </ol>
                    <ShowMore list />
                </Show>
            </Loaded>
        </section>
    }
}

#[component]
fn NoVersions() -> impl IntoView {
    match Ds::expect().noun {
        Noun::Dataset => {
            view! { <Empty title=tr!(data.no_version_yet) text=tr!(data.no_versions_text) /> }.into_any()
        }
        Noun::Model => view! { <FirstModel title=tr!(data.no_version_yet) /> }.into_any(),
    }
}

/// All that changes in a version: who points to it, and the trash.
fn shown(version: &DataVersion) -> impl Eq + std::hash::Hash + use<> {
    (version.number, version.tags.clone(), version.trashed_at, version.removed_at)
}
