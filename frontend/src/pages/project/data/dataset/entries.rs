//! What is in a folder.

use super::rows;
use crate::contexts::dataset::{Ds, Noun, call};
use crate::format::size;
use crate::pages::project::versions::Sign;
use crate::text::tr;
use atelier_api::call::escape;
use atelier_api::data::{DataEntry, DataEntryKind};
use leptos::prelude::*;

#[component]
pub(super) fn Entries(
    entries: Signal<Vec<DataEntry>>,
    version: Signal<String>,
    path: Memo<String>,
    base: String,
) -> impl IntoView {
    let base = StoredValue::new(base);
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=tr!(data.files)>
            <table class="entries">
                <thead>
                    <tr>
                        <th scope="col">{tr!(common.name)}</th>
                        <th scope="col" class="num wide-only">{tr!(data.files)}</th>
                        <th scope="col" class="num">{tr!(data.size)}</th>
                        <th scope="col"><span class="sr-only">{tr!(common.actions)}</span></th>
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=move || {
                            // A row's links hold the version and the folder.
                            let at = (version.get(), path.get());
                            entries.get().into_iter().map(move |entry| (at.clone(), entry)).collect::<Vec<_>>()
                        }
                        key=|(at, entry)| (at.clone(), entry.name.clone(), entry.content.clone())
                        let((at, entry))
                    >
                        <EntryRow version=at.0 folder=at.1 base=base.get_value() entry />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn EntryRow(version: String, folder: String, base: String, entry: DataEntry) -> impl IntoView {
    let dataset = Ds::expect();
    let DataEntry { name, kind, bytes, files, .. } = entry;
    let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
    let is_folder = kind == DataEntryKind::Folder;
    let content = match kind {
        DataEntryKind::File => call!(dataset, content_path(&version, &path)),
        DataEntryKind::Folder => call!(dataset, archive_path(&version, Some(&path))),
    };
    let label = match kind {
        DataEntryKind::File => tr!(data.download_named, name = name.clone()),
        DataEntryKind::Folder => tr!(data.zip_named, name = name.clone()),
    };
    let shown = match kind {
        DataEntryKind::Folder => {
            let address = format!("{base}?path={}", escape(&path));
            view! {
                <a class="strong entry" href=address>
                    <Sign folder=true />
                    {name}
                </a>
            }
            .into_any()
        }
        DataEntryKind::File if dataset.noun == Noun::Dataset && rows::is_table(&name) => view! {
            <a class="strong entry" href=rows::address(dataset, &version, &path)>
                <Sign />
                {name}
            </a>
        }
        .into_any(),
        DataEntryKind::File => view! {
            <span class="entry">
                <Sign />
                {name}
            </span>
        }
        .into_any(),
    };
    view! {
        <tr>
            <td>{shown}</td>
            <td class="num muted wide-only">{is_folder.then(|| size::number(files as f64, 0))}</td>
            <td class="num">{size::bytes(bytes)}</td>
            <td class="num">
                <a class="btn quiet small" href=content rel="external" download="" aria-label=label>
                    {if is_folder { tr!(data.as_zip) } else { tr!(data.download) }}
                </a>
            </td>
        </tr>
    }
}
