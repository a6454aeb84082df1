//! A dataset that can be chosen, and which version of it.

use super::pick::LATEST;
use crate::contexts::project::Proj;
use crate::data::Fetched;
use crate::format::size;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::data::DataVersion;
use atelier_api::dataset::Dataset;
use atelier_api::event::Event;
use atelier_api::page::Page;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// A file takes a block of its own on the host, however small it is.
const BLOCK: i64 = 4096;

type Chosen = RwSignal<BTreeMap<String, String>>;

#[component]
pub(super) fn ChoiceRow(chosen: Chosen, limit: Signal<Option<i64>>, dataset: Dataset) -> impl IntoView {
    let Dataset { slug, name, latest, .. } = dataset;
    let slug = StoredValue::new(slug);
    let empty = latest.is_none();
    let word = Memo::new(move |_| slug.with_value(|slug| chosen.with(|chosen| chosen.get(slug).cloned())));
    // Bytes and files of the version that is meant.
    let meant = RwSignal::new(latest.as_ref().map(|latest| (latest.bytes, latest.files)));
    let toggle = move |_| {
        chosen.update(|chosen| {
            if chosen.remove(&slug.get_value()).is_none() {
                chosen.insert(slug.get_value(), LATEST.to_owned());
            }
        });
    };
    let too_large = move || {
        let (bytes, files) = meant.get()?;
        let on_disk = bytes.saturating_add(files.saturating_mul(BLOCK));
        (on_disk > limit.get()?).then(|| view! { <span class="chip wait">{tr!(start.data_too_large)}</span> })
    };
    let newest = latest.map(|latest| latest.number);
    let label = name.clone();
    view! {
        <tr class="choice" class:on=move || word.with(Option::is_some) class:off=empty>
            <td>
                <label class="row">
                    <input
                        type="checkbox"
                        prop:checked=move || word.with(Option::is_some)
                        disabled=empty
                        on:change=toggle
                    />
                    <span class="row wrap tight">
                        <span class="strong">{name}</span>
                        {too_large}
                    </span>
                </label>
            </td>
            <td>
                {match newest {
                    None => view! { <span class="faint">{tr!(data.no_version)}</span> }.into_any(),
                    Some(newest) => {
                        let label = StoredValue::new(label);
                        view! {
                            <Show
                                when=move || word.with(Option::is_some)
                                fallback=move || view! { <span class="muted">{format!("v{newest}")}</span> }
                            >
                                <VersionSelect slug name=label.get_value() newest chosen word meant />
                            </Show>
                        }
                            .into_any()
                    }
                }}
            </td>
            <td class="num">{move || meant.get().map(|(bytes, _)| size::bytes(bytes))}</td>
        </tr>
    }
}

/// The newest at each start, a tag, or one version for good.
#[component]
fn VersionSelect(
    slug: StoredValue<String>,
    name: String,
    newest: i64,
    chosen: Chosen,
    word: Memo<Option<String>>,
    meant: RwSignal<Option<(i64, i64)>>,
) -> impl IntoView {
    let project = Proj::expect();
    let versions: Fetched<Page<DataVersion>> = Fetched::new(move || {
        calls::dataset_version_list(&project.org.slug(), &project.slug(), &slug.get_value(), None)
    })
    .stale_on(
        project.org.live,
        move |event| matches!(event, Event::DatasetsChanged { project: changed } if *changed == project.slug()),
    );
    let known = Memo::new(move |_| {
        let mut known = versions.get().map(|page| page.items).unwrap_or_default();
        known.retain(|version| version.trashed_at.is_none());
        known
    });
    Effect::new(move |_| {
        let Some(word) = word.get() else { return };
        known.with(|known| {
            let means = |version: &&DataVersion| match word.as_str() {
                LATEST => true,
                word => version.number.to_string() == word || version.tags.iter().any(|tag| tag == word),
            };
            if let Some(version) = known.iter().find(means) {
                meant.set(Some((version.bytes, version.files)));
            }
        });
    });
    let is = move |value: String| move || word.with(|word| word.as_deref() == Some(value.as_str()));
    let option = move |value: String, text: String| {
        view! { <option value=value.clone() prop:selected=is(value)>{text}</option> }
    };
    let tags = move || {
        known.with(|known| {
            let tags =
                known.iter().flat_map(|version| version.tags.iter().map(|tag| (tag.clone(), version.number)));
            tags.map(|(tag, number)| option(tag.clone(), format!("{tag} (v{number})"))).collect_view()
        })
    };
    let numbers = move || {
        known.with(|known| {
            let text = |version: &DataVersion| match version.message.lines().next() {
                Some(message) => format!("v{} · {message}", version.number),
                None => format!("v{}", version.number),
            };
            known.iter().map(|version| option(version.number.to_string(), text(version))).collect_view()
        })
    };
    view! {
        <select
            class="input"
            aria-label=tr!(start.data_version_of, name = name)
            on:change=move |event| {
                chosen.update(|chosen| drop(chosen.insert(slug.get_value(), event_target_value(&event))));
            }
        >
            {option(LATEST.to_owned(), tr!(start.data_latest, number = newest))}
            <Show when=move || known.with(|known| known.iter().any(|version| !version.tags.is_empty()))>
                <optgroup label=tr!(start.data_tags)>{tags}</optgroup>
            </Show>
            <Show when=move || known.with(|known| !known.is_empty())>
                <optgroup label=tr!(data.versions)>{numbers}</optgroup>
            </Show>
        </select>
    }
}
