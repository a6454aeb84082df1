//! What every page of a tree has: its name, the newest version, the tabs.

use super::context::{Kind, Tree};
use crate::components::{Empty, Loaded, PageHead};
use crate::contexts::clock::Clock;
use crate::contexts::project::Proj;
use crate::data::Listed;
use crate::format::time;
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
    view! { <Area kind=Kind::Files /> }
}

#[component]
pub(crate) fn ResultsArea() -> impl IntoView {
    view! { <Area kind=Kind::Results /> }
}

#[component]
fn Area(kind: Kind) -> impl IntoView {
    let project = Proj::expect();
    let list = Listed::new(move |cursor: Option<String>| {
        let (org, project) = (project.org.slug(), project.slug());
        match kind {
            Kind::Files => calls::files_version_list(&org, &project, cursor.as_deref()),
            Kind::Results => calls::results_version_list(&org, &project, cursor.as_deref()),
        }
    });
    list.first.stale_on(project.org.live, kind.moved(project));
    view! {
        <Loaded of=list.first whole=true let:first>
            <Inside kind list first />
        </Loaded>
    }
}

#[component]
fn Inside(kind: Kind, list: Listed<DataVersion>, first: RwSignal<Page<DataVersion>>) -> impl IntoView {
    let tree = Tree::provide(kind, list, first);
    let clock = Clock::expect();
    let note =
        Memo::new(move |_| tree.newest().map(|newest| about(&newest, clock.now())).unwrap_or_default());
    // Also if all of them are in the trash: there they are taken out of it.
    let any = Memo::new(move |_| first.with(|page| !page.items.is_empty()));
    view! {
        <PageHead title=kind.title().to_owned() note=Signal::derive(move || note.get())>
            <Show when=move || first.with(|page| page.items.len() > 1)>
                <a class="btn" href=tree.at("/compare")>
                    {tr!(data.compare)}
                </a>
            </Show>
        </PageHead>
        <ArchivedNotice />
        <Show
            when=move || any.get()
            fallback=move || {
                let (title, text) = kind.none(tree.may_commit());
                view! {
                    <div class="card">
                        <Empty title text />
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
    let holds = words::holds(newest.files, newest.bytes);
    let by = words::data_origin(newest.origin, newest.author_name.clone());
    format!("{holds} · {by}, {}", time::ago(newest.created_at, now))
}

#[component]
fn Tabs() -> impl IntoView {
    let tree = Tree::expect();
    let path = use_location().pathname;
    let is_any = move |parts: &[&str]| path.with(|path| parts.iter().any(|part| path == &tree.at(part)));
    let of_versions = move || is_any(&["/versions", "/compare"]);
    let of_readers = move || is_any(&["/readers"]);
    view! {
        <nav class="tabs" aria-label=tr!(files.parts)>
            <a href=tree.at("") aria-current=move || (!of_versions() && !of_readers()).then_some("page")>
                {tr!(data.files)}
            </a>
            <a href=tree.at("/versions") aria-current=move || of_versions().then_some("page")>
                {tr!(data.versions)}
            </a>
            <Show when=move || tree.may_restrict() || of_readers()>
                <a href=tree.readers_at("") aria-current=move || of_readers().then_some("page")>
                    {tr!(files.readers)}
                </a>
            </Show>
        </nav>
    }
}
