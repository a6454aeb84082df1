//! One version in the list, and what one can do with it.

use super::frame::Tags;
use super::restore::Restore;
use super::tags::EditTags;
use crate::contexts::clock::Clock;
use crate::contexts::dataset::{Ds, call};
use crate::format::{size, time};
use crate::pages::project::versions::{Trash, made_of};
use crate::text::tr;
use crate::words;
use atelier_api::data::{DataVersion, UpdateDataVersion};
use atelier_api::role::Action;
use leptos::prelude::*;

#[component]
pub(super) fn VersionLine(version: DataVersion) -> impl IntoView {
    let dataset = Ds::expect();
    let clock = Clock::expect();
    let DataVersion { number, tags, message, created_at, files, bytes, stored_bytes, .. } = version.clone();
    let is_trashed = version.trashed_at.is_some();
    let is_newest =
        move || dataset.info.with(|info| info.latest.as_ref().is_some_and(|latest| latest.number == number));
    let ago = Memo::new(move |_| time::ago(created_at, clock.now()));
    let by = match version.restored {
        Some(from) => tr!(data.restored_by, name = version.author_name.clone(), number = from),
        None => words::data_origin(version.origin, version.author_name.clone()),
    };
    let holds = words::holds(files, bytes);
    let added = tr!(data.added_to_storage, size = size::bytes(stored_bytes));
    let made_of = made_of(dataset.project.org, &version.provenance);
    let forgotten = version.removed_at.map(|at| tr!(data.version_trashed, until = time::date(at)));
    view! {
        <li class="version" class:trashed=is_trashed>
            <div class="grow stack tight">
                <div class="row wrap tight">
                    <a class="strong link-name" href=dataset.at(&format!("/v{number}"))>
                        {format!("v{number}")}
                    </a>
                    <Show when=is_newest>
                        <span class="chip blue">{tr!(data.latest)}</span>
                    </Show>
                    <Tags tags />
                    {forgotten.map(|text| view! { <span class="chip wait">{text}</span> })}
                </div>
                {(!message.is_empty()).then(|| view! { <p class="pre-line">{message}</p> })}
                <p class="small muted">{by} ", " {ago}</p>
                {made_of.map(|text| view! { <p class="small muted">{text}</p> })}
                <p class="small faint">{holds} " · " {added}</p>
            </div>
            <VersionActions version />
        </li>
    }
}

#[component]
fn VersionActions(version: DataVersion) -> impl IntoView {
    let dataset = Ds::expect();
    let is_trashed = version.trashed_at.is_some();
    let number = version.number;
    let is_newest =
        move || dataset.info.with(|info| info.latest.as_ref().is_some_and(|latest| latest.number == number));
    let compare = version.parent.filter(|_| !is_trashed).map(|parent| {
        let address = dataset.at(&format!("/compare?from={parent}&to={number}"));
        view! {
            <a class="btn quiet small" href=address aria-label=tr!(data.changes_of, number = number)>
                {tr!(data.changes)}
            </a>
        }
    });
    let tagged = version.clone();
    let tags = move || {
        let may = dataset.may(Action::Commit) && !is_trashed;
        may.then(|| view! { <EditTags version=tagged.clone() /> })
    };
    let restore = move || {
        let may = dataset.may(Action::Commit) && !is_trashed && !is_newest();
        may.then(|| view! { <Restore number /> })
    };
    let call = Callback::new(move |trashed: bool| {
        call!(dataset, version_update(&number.to_string(), &UpdateDataVersion { trashed }))
    });
    let trash = move || dataset.may(Action::Delete).then(|| view! { <Trash number is_trashed call /> });
    view! { <div class="row wrap actions">{compare} {tags} {restore} {trash}</div> }
}
