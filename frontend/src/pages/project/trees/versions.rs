//! All versions of a tree, the newest first, with those in the trash.

use super::context::Tree;
use super::version::VersionLine;
use crate::components::ShowMore;
use crate::text::tr;
use leptos::prelude::*;

#[component]
pub(crate) fn Versions() -> impl IntoView {
    let tree = Tree::expect();
    crate::components::title(|| tr!(data.versions).to_owned());
    view! {
        <section class="card" aria-label=tr!(data.versions)>
            <ol class="lines">
                <For each=move || tree.versions() key=|version| (version.number, version.trashed_at) let(version)>
                    <VersionLine version />
                </For>
            </ol>
            <ShowMore list=tree.list />
        </section>
    }
}
