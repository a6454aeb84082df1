//! A file, shown.

use super::context::{Tree, call, folder_of, name_of};
use crate::format::size;
use crate::text::tr;
use crate::viewer::{Beside, Heard, Link, Order, Parts, Viewer, Why, kind, link};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

#[component]
pub(super) fn Preview(
    path: Signal<String>,
    /// The version that is looked at.
    number: Signal<i64>,
    /// The one that the address names.
    asked: Memo<Option<i64>>,
    #[prop(optional)] line: Option<Signal<Option<u32>>>,
    #[prop(optional)] on_line: Option<Callback<u32>>,
) -> impl IntoView {
    let tree = Tree::expect();
    let navigate = use_navigate();
    let outcome = RwSignal::new(None::<Heard>);
    Effect::new(move |_| {
        path.track();
        number.track();
        outcome.set(None);
    });
    let order = Memo::new(move |_| {
        let (path, number) = (path.get(), number.get().to_string());
        let of = kind(&path);
        Order {
            kind: of,
            name: name_of(&path).to_owned(),
            // Pointing at another line is nothing to fetch for.
            line: line.and_then(|line| line.get_untracked()),
            parts: Parts::One { file: of.shown(call!(tree, content_path(&number, &path))) },
            beside: Some(Beside {
                folder: folder_of(&path).to_owned(),
                content: call!(tree, content_path(&number, "")),
            }),
        }
    });
    let hear = Callback::new(move |heard: Heard| match heard {
        Heard::Line { line } => {
            if let Some(on_line) = on_line {
                on_line.run(line);
            }
        }
        Heard::Follow { address } => {
            let here = path.get_untracked();
            if let Some(Link::File(to)) = link(folder_of(&here), &address) {
                let is_folder = to.is_empty() || address.trim_end().ends_with('/');
                let asked = asked.get_untracked();
                let at = if is_folder { tree.folder_at(&to, asked) } else { tree.file_at(&to, asked) };
                navigate(&at, leptos_router::NavigateOptions::default());
            }
        }
        Heard::Failed { why: Why::Folder, .. } => {
            let at = tree.folder_at(&path.get_untracked(), asked.get_untracked());
            navigate(&at, leptos_router::NavigateOptions { replace: true, ..Default::default() });
        }
        shown => outcome.set(Some(shown)),
    });
    let failed = move || matches!(outcome.get(), Some(Heard::Failed { .. }));
    let label = Signal::derive(move || tr!(files.content_of, name = name_of(&path.get()).to_owned()));
    view! {
        <Note outcome of=Signal::derive(move || order.with(|order| order.name.clone())) />
        <div class="shown" class:hidden=failed aria-busy=move || outcome.with(Option::is_none).then_some("true")>
            <Viewer order=Signal::derive(move || order.get()) label hear />
        </div>
    }
}

/// What cannot be seen, in words.
#[component]
pub(super) fn Note(outcome: RwSignal<Option<Heard>>, of: Signal<String>) -> impl IntoView {
    move || {
        let (text, is_part) = match outcome.get()? {
            Heard::Shown { bytes, whole: false } => {
                (tr!(files.shown_part, size = size::bytes(bytes.cast_signed())), true)
            }
            Heard::Failed { why, bytes } => (sentence(why, bytes, &of.get()), false),
            _ => return None,
        };
        let class = if is_part { "in muted small" } else { "in muted" };
        Some(view! {
            <p class=class role="status">
                {text}
            </p>
        })
    }
}

fn sentence(why: Why, bytes: Option<u64>, name: &str) -> String {
    let size = bytes.map(|bytes| size::bytes(bytes.cast_signed())).unwrap_or_default();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending).to_ascii_uppercase();
    match why {
        Why::TooLarge => tr!(files.too_large, size = size),
        Why::Binary if ending.is_empty() => tr!(files.binary, size = size),
        Why::Binary => tr!(files.binary_of, kind = ending, size = size),
        Why::Damaged => tr!(files.damaged).to_owned(),
        Why::Gone | Why::Folder => tr!(files.gone).to_owned(),
        Why::Unreachable => tr!(problems.unreachable).to_owned(),
    }
}
