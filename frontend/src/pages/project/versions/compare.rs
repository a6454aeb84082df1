//! Two versions beside each other, file by file.

use super::changes::ChangeTable;
use crate::components::{Empty, Loaded, ShowMore};
use crate::data::{Listed, in_address};
use crate::format::time;
use crate::text::tr;
use atelier_api::call::Call;
use atelier_api::data::{DataChange, DataVersion};
use atelier_api::page::Page;
use leptos::prelude::*;

/// Two of the versions, of which the older one's number comes first.
pub(crate) type Two = (i64, i64);

/// What stands above the files that differ: of the versions that can be chosen, the older one and the newer one.
pub(crate) type Above = fn(Signal<Vec<DataVersion>>, Memo<i64>, Memo<i64>) -> AnyView;

/// Shows what differs between two versions that one chooses; at first, what the newest one changed.
#[component]
pub(crate) fn Compare(
    /// The newest first. Those in the trash are left out.
    versions: Signal<Vec<DataVersion>>,
    /// Asks for the part of the list at a cursor.
    changes: Callback<(Two, Option<String>), Call<Page<DataChange>>>,
    /// The address of what changed in one file.
    #[prop(optional)]
    link: Option<Callback<(Two, String), String>>,
    #[prop(optional_no_strip)] above: Option<Above>,
) -> impl IntoView {
    let kept = Signal::derive(move || -> Vec<DataVersion> {
        versions.with(|all| all.iter().filter(|version| version.trashed_at.is_none()).cloned().collect())
    });
    view! {
        <Show
            when=move || kept.with(|kept| kept.len() > 1)
            fallback=|| {
                view! {
                    <div class="card">
                        <Empty title=tr!(data.nothing_to_compare) text=tr!(data.nothing_to_compare_text) />
                    </div>
                }
            }
        >
            <Both kept changes link above />
        </Show>
    }
}

#[component]
fn Both(
    kept: Signal<Vec<DataVersion>>,
    changes: Callback<(Two, Option<String>), Call<Page<DataChange>>>,
    link: Option<Callback<(Two, String), String>>,
    above: Option<Above>,
) -> impl IntoView {
    let (from, to) = (in_address("from"), in_address("to"));
    let newer = Memo::new(move |_| {
        let newest = || kept.with(|all| all.first().map(|version| version.number));
        to.get().parse::<i64>().ok().or_else(newest).unwrap_or_default()
    });
    let older = Memo::new(move |_| {
        let newer = newer.get();
        let before = || kept.with(|all| all.iter().map(|v| v.number).find(|number| *number < newer));
        from.get().parse::<i64>().ok().or_else(before).unwrap_or(newer)
    });
    let list = Listed::new(move |cursor| changes.run(((older.get(), newer.get()), cursor)));
    let link = link.map(|link| {
        Callback::new(move |path: String| link.run(((older.get_untracked(), newer.get_untracked()), path)))
    });
    view! {
        {above.map(|above| above(kept, older, newer))}
        <section class="card">
            <header>
                <div class="row wrap">
                    <VersionChoice label=tr!(data.from) chosen=older value=from versions=kept />
                    <span class="faint" aria-hidden="true">"→"</span>
                    <VersionChoice label=tr!(data.to) chosen=newer value=to versions=kept />
                </div>
            </header>
            <Loaded of=list.first let:first>
                <Show
                    when=move || first.with(|page| !page.items.is_empty())
                    fallback=|| view! { <Empty title=tr!(data.same) text=tr!(data.same_text) /> }
                >
                    <ChangeTable changes=Signal::derive(move || list.items(&first.get())) link />
                    <ShowMore list />
                </Show>
            </Loaded>
        </section>
    }
}

#[component]
fn VersionChoice(
    label: &'static str,
    chosen: Memo<i64>,
    value: RwSignal<String>,
    versions: Signal<Vec<DataVersion>>,
) -> impl IntoView {
    let options = move || {
        let mut versions: Vec<_> = versions.get().iter().map(|v| (v.number, caption(v))).collect();
        // One that a link names may be further back than the list goes.
        let chosen = chosen.get();
        if !versions.iter().any(|(number, _)| *number == chosen) {
            versions.push((chosen, format!("v{chosen}")));
        }
        let option = |(number, text): (i64, String)| {
            view! {
                <option value=number.to_string() selected=number == chosen>
                    {text}
                </option>
            }
        };
        versions.into_iter().map(option).collect_view()
    };
    view! {
        <select
            class="input versions"
            aria-label=label
            on:change=move |event| value.set(event_target_value(&event))
        >
            {options}
        </select>
    }
}

/// `v12 · 24 Nov 2026, 12:40 · Fixed the dates`
fn caption(version: &DataVersion) -> String {
    let line = version.message.lines().next().unwrap_or_default();
    let short: String = line.chars().take(40).collect();
    let mut parts = vec![format!("v{}", version.number), time::moment(version.created_at)];
    parts.extend(Some(short).filter(|short| !short.is_empty()));
    parts.join(" · ")
}
