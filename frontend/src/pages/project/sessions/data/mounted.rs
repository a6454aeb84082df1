//! The data that a session has, and a start with other data.

use super::choice::DataChoiceField;
use super::pick::{DataPick, LATEST};
use crate::components::form::{FormFailure, Submit};
use crate::components::session::is_up;
use crate::components::{Dialog, Gauge};
use crate::contexts::project::Proj;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::format::size;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::role::{Action, Object};
use atelier_api::session::{DataPlace, Session, SessionData, StartSession};
use leptos::prelude::*;

#[component]
pub(crate) fn SessionDataCard(session: Memo<Session>, may_start: Signal<bool>) -> impl IntoView {
    let project = Proj::expect();
    let data = Memo::new(move |_| session.with(|s| s.data.clone()));
    let progress = Memo::new(move |_| session.with(|s| s.data_progress));
    let choosing = RwSignal::new(false);
    let may_choose =
        move || may_start.get() && project.may_own(Object::Dataset, Action::Read) && !session.with(is_up);
    let percent = Signal::derive(move || progress.get().map_or(0, |p| size::percent_of(p.bytes, p.of)));
    let copied = Signal::derive(move || {
        let told = |p: atelier_api::session::DataProgress| {
            tr!(sessions.data_copied, bytes = size::bytes(p.bytes), of = size::bytes(p.of))
        };
        progress.get().map(told).unwrap_or_default()
    });
    let nothing = move || match session.with(|s| s.data_all) {
        true => tr!(sessions.data_none_of_all),
        false => tr!(sessions.data_none),
    };
    view! {
        <section class="card">
            <header>
                <h2>{tr!(start.data)}</h2>
                <Show when=may_choose>
                    <button class="btn small" on:click=move |_| choosing.set(true)>
                        {tr!(sessions.data_other)}
                    </button>
                </Show>
            </header>
            <Show when=move || progress.get().is_some_and(|p| p.of > 0)>
                <div class="in stack">
                    <p class="muted">{copied}</p>
                    // Nothing is wrong when all of it is there.
                    <Gauge percent=Signal::derive(move || percent.get().min(79)) label=copied />
                </div>
            </Show>
            <Show
                when=move || data.with(|data| !data.is_empty())
                fallback=move || view! { <p class="in muted">{nothing}</p> }
            >
                <ul class="lines">
                    <For each=move || data.get() key=shown let(data)>
                        <Line data />
                    </For>
                </ul>
            </Show>
        </section>
        <Dialog open=choosing title=tr!(sessions.data_other).to_owned()>
            <OtherData session choosing />
        </Dialog>
    }
}

/// A line is made anew when anything that it shows changes.
fn shown(data: &SessionData) -> impl Eq + std::hash::Hash + use<> {
    let SessionData { dataset, name, version, number, bytes, place } = data.clone();
    (dataset, name, version, number, bytes, place)
}

#[component]
fn Line(data: SessionData) -> impl IntoView {
    let project = Proj::expect();
    let SessionData { dataset, name, version, number, bytes, place } = data;
    let address = match number {
        Some(number) => project.at(&format!("/data/{dataset}/v{number}")),
        None => project.at(&format!("/data/{dataset}")),
    };
    let which = match (number, version.as_str()) {
        (Some(number), LATEST) => tr!(data.latest_number, number = number),
        (Some(number), word) if word != number.to_string() => format!("v{number} · {word}"),
        (Some(number), _) => format!("v{number}"),
        (None, word) => word.to_owned(),
    };
    let why = place.and_then(|place| match place {
        DataPlace::Mounted => None,
        DataPlace::TooLarge => Some(tr!(sessions.data_too_large)),
        DataPlace::NoRoom => Some(tr!(sessions.data_no_room)),
        DataPlace::Damaged => Some(tr!(sessions.data_damaged)),
        DataPlace::NotCopied => Some(tr!(sessions.data_not_copied)),
    });
    let mounted = place == Some(DataPlace::Mounted);
    view! {
        <li>
            <div class="row wrap between">
                <span class="row wrap tight">
                    <a class="strong" href=address>
                        {name}
                    </a>
                    <span class="chip blue">{which}</span>
                </span>
                <span class="muted num">{bytes.map(size::bytes)}</span>
            </div>
            {mounted.then(|| view! { <code class="small muted">{format!("/data/{dataset}")}</code> })}
            {why.map(|why| view! { <p class="small muted">{why}</p> })}
        </li>
    }
}

/// Starts a session that has ended, with other data than before.
#[component]
fn OtherData(session: Memo<Session>, choosing: RwSignal<bool>) -> impl IntoView {
    let project = Proj::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let pick = session.with_untracked(DataPick::of);
    let options = Fetched::new(move || calls::session_options(&project.org.slug(), &project.slug()));
    let limit = Signal::derive(move || options.get().and_then(|options| options.data_version_limit));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = StartSession { tier: None, data: Some(pick.wish()) };
        let id = session.with_untracked(|s| s.id.clone());
        sending.send(calls::session_start(&project.org.slug(), &project.slug(), &id, &body), move |_| {
            choosing.set(false);
            toasts.done(tr!(sessions.starts));
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            <DataChoiceField pick limit problem=sending.problem("data") />
            <FormFailure sending />
            <div class="row">
                <Submit label=Signal::derive(|| tr!(sessions.start_again).to_owned()) sending />
            </div>
        </form>
    }
}
