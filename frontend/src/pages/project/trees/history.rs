//! The versions in which one file changed.

use super::context::{Place, Tree, call};
use super::restore::RestoreFile;
use crate::components::{Empty, Loaded, ShowMore};
use crate::contexts::clock::Clock;
use crate::data::Listed;
use crate::format::{size, time};
use crate::pages::project::versions::way;
use crate::text::tr;
use crate::words;
use atelier_api::data::{DataChangeKind, DataFileVersion};
use leptos::prelude::*;

#[component]
pub(crate) fn History() -> impl IntoView {
    let tree = Tree::expect();
    crate::components::title(|| tr!(files.history).to_owned());
    let place = Place::of(tree);
    let list = Listed::new(move |cursor| {
        let number = place.number.get().to_string();
        call!(tree, history(&number, &place.path.get(), cursor.as_deref()))
    });
    let address = move |path: &str| match place.path.with(|whole| whole == path) {
        true => tree.file_at(path, None),
        false => tree.folder_at(path, None),
    };
    view! {
        <section class="card">
            <header>
                <nav class="way" aria-label=tr!(data.folder)>
                    {move || way(tree.project.name(), &place.path.get(), address)}
                </nav>
                <a class="btn small" href=move || tree.file_at(&place.path.get(), None)>
                    {tr!(files.to_file)}
                </a>
            </header>
            <Loaded of=list.first let:first>
                <Show
                    when=move || first.with(|page| !page.items.is_empty()) || list.has_more()
                    fallback=|| view! { <Empty title=tr!(files.no_history) text=tr!(files.no_history_text) /> }
                >
                    <ol class="lines">
                        <For
                            each=move || with_older(list.items(&first.get()))
                            key=|(change, older)| (change.version.number, *older)
                            let((change, older))
                        >
                            <Line change older place />
                        </For>
                    </ol>
                    <ShowMore list />
                </Show>
            </Loaded>
        </section>
    }
}

/// Each with the version before in which the file changed.
fn with_older(items: Vec<DataFileVersion>) -> Vec<(DataFileVersion, Option<i64>)> {
    let older: Vec<_> = items.iter().skip(1).map(|item| Some(item.version.number)).chain([None]).collect();
    items.into_iter().zip(older).collect()
}

#[component]
fn Line(change: DataFileVersion, older: Option<i64>, place: Place) -> impl IntoView {
    let tree = Tree::expect();
    let clock = Clock::expect();
    let DataFileVersion { version, kind, bytes } = change;
    let (number, created_at) = (version.number, version.created_at);
    let (class, word) = match kind {
        DataChangeKind::Added => ("chip ok", tr!(data.added)),
        DataChangeKind::Removed => ("chip bad", tr!(data.removed)),
        DataChangeKind::Changed => ("chip wait", tr!(data.changed)),
    };
    let by = words::data_origin(version.origin, version.author_name);
    let ago = Memo::new(move |_| time::ago(created_at, clock.now()));
    let is_there = kind != DataChangeKind::Removed;
    let is_newest = move || tree.newest_number() == number;
    let compare = older.filter(|_| kind == DataChangeKind::Changed).map(|older| {
        view! {
            <a
                class="btn quiet small"
                href=move || tree.changes_at(&place.path.get(), older, number)
                aria-label=tr!(data.changes_of, number = number)
            >
                {tr!(data.changes)}
            </a>
        }
    });
    let name = match is_there {
        true => view! {
            <a class="strong link-name" href=move || tree.file_at(&place.path.get(), Some(number))>
                {format!("v{number}")}
            </a>
        }
        .into_any(),
        false => view! { <span class="strong">{format!("v{number}")}</span> }.into_any(),
    };
    view! {
        <li class="version">
            <div class="grow stack tight">
                <div class="row wrap tight">
                    {name}
                    <span class=class>{word}</span>
                    <span class="small muted">{bytes.map(size::bytes)}</span>
                </div>
                {(!version.message.is_empty()).then(|| view! { <p class="pre-line">{version.message}</p> })}
                <p class="small muted">{by} ", " {ago}</p>
            </div>
            <div class="row wrap actions">
                {compare}
                <Show when=move || is_there && !is_newest() && tree.may_commit()>
                    <RestoreFile path=place.path number=Memo::new(move |_| number) quiet=true />
                </Show>
            </div>
        </li>
    }
}
