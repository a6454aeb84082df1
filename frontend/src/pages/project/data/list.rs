//! The datasets of a project: those in use, or those in the trash.

use super::create::CreateDatasetForm;
use super::storage::StorageCard;
use super::table::DatasetTable;
use super::trash::TrashTable;
use super::upload::DropZone;
use crate::components::form::SearchField;
use crate::components::{Dialog, Empty, Loaded, PageHead, ShowMore};
use crate::contexts::dataset::Noun;
use crate::contexts::project::Proj;
use crate::data::{Listed, in_address};
use crate::pages::project::frame::ArchivedNotice;
use crate::text::tr;
use crate::uploads::{Picked, Uploads};
use atelier_api::calls;
use atelier_api::dataset::DatasetFilter;
use atelier_api::role::{Action, Object};
use leptos::prelude::*;

#[component]
pub(crate) fn Datasets() -> impl IntoView {
    let project = Proj::expect();
    let search = in_address("q");
    let which = in_address("which");
    let trashed = Signal::derive(move || which.with(|which| which == "trash"));
    let creating = RwSignal::new(false);
    let list = Listed::new(move |cursor| {
        let search = Some(search.get()).filter(|text| !text.trim().is_empty());
        let filter = DatasetFilter { search, trashed: Some(trashed.get()), cursor };
        calls::dataset_list(&project.org.slug(), &project.slug(), &filter)
    });
    list.first.stale_on(project.org.live, move |event| Noun::Dataset.moved(event, &project.slug()));
    let may_create =
        Signal::derive(move || project.may_own(Object::Dataset, Action::Create) && !project.archived());
    let waiting = Uploads::expect().waiting;
    // Files that were dropped belong to the form that is open: without it they are let go.
    Effect::new(move |_| {
        if !creating.get() {
            waiting.set(None);
        }
    });
    let dropped = Callback::new(move |picked: Picked| {
        waiting.set(Some(picked));
        creating.set(true);
    });
    let begin = Callback::new(move |()| creating.set(true));
    view! {
        <PageHead title=tr!(data.title).to_owned() note=tr!(data.note).to_owned()>
            <SearchField label=tr!(data.search) search />
            <select
                class="input"
                aria-label=tr!(data.which)
                on:change=move |event| which.set(event_target_value(&event))
            >
                <option value="">{tr!(data.in_use)}</option>
                <option value="trash" prop:selected=trashed>
                    {tr!(data.in_trash)}
                </option>
            </select>
            <Show when=move || may_create.get()>
                <button class="btn primary" on:click=move |_| begin.run(())>
                    {tr!(data.new)}
                </button>
            </Show>
        </PageHead>
        <ArchivedNotice />
        <StorageCard />
        <DropZone on_files=dropped enabled=may_create text=tr!(data.drop_new)>
            <div class="card">
                <Loaded of=list.first let:first>
                    <Show
                        when=move || first.with(|page| !page.items.is_empty())
                        fallback=move || view! { <Nothing search trashed may_create begin /> }
                    >
                        {move || {
                            let datasets = Signal::derive(move || list.items(&first.get()));
                            match trashed.get() {
                                true => view! { <TrashTable noun=Noun::Dataset artifacts=datasets /> }.into_any(),
                                false => view! { <DatasetTable datasets /> }.into_any(),
                            }
                        }}
                        <ShowMore list />
                    </Show>
                </Loaded>
            </div>
        </DropZone>
        <Dialog open=creating title=tr!(data.new).to_owned()>
            <CreateDatasetForm />
        </Dialog>
    }
}

/// Nothing found, an empty trash, or nothing at all yet.
#[component]
fn Nothing(
    search: RwSignal<String>,
    trashed: Signal<bool>,
    may_create: Signal<bool>,
    begin: Callback<()>,
) -> impl IntoView {
    move || {
        if search.with(|text| !text.trim().is_empty()) {
            return view! { <Empty title=tr!(data.not_found) text=tr!(data.not_found_text) /> }.into_any();
        }
        if trashed.get() {
            return view! { <Empty title=tr!(data.none_trashed) text=tr!(data.none_trashed_text) /> }
                .into_any();
        }
        if !may_create.get() {
            return view! { <Empty title=tr!(data.none) text=tr!(data.none_text_reader) /> }.into_any();
        }
        view! {
            <Empty title=tr!(data.none) text=tr!(data.none_text)>
                <button class="btn primary" on:click=move |_| begin.run(())>
                    {tr!(data.new)}
                </button>
            </Empty>
        }
        .into_any()
    }
}
