//! What every page of a dataset has: its name, its newest version, the tabs.

use super::super::labels::Labels;
use super::super::trash::Recover;
use super::super::upload::{Choose, DropZone, Interrupted, UploadDialog, Wishes};
use crate::components::{Loaded, PageHead};
use crate::contexts::clock::Clock;
use crate::contexts::dataset::{Ds, Noun};
use crate::contexts::project::Proj;
use crate::data::Fetched;
use crate::format::time;
use crate::text::tr;
use crate::uploads::{Picked, Uploads};
use crate::words;
use atelier_api::artifact::Artifact;
use atelier_api::calls;
use atelier_api::dataset::SharedFrom;
use atelier_api::role::Action;
use leptos::prelude::*;
use leptos_router::components::Outlet;
use leptos_router::hooks::{use_location, use_params_map};

/// What lies around the pages of one dataset or model.
#[component]
pub(crate) fn Area(noun: Noun, inside: fn(Ds) -> AnyView) -> impl IntoView {
    let project = Proj::expect();
    let params = use_params_map();
    let slug = Memo::new(move |_| params.read().get(noun.parameter()).unwrap_or_default());
    move || {
        let slug = StoredValue::new(slug.get());
        let fetched = Fetched::new(move || {
            let (org, project) = (project.org.slug(), project.slug());
            slug.with_value(|slug| match noun {
                Noun::Dataset => calls::dataset_get(&org, &project, slug),
                Noun::Model => calls::model_get(&org, &project, slug),
            })
        })
        .stale_on(project.org.live, {
            let project = project.slug();
            move |event| noun.moved(event, &project)
        });
        view! {
            <Loaded of=fetched whole=true let:info>
                {inside(Ds::provide(noun, fetched, info))}
            </Loaded>
        }
    }
}

#[component]
pub(crate) fn DatasetArea() -> impl IntoView {
    view! { <Area noun=Noun::Dataset inside=|dataset| view! { <Inside dataset /> }.into_any() /> }
}

#[component]
fn Inside(dataset: Ds) -> impl IntoView {
    let info = dataset.info;
    let wishes = Wishes::provide();
    // Dropped on the list, before there was this dataset.
    if let Some(picked) = Uploads::expect().waiting.try_update(Option::take).flatten() {
        wishes.take(picked);
    }
    let may_commit = Signal::derive(move || dataset.may(Action::Commit));
    let on_files = Callback::new(move |picked: Picked| wishes.take(picked));
    let text = Signal::derive(move || {
        let folder = wishes.folder.get();
        if folder.is_empty() { tr!(uploads.drop).to_owned() } else { tr!(uploads.drop_into, folder = folder) }
    });
    let compare = move || info.with(|info| info.versions > 1);
    let clock = Clock::expect();
    let note = Memo::new(move |_| newest(&info.get(), clock.now()));
    view! {
        <PageHead title=Signal::derive(move || dataset.name()) note=Signal::derive(move || note.get())>
            <Show when=compare>
                <a class="btn" href=dataset.at("/compare")>
                    {tr!(data.compare)}
                </a>
            </Show>
            <Show when=move || may_commit.get()>
                <Choose on_files primary=true />
            </Show>
        </PageHead>
        <Description />
        <Trashed />
        <Show when=move || may_commit.get()>
            <Interrupted />
            <UploadDialog />
        </Show>
        <Tabs />
        <DropZone on_files enabled=may_commit text>
            <Outlet />
        </DropZone>
    }
}

/// `3 files, 1.4 GB · uploaded by Ada, 6 hours ago`
pub(crate) fn newest(dataset: &Artifact, now: i64) -> String {
    let Some(latest) = &dataset.latest else { return tr!(data.no_version_yet).to_owned() };
    let holds = words::holds(latest.files, latest.bytes);
    let by = words::data_origin(latest.origin, latest.author_name.clone());
    format!("{holds} · {by}, {}", time::ago(latest.created_at, now))
}

