//! The disk: the session will be stopped if it goes on writing, and what is large in it.

use crate::format::size;
use crate::text::tr;
use atelier_api::session::Session;
use leptos::prelude::*;

#[component]
pub(crate) fn DiskWarningView(session: Memo<Session>) -> impl IntoView {
    let warning = move || session.with(|s| s.disk_warning.clone());
    let text = move || {
        let warning = warning()?;
        let used = size::memory(warning.used_bytes);
        Some(match warning.limit_bytes {
            Some(limit) if !warning.host_is_short => {
                tr!(sessions.disk_near, used = used, limit = size::memory(limit))
            }
            _ => tr!(sessions.disk_host_short, used = used),
        })
    };
    let largest = move || {
        let largest = warning().map(|warning| warning.largest).unwrap_or_default();
        let entry = |entry: atelier_api::session::LargeEntry| {
            view! { <li><code>{entry.path}</code>" "{size::memory(entry.bytes)}</li> }
        };
        largest.into_iter().map(entry).collect_view()
    };
    view! {
        <Show when=move || warning().is_some()>
            <div class="notice bad" role="status">
                <p>{text}</p>
                <ul>{largest}</ul>
            </div>
        </Show>
    }
}
