//! What every page of the files has: their name, the newest version, the tabs.

use super::context::Files;
use crate::components::{Empty, Loaded, PageHead};
use crate::contexts::clock::Clock;
use crate::contexts::project::Proj;
use crate::data::Listed;
use crate::format::{size, time};
use crate::pages::project::frame::ArchivedNotice;
use crate::text::tr;
use crate::words;
use atelier_api::calls;
use atelier_api::data::DataVersion;
use atelier_api::page::Page;
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::use_location;

#[component]
pub(crate) fn FilesArea() -> impl IntoView {
    let project = Proj::expect();
    let list = Listed::new(move |cursor| {
        calls::files_version_list(&project.org.slug(), &project.slug(), cursor.as_deref())
    });
    list.first.stale_on(project.org.live, Files::moved(project));
    view! {
        <Loaded of=list.first whole=true let:first>
            <Inside list first />
        </Loaded>
    }
}

#[component]
fn Inside(list: Listed<DataVersion>, first: RwSignal<Page<DataVersion>>) -> impl IntoView {
    let files = Files::provide(list, first);
    let clock = Clock::expect();
    let note =
        Memo::new(move |_| files.newest().map(|newest| about(&newest, clock.now())).unwrap_or_default());
    let any = Memo::new(move |_| files.newest().is_some());
    view! {
        <PageHead title=tr!(files.title).to_owned() note=Signal::derive(move || note.get())>
            <Show when=move || first.with(|page| page.items.len() > 1)>
                <a class="btn" href=files.at("/compare")>
                    {tr!(data.compare)}
                </a>
            </Show>
        </PageHead>
        <ArchivedNotice />
        <Show
            when=move || any.get()
            fallback=move || {
                let text = if files.may_commit() { tr!(files.none_text) } else { tr!(files.none_text_reader) };
                view! {
                    <div class="card">
                        <Empty title=tr!(files.none) text />
                    </div>
                }
            }
        >
            <Tabs />
            <Outlet />
        </Show>
    }
}

/// `12 files, 1.4 MB · saved by Ada, 6 hours ago`
fn about(newest: &DataVersion, now: i64) -> String {
    let files = tr!(data.files_count, count = newest.files);
    let holds = tr!(data.holds, files = files, size = size::bytes(newest.bytes));
    let by = words::data_origin(newest.origin, newest.author_name.clone());
    format!("{holds} · {by}, {}", time::ago(newest.created_at, now))
}

#[component]
fn Tabs() -> impl IntoView {
    let files = Files::expect();
    let path = use_location().pathname;
    let of_versions =
        move || path.with(|path| path.ends_with("/files/versions") || path.ends_with("/files/compare"));
    view! {
        <nav class="tabs" aria-label=tr!(files.parts)>
            <a href=files.at("") aria-current=move || (!of_versions()).then_some("page")>
                {tr!(files.title)}
            </a>
            <a href=files.at("/versions") aria-current=move || of_versions().then_some("page")>
                {tr!(data.versions)}
            </a>
        </nav>
    }
}
