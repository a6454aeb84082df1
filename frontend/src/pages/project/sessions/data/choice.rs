//! Which data a session is to have: all of the project's, or chosen datasets at chosen versions.

use super::pick::DataPick;
use super::row::ChoiceRow;
use crate::components::form::{SearchField, unique};
use crate::components::{Loaded, ShowMore};
use crate::contexts::project::Proj;
use crate::data::Listed;
use crate::format::size;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::dataset::{Dataset, DatasetFilter};
use atelier_api::event::Event;
use atelier_api::page::Page;
use leptos::prelude::*;

/// With fewer, one sees all at a glance.
const MANY: usize = 8;

/// `limit` is how large a version may be that is in the container.
#[component]
pub(crate) fn DataChoiceField(
    pick: DataPick,
    #[prop(into)] limit: Signal<Option<i64>>,
    problem: Signal<Option<String>>,
) -> impl IntoView {
    let project = Proj::expect();
    let search = RwSignal::new(String::new());
    let list = Listed::new(move |cursor| {
        let search = Some(search.get()).filter(|text| !text.trim().is_empty());
        let filter = DatasetFilter { search, trashed: None, cursor };
        calls::dataset_list(&project.org.slug(), &project.slug(), &filter)
    });
    list.first.stale_on(
        project.org.live,
        move |event| matches!(event, Event::DatasetsChanged { project: changed } if *changed == project.slug()),
    );
    view! {
        <fieldset>
            <legend>{tr!(start.data)}</legend>
            <div class="card">
                <Loaded of=list.first let:first>
                    <Show
                        when=move || first.with(|page| !page.items.is_empty()) || search.with(|text| !text.is_empty())
                        fallback=move || {
                            view! {
                                <p class="in muted">
                                    {tr!(start.data_none)} " " <a href=project.at("/data")>{tr!(start.data_add)}</a>
                                </p>
                            }
                        }
                    >
                        <Choice pick limit list first search />
                    </Show>
                </Loaded>
            </div>
            <p class="problem" aria-live="polite">
                {problem}
            </p>
        </fieldset>
    }
}

#[component]
fn Choice(
    pick: DataPick,
    limit: Signal<Option<i64>>,
    list: Listed<Dataset>,
    first: RwSignal<Page<Dataset>>,
    search: RwSignal<String>,
) -> impl IntoView {
    let DataPick { all, chosen } = pick;
    let datasets = Signal::derive(move || list.items(&first.get()));
    let many = Memo::new(move |many: Option<&bool>| {
        many.copied().unwrap_or_default() || datasets.with(|all| all.len() > MANY)
    });
    // What all of it comes to, as far as that is known.
    let sum = move || {
        if list.has_more() || search.with(|text| !text.is_empty()) {
            return None;
        }
        datasets.with(|all| {
            let sizes: Vec<i64> = all.iter().filter_map(|d| Some(d.latest.as_ref()?.bytes)).collect();
            Some(tr!(start.data_sum, count = sizes.len() as i64, size = size::bytes(sizes.iter().sum())))
        })
    };
    let picked = move || {
        let count = chosen.with(|chosen| chosen.len()) as i64;
        (!all.get()).then(|| tr!(start.data_picked, count = count))
    };
    let group = unique("data");
    let radio = move |this: bool, title: &'static str, group: String| {
        view! {
            <label class="row">
                <input
                    type="radio"
                    name=group
                    prop:checked=move || all.get() == this
                    on:change=move |_| all.set(this)
                />
                <span class="row wrap tight grow">
                    <span class="strong">{title}</span>
                    <span class="muted">
                        {move || if this { sum() } else { picked() }}
                    </span>
                </span>
            </label>
        }
    };
    view! {
        <div class="in stack">
            {radio(true, tr!(start.data_all), group.clone())} {radio(false, tr!(start.data_chosen), group)}
            <p class="hint">{tr!(start.data_hint)}</p>
        </div>
        <Show when=move || !all.get()>
            <Show when=move || many.get()>
                <div class="in">
                    <SearchField label=tr!(data.search) search />
                </div>
            </Show>
            <div class="scroll" tabindex="0" role="region" aria-label=tr!(start.data_chosen)>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{tr!(data.dataset)}</th>
                            <th scope="col">{tr!(start.data_version)}</th>
                            <th scope="col" class="num">{tr!(data.size)}</th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=move || datasets.get() key=shown let(dataset)>
                            <ChoiceRow chosen limit dataset />
                        </For>
                    </tbody>
                </table>
            </div>
            <ShowMore list />
        </Show>
    }
}

/// A row is made anew when anything that it shows changes.
fn shown(dataset: &Dataset) -> impl Eq + std::hash::Hash + use<> {
    let newest = dataset.latest.as_ref().map(|latest| (latest.number, latest.bytes));
    (dataset.slug.clone(), dataset.name.clone(), newest)
}
