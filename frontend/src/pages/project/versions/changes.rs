//! Files that differ, with their sizes.

use crate::format::size;
use crate::text::tr;
use atelier_api::data::{DataChange, DataChangeKind};
use leptos::prelude::*;

#[component]
pub(super) fn ChangeTable(
    changes: Signal<Vec<DataChange>>,
    /// Given a path, the address of what changed in it.
    link: Option<Callback<String, String>>,
) -> impl IntoView {
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=tr!(data.changes)>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{tr!(data.file)}</th>
                        <th scope="col">{tr!(data.change)}</th>
                        <th scope="col" class="num wide-only">{tr!(data.before)}</th>
                        <th scope="col" class="num">{tr!(data.after)}</th>
                        <th scope="col" class="num wide-only">{tr!(data.difference)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=move || changes.get()
                        key=|c| (c.path.clone(), c.kind as u8, c.bytes_before, c.bytes_after)
                        let(change)
                    >
                        <ChangeRow change link />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn ChangeRow(change: DataChange, link: Option<Callback<String, String>>) -> impl IntoView {
    let DataChange { path, kind, bytes_before, bytes_after } = change;
    let (class, word) = match kind {
        DataChangeKind::Added => ("chip ok", tr!(data.added)),
        DataChangeKind::Removed => ("chip bad", tr!(data.removed)),
        DataChangeKind::Changed => ("chip wait", tr!(data.changed)),
    };
    let grown = bytes_after.unwrap_or(0) - bytes_before.unwrap_or(0);
    let sign = if grown < 0 { "−" } else { "+" };
    let difference = if grown == 0 { "0".to_owned() } else { format!("{sign}{}", size::bytes(grown.abs())) };
    let name = match link {
        Some(link) => {
            let address = link.run(path.clone());
            view! {
                <a class="link" href=address>
                    {path}
                </a>
            }
            .into_any()
        }
        None => path.into_any(),
    };
    view! {
        <tr>
            <td class="mono">{name}</td>
            <td>
                <span class=class>{word}</span>
            </td>
            <td class="num muted wide-only">{bytes_before.map(size::bytes)}</td>
            <td class="num">{bytes_after.map(size::bytes)}</td>
            <td class="num muted wide-only">{difference}</td>
        </tr>
    }
}
