//! One version: in the list, and as a notice while one looks at it.

use super::context::{Place, Tree, call};
use super::restore::Restore;
use crate::components::Loaded;
use crate::contexts::clock::Clock;
use crate::data::Fetched;
use crate::format::{size, time};
use crate::pages::project::versions::{Trash, made_of};
use crate::text::tr;
use crate::words;
use atelier_api::calls;
use atelier_api::data::{DataVersion, UpdateDataVersion};
use leptos::prelude::*;

/// Says that one does not look at the newest version.
#[component]
pub(super) fn OlderNotice(place: Place) -> impl IntoView {
    let tree = Tree::expect();
    move || {
        let number = place.asked.get().filter(|number| *number != tree.newest_number())?;
        let fetched = Fetched::new(move || call!(tree, version_get(&number.to_string())));
        Some(view! {
            <Loaded of=fetched let:version>
                <div class="notice row between wrap">
                    <p class="grow">
                        {move || {
                            version.with(|v| tr!(data.looking_at, number = v.number, at = time::moment(v.created_at)))
                        }}
                    </p>
                    <a class="btn" href=move || tree.folder_at(&place.path.get(), None)>
                        {tr!(data.to_newest)}
                    </a>
                </div>
            </Loaded>
        })
    }
}

#[component]
pub(super) fn VersionLine(version: DataVersion) -> impl IntoView {
    let tree = Tree::expect();
    let clock = Clock::expect();
    let made_of = made_of(tree.project.org, &version.provenance);
    let is_trashed = version.trashed_at.is_some();
    let forgotten = version.removed_at.map(|at| tr!(data.version_trashed, until = time::date(at)));
    let DataVersion { number, parent, message, created_at, bytes, stored_bytes, .. } = version;
    let is_newest = move || tree.newest_number() == number;
    let ago = Memo::new(move |_| time::ago(created_at, clock.now()));
    let by = match version.restored {
        Some(from) => tr!(data.restored_by, name = version.author_name.clone(), number = from),
        None => words::data_origin(version.origin, version.author_name.clone()),
    };
    let holds = words::holds(version.files, bytes);
    let added = tr!(data.added_to_storage, size = size::bytes(stored_bytes));
    let call = Callback::new(move |trashed: bool| {
        let (org, project) = tree.names();
        calls::results_version_update(&org, &project, &number.to_string(), &UpdateDataVersion { trashed })
    });
    let changes = parent.filter(|_| !is_trashed).map(|parent| {
        view! {
            <a
                class="btn quiet small"
                href=tree.at(&format!("/compare?from={parent}&to={number}"))
                aria-label=tr!(data.changes_of, number = number)
            >
                {tr!(data.changes)}
            </a>
        }
    });
    view! {
        <li class="version" class:trashed=is_trashed>
            <div class="grow stack tight">
                <div class="row wrap tight">
                    <a class="strong link-name" href=tree.folder_at("", Some(number))>
                        {format!("v{number}")}
                    </a>
                    <Show when=is_newest>
                        <span class="chip blue">{tr!(data.latest)}</span>
                    </Show>
                    {forgotten.map(|text| view! { <span class="chip wait">{text}</span> })}
                </div>
                {(!message.is_empty()).then(|| view! { <p class="pre-line">{message}</p> })}
                <p class="small muted">{by} ", " {ago}</p>
                {made_of.map(|text| view! { <p class="small muted">{text}</p> })}
                <p class="small faint">{holds} " · " {added}</p>
            </div>
            <div class="row wrap actions">
                {changes}
                <Show when=move || tree.may_commit() && !is_trashed && !is_newest()>
                    <Restore number />
                </Show>
                <Show when=move || tree.may_delete()>
                    <Trash number is_trashed call />
                </Show>
            </div>
        </li>
    }
}