/// Which version is the newest, its tags, the dataset's labels, and what it is about.
#[component]
pub(crate) fn Description() -> impl IntoView {
    let info = Ds::expect().info;
    let newest = move || {
        info.with(|info| {
            let latest = info.latest.as_ref()?;
            let (number, tags) = (latest.number, latest.tags.clone());
            Some(view! {
                <span class="chip blue">{tr!(data.latest_number, number = number)}</span>
                <Tags tags />
            })
        })
    };
    let has_words = move || {
        info.with(|info| {
            let told = info.latest.is_some() || info.shared_from.is_some();
            told || !info.labels.is_empty() || !info.description.is_empty()
        })
    };
    view! {
        <Show when=has_words>
            <div class="stack about-dataset">
                <div class="row wrap tight">
                    {move || view! { <From of=info.with(|info| info.shared_from.clone()) /> }}
                    {newest}
                    {move || view! { <Labels labels=info.with(|info| info.labels.clone()) /> }}
                </div>
                <p class="muted pre-line">{move || info.with(|info| info.description.clone())}</p>
            </div>
        </Show>
    }
}

/// Where a dataset is from, if it is another project's, and what may be done with it here.
#[component]
pub(in super::super) fn From(of: Option<SharedFrom>) -> impl IntoView {
    of.map(|from| {
        let may = words::share_access(from.access);
        view! {
            <span class="chip" title=may>
                {tr!(data.from_project, project = from.project_name)}
                <span class="sr-only">", " {may}</span>
            </span>
        }
    })
}

/// Names of a version, told apart from labels by their sign.
#[component]
pub(crate) fn Tags(tags: Vec<String>) -> impl IntoView {
    let chip = |tag: String| {
        view! {
            <span class="chip ok">
                <i aria-hidden="true"></i>
                <span class="sr-only">{tr!(data.tag)} " "</span>
                {tag}
            </span>
        }
    };
    tags.into_iter().map(chip).collect_view()
}

#[component]
pub(crate) fn Trashed() -> impl IntoView {
    let dataset = Ds::expect();
    let sentence = move || {
        let until = dataset.info.with(|info| info.removed_at.map(time::date)).unwrap_or_default();
        match dataset.noun {
            Noun::Dataset => tr!(data.is_trashed, until = until),
            Noun::Model => tr!(models.is_trashed, until = until),
        }
    };
    // `Ds::may` says no to everything in the trash, but to this.
    let may = move || dataset.info.with(|info| info.permissions.contains(&Action::Delete));
    view! {
        <Show when=move || dataset.is_trashed()>
            <div class="notice wait row between wrap">
                <p class="grow">{sentence}</p>
                <Show when=may>
                    <Recover noun=dataset.noun slug=dataset.slug() name=dataset.name() />
                </Show>
            </div>
        </Show>
    }
}

#[component]
pub(crate) fn Tabs() -> impl IntoView {
    let dataset = Ds::expect();
    let path = use_location().pathname;
    let rest = Memo::new(move |_| {
        let path = path.get();
        path.strip_prefix(dataset.at("").as_str()).unwrap_or_default().trim_end_matches('/').to_owned()
    });
    // Of a dataset the files are what one comes for, of a model what its versions scored.
    let (files, versions) = match dataset.noun {
        Noun::Dataset => ("", "/versions"),
        Noun::Model => ("/files", ""),
    };
    let tab = move |name: Signal<String>, at: &'static str| {
        let here = move || {
            rest.with(|rest| match rest.as_str() {
                "/access" | "/settings" => rest == at,
                "/compare" => at == versions,
                rest if rest == versions => at == versions,
                // A version's files are at its number.
                _ => at == files,
            })
        };
        view! {
            <a href=dataset.at(at) aria-current=move || here().then_some("page")>
                {name}
            </a>
        }
    };
    let counted = Signal::derive(move || {
        let count = dataset.info.with(|info| info.versions);
        if count > 0 { format!("{} {count}", tr!(data.versions)) } else { tr!(data.versions).to_owned() }
    });
    let fixed = |text: &'static str| Signal::stored(text.to_owned());
    // Models are shared with nobody.
    let access = move || dataset.noun == Noun::Dataset && dataset.may(Action::Update);
    let settings = move || dataset.may(Action::Update) || dataset.may(Action::Delete);
    let (first, second) = match dataset.noun {
        Noun::Dataset => (tab(fixed(tr!(data.files)), files), tab(counted, versions)),
        Noun::Model => (tab(counted, versions), tab(fixed(tr!(data.files)), files)),
    };
    let label = match dataset.noun {
        Noun::Dataset => tr!(data.parts),
        Noun::Model => tr!(models.parts),
    };
    view! {
        <nav class="tabs" aria-label=label>
            {first} {second}
            {move || access().then(|| tab(fixed(tr!(data.access)), "/access"))}
            {move || settings().then(|| tab(fixed(tr!(common.settings)), "/settings"))}
        </nav>
    }
}
