//! All versions of the files, the newest first.

use super::context::Files;
use super::version::VersionLine;
use crate::components::ShowMore;
use crate::text::tr;
use leptos::prelude::*;

#[component]
pub(crate) fn Versions() -> impl IntoView {
    let files = Files::expect();
    crate::components::title(|| tr!(data.versions).to_owned());
    view! {
        <section class="card" aria-label=tr!(data.versions)>
            <ol class="lines">
                <For each=move || files.versions() key=|version| version.number let(version)>
                    <VersionLine version />
                </For>
            </ol>
            <ShowMore list=files.list />
        </section>
    }
}
