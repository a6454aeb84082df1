//! What differs in one file between two versions.

use super::context::{Tree, call, name_of};
use super::preview::Note;
use crate::pages::project::versions::way;
use crate::text::tr;
use crate::viewer::{Heard, Order, Parts, Viewer, kind};
use leptos::prelude::*;

#[component]
pub(super) fn FileChanges(path: String, older: i64, newer: i64) -> impl IntoView {
    let tree = Tree::expect();
    let outcome = RwSignal::new(None::<Heard>);
    let of = kind(&path);
    let part = |number: i64| Some(of.compared(call!(tree, content_path(&number.to_string(), &path))));
    let order = Order {
        kind: of,
        name: name_of(&path).to_owned(),
        line: None,
        parts: Parts::Two { before: part(older), after: part(newer) },
        beside: None,
    };
    let hear = Callback::new(move |heard: Heard| match heard {
        Heard::Line { .. } | Heard::Follow { .. } => {}
        heard => outcome.set(Some(heard)),
    });
    let name = StoredValue::new(order.name.clone());
    let failed = move || matches!(outcome.get(), Some(Heard::Failed { .. }));
    let label = tr!(files.changes_of, name = order.name.clone(), older = older, newer = newer);
    let title = label.clone();
    let path = StoredValue::new(path);
    let address = move |at: &str| match path.with_value(|path| path == at) {
        true => tree.file_at(at, Some(newer)),
        false => tree.folder_at(at, Some(newer)),
    };
    view! {
        <section class="card" aria-label=title>
            <header>
                <nav class="way" aria-label=tr!(data.folder)>
                    {path.with_value(|path| way(tree.project.name(), path, address))}
                </nav>
                <div class="row wrap">
                    <span class="chip">{format!("v{older}")}</span>
                    <span class="faint" aria-hidden="true">"→"</span>
                    <span class="chip blue">{format!("v{newer}")}</span>
                    <a class="btn small" href=path.with_value(|path| tree.history_at(path))>
                        {tr!(files.history)}
                    </a>
                    <a class="btn small" href=tree.at(&format!("/compare?from={older}&to={newer}"))>
                        {tr!(files.all_changes)}
                    </a>
                </div>
            </header>
            <Note outcome of=Signal::derive(move || name.get_value()) />
            <div class="shown" class:hidden=failed>
                <Viewer order=Signal::stored(order) label hear />
            </div>
        </section>
    }
}
