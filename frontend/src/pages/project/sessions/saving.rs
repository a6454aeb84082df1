//! The files of one's own session, on their way into the project.

use crate::components::form::{FormFailure, Submit, TextField};
use crate::contexts::clock::Clock;
use crate::contexts::project::Proj;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::format::{size, time};
use crate::text::tr;
use atelier_api::calls;
use atelier_api::draft::{DraftSave, KeptFile, KeptHow, SaveDraft};
use atelier_api::event::Event;
use atelier_api::role::{Action, Object};
use atelier_api::session::{Session, SessionState};
use leptos::prelude::*;

/// Only for one's own: it is one's own draft that becomes a version.
#[component]
pub(crate) fn Saving(session: Memo<Session>) -> impl IntoView {
    let project = Proj::expect();
    let mine = Memo::new(move |_| session.with(|s| s.mine) && project.may(Object::File, Action::Commit));
    view! {
        <Show when=move || mine.get()>
            <Card session />
        </Show>
    }
}

#[component]
fn Card(session: Memo<Session>) -> impl IntoView {
    let project = Proj::expect();
    let (org, toasts, sending) = (project.org, Toasts::expect(), Sending::new());
    let draft = Fetched::new(move || calls::files_draft_get(&org.slug(), &project.slug())).stale_on(
        org.live,
        move |event| matches!(event, Event::FilesChanged { project: changed } if *changed == project.slug()),
    );
    let message = RwSignal::new(String::new());
    let runs = move || session.with(|s| s.state == SessionState::Running);
    let unsaved = move || draft.get().is_some_and(|draft| draft.unsaved);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (org, project) = (org.slug(), project.slug());
        let body = SaveDraft { message: message.get_untracked() };
        let id = session.with_untracked(|s| s.id.clone());
        let call = match session.with_untracked(|s| s.state) {
            SessionState::Running => calls::session_save(&org, &project, &id, &body),
            _ => calls::files_draft_save(&org, &project, &body),
        };
        sending.send(call, move |saved| {
            message.try_set(String::new());
            toasts.done(match saved.version {
                Some(version) => tr!(sessions.files_saved, version = version),
                None => tr!(sessions.files_nothing_new).to_owned(),
            });
            draft.refetch();
        });
    };
    view! {
        <section class="card">
            <header>
                <h2>{tr!(sessions.files)}</h2>
            </header>
            <div class="in stack">
                <p class="note">{tr!(sessions.files_text)}</p>
                <Show when=move || !runs() && unsaved()>
                    <p class="notice">{tr!(sessions.files_unsaved)}</p>
                </Show>
                <Show when=move || runs() || unsaved()>
                    <form class="stack" on:submit=save>
                        <TextField
                            label=tr!(uploads.message)
                            value=message
                            problem=sending.problem("message")
                        />
                        <FormFailure sending />
                        <div class="row end">
                            <Submit label=tr!(sessions.files_save).to_owned() sending />
                        </div>
                    </form>
                </Show>
                {move || draft.get().and_then(|draft| draft.last_save).map(|save| view! { <Outcome save /> })}
            </div>
        </section>
    }
}

#[component]
fn Outcome(save: DraftSave) -> impl IntoView {
    let clock = Clock::expect();
    let DraftSave { at, version, kept, kept_count, merged_count, .. } = save;
    let when = move || {
        let ago = time::ago(at, clock.now());
        match version {
            Some(version) => tr!(sessions.files_last, version = version, ago = ago),
            None => tr!(sessions.files_last_nothing, ago = ago),
        }
    };
    let merged = tr!(sessions.files_merged, count = merged_count, n = size::number(merged_count as f64, 0));
    let more = kept_count - i64::try_from(kept.len()).unwrap_or_default();
    view! {
        <p>{when}</p>
        {(merged_count > 0).then(|| view! { <p class="note">{merged}</p> })}
        {(kept_count > 0)
            .then(|| {
                view! {
                    <div class="notice wait" role="status">
                        <p>{tr!(sessions.files_kept)}</p>
                        <ul>
                            {kept.into_iter().map(|file| view! { <li>{sentence(file)}</li> }).collect_view()}
                            {(more > 0).then(|| view! { <li>{tr!(sessions.files_more, count = more, n = size::number(more as f64, 0))}</li> })}
                        </ul>
                    </div>
                }
            })}
    }
}

fn sentence(file: KeptFile) -> String {
    let KeptFile { path, how, beside } = file;
    match (how, beside) {
        (KeptHow::Beside, Some(beside)) => tr!(sessions.files_beside, path = path, beside = beside),
        (KeptHow::Ours | KeptHow::Beside, _) => tr!(sessions.files_ours, path = path),
        (KeptHow::Theirs, _) => tr!(sessions.files_theirs, path = path),
    }
}
