//! One file: what is in it, who changed it last, what one can do with it.

use super::context::{Place, Tree, call, name_of};
use super::preview::Preview;
use super::restore::RestoreFile;
use super::version::OlderNotice;
use crate::contexts::clock::Clock;
use crate::data::{Fetched, in_address};
use crate::format::{size, time};
use crate::pages::project::versions::way;
use crate::text::tr;
use leptos::prelude::*;

#[component]
pub(crate) fn FilePage() -> impl IntoView {
    let tree = Tree::expect();
    let place = Place::of(tree);
    let line = in_address("line");
    let number_of_line = Signal::derive(move || line.with(|line| line.parse::<u32>().ok()));
    let on_line = Callback::new(move |number: u32| line.set(number.to_string()));
    let content = move || call!(tree, content_path(&place.number.get().to_string(), &place.path.get()));
    // All but the last name are folders.
    let address = move |path: &str| match place.path.with(|whole| whole == path) {
        true => tree.file_at(path, place.asked.get()),
        false => tree.folder_at(path, place.asked.get()),
    };
    let is_older = Memo::new(move |_| place.number.get() != tree.newest_number());
    let name = Signal::derive(move || name_of(&place.path.get()).to_owned());
    crate::components::title(move || name.get());
    view! {
        <OlderNotice place />
        <section class="card" aria-label=name>
            <header>
                <div class="grow">
                    <nav class="way" aria-label=tr!(data.folder)>
                        {move || way(tree.project.name(), &place.path.get(), address)}
                    </nav>
                    <LastChange place />
                </div>
                <div class="row wrap">
                    <Show when=move || is_older.get() && tree.may_commit()>
                        <RestoreFile path=place.path number=place.number />
                    </Show>
                    <a class="btn small" href=move || tree.history_at(&place.path.get())>
                        {tr!(files.history)}
                    </a>
                    <a class="btn small" href=content rel="external" download="">
                        {tr!(data.download)}
                    </a>
                </div>
            </header>
            <Preview
                path=Signal::derive(move || place.path.get())
                number=Signal::derive(move || place.number.get())
                asked=place.asked
                line=number_of_line
                on_line
            />
        </section>
    }
}

/// `v12 · Ada Lovelace, 3 hours ago · 12 KB · Fixed the dates`
#[component]
fn LastChange(place: Place) -> impl IntoView {
    let tree = Tree::expect();
    let clock = Clock::expect();
    let history =
        Fetched::new(move || call!(tree, history(&place.number.get().to_string(), &place.path.get(), None)));
    move || {
        let last = history.get()?.items.into_iter().next()?;
        let version = last.version;
        let ago = time::ago(version.created_at, clock.now());
        let mut parts = vec![format!("v{}", version.number), format!("{}, {ago}", version.author_name)];
        parts.extend(last.bytes.map(size::bytes));
        parts.extend(version.message.lines().next().filter(|line| !line.is_empty()).map(str::to_owned));
        Some(view! { <p class="small muted clip">{parts.join(" · ")}</p> })
    }
}
