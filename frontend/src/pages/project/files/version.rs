//! One version: in the list, and as a notice while one looks at it.

use super::context::{Files, Place};
use super::restore::Restore;
use crate::components::Loaded;
use crate::contexts::clock::Clock;
use crate::data::Fetched;
use crate::format::{size, time};
use crate::text::tr;
use crate::words;
use atelier_api::calls;
use atelier_api::data::DataVersion;
use leptos::prelude::*;

/// Says that one does not look at the newest version.
#[component]
pub(super) fn OlderNotice(place: Place) -> impl IntoView {
    let files = Files::expect();
    move || {
        let number = place.asked.get().filter(|number| *number != files.newest_number())?;
        let fetched = Fetched::new(move || {
            let (org, project) = files.names();
            calls::files_version_get(&org, &project, &number.to_string())
        });
        Some(view! {
            <Loaded of=fetched let:version>
                <div class="notice row between wrap">
                    <p class="grow">
                        {move || {
                            version.with(|v| tr!(data.looking_at, number = v.number, at = time::moment(v.created_at)))
                        }}
                    </p>
                    <a class="btn" href=move || files.folder_at(&place.path.get(), None)>
                        {tr!(data.to_newest)}
                    </a>
                </div>
            </Loaded>
        })
    }
}

#[component]
pub(super) fn VersionLine(version: DataVersion) -> impl IntoView {
    let files = Files::expect();
    let clock = Clock::expect();
    let DataVersion { number, parent, message, created_at, bytes, stored_bytes, .. } = version;
    let is_newest = move || files.newest_number() == number;
    let ago = Memo::new(move |_| time::ago(created_at, clock.now()));
    let by = match version.restored {
        Some(from) => tr!(data.restored_by, name = version.author_name.clone(), number = from),
        None => words::data_origin(version.origin, version.author_name.clone()),
    };
    let count = tr!(data.files_count, count = version.files);
    let holds = tr!(data.holds, files = count, size = size::bytes(bytes));
    let added = tr!(data.added_to_storage, size = size::bytes(stored_bytes));
    let changes = parent.map(|parent| {
        view! {
            <a
                class="btn quiet small"
                href=files.at(&format!("/compare?from={parent}&to={number}"))
                aria-label=tr!(data.changes_of, number = number)
            >
                {tr!(data.changes)}
            </a>
        }
    });
    view! {
        <li class="version">
            <div class="grow stack tight">
                <div class="row wrap tight">
                    <a class="strong link-name" href=files.folder_at("", Some(number))>
                        {format!("v{number}")}
                    </a>
                    <Show when=is_newest>
                        <span class="chip blue">{tr!(data.latest)}</span>
                    </Show>
                </div>
                {(!message.is_empty()).then(|| view! { <p class="pre-line">{message}</p> })}
                <p class="small muted">{by} ", " {ago}</p>
                <p class="small faint">{holds} " · " {added}</p>
            </div>
            <div class="row wrap actions">
                {changes}
                <Show when=move || files.may_commit() && !is_newest()>
                    <Restore number />
                </Show>
            </div>
        </li>
    }
}
