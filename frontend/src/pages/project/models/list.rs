//! The models of a project: those in use, or those in the trash.

use super::first::FirstModel;
use super::table::ModelTable;
use crate::components::form::SearchField;
use crate::components::{Empty, Loaded, PageHead, ShowMore};
use crate::contexts::dataset::Noun;
use crate::contexts::project::Proj;
use crate::data::{Listed, in_address};
use crate::pages::project::data::trash::TrashTable;
use crate::pages::project::frame::ArchivedNotice;
use crate::text::tr;
use atelier_api::artifact::ArtifactFilter;
use atelier_api::calls;
use leptos::prelude::*;

#[component]
pub(crate) fn Models() -> impl IntoView {
    let project = Proj::expect();
    let search = in_address("q");
    let which = in_address("which");
    let metric = in_address("metric");
    let trashed = Signal::derive(move || which.with(|which| which == "trash"));
    let list = Listed::new(move |cursor| {
        let search = Some(search.get()).filter(|text| !text.trim().is_empty());
        let filter = ArtifactFilter { search, trashed: Some(trashed.get()), cursor };
        calls::model_list(&project.org.slug(), &project.slug(), &filter)
    });
    list.first.stale_on(project.org.live, move |event| Noun::Model.moved(event, &project.slug()));
    view! {
        <PageHead title=tr!(models.title).to_owned() note=tr!(models.note).to_owned()>
            <SearchField label=tr!(models.search) search />
            <select
                class="input"
                aria-label=tr!(models.which)
                on:change=move |event| which.set(event_target_value(&event))
            >
                <option value="">{tr!(data.in_use)}</option>
                <option value="trash" prop:selected=trashed>
                    {tr!(data.in_trash)}
                </option>
            </select>
        </PageHead>
        <ArchivedNotice />
        <div class="card">
            <Loaded of=list.first let:first>
                <Show
                    when=move || first.with(|page| !page.items.is_empty())
                    fallback=move || view! { <Nothing search trashed /> }
                >
                    {move || {
                        let models = Signal::derive(move || list.items(&first.get()));
                        match trashed.get() {
                            true => view! { <TrashTable noun=Noun::Model artifacts=models /> }.into_any(),
                            false => view! { <ModelTable models metric /> }.into_any(),
                        }
                    }}
                    <ShowMore list />
                </Show>
            </Loaded>
        </div>
    }
}

/// Nothing found, an empty trash, or nothing at all yet.
#[component]
fn Nothing(search: RwSignal<String>, trashed: Signal<bool>) -> impl IntoView {
    move || {
        if search.with(|text| !text.trim().is_empty()) {
            view! { <Empty title=tr!(models.not_found) text=tr!(data.not_found_text) /> }.into_any()
        } else if trashed.get() {
            view! { <Empty title=tr!(data.none_trashed) text=tr!(models.none_trashed_text) /> }.into_any()
        } else {
            view! { <FirstModel title=tr!(models.none) /> }.into_any()
        }
    }
}
