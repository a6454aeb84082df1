//! What one can do with a session: open, stop, start again, delete.

use crate::api;
use crate::components::Confirm;
use crate::contexts::organization::Org;
use crate::contexts::toasts::Toasts;
use crate::data::Sending;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::role::Action;
use atelier_api::session::{AliveReason, Session, SessionState, StartSession};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsValue;

/// `may` says what the caller may do with this session.
#[component]
pub(crate) fn SessionActions(session: Memo<Session>, may: Callback<Action, bool>) -> impl IntoView {
    let org = Org::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let (deleting, stopping) = (RwSignal::new(false), RwSignal::new(false));
    let place = move || session.with_untracked(|s| (org.slug(), s.project.clone(), s.id.clone()));
    let state = move || session.with(|s| s.state);
    let name = move || session.with(|s| s.name.clone());

    let open = move |_| {
        let (org, project, id) = place();
        open_in_tab(calls::session_open(&org, &project, &id), toasts);
    };
    let stop = Callback::new(move |()| {
        let (org, project, id) = place();
        sending.send(calls::session_stop(&org, &project, &id), move |_| {
            stopping.set(false);
            toasts.done(tr!(sessions.stops));
        });
    });
    // What a cell has computed so far would be lost; what only waits is stopped without a question.
    let computes = move || {
        let alive = |s: &Session| s.idle.as_ref().map(|idle| idle.alive.clone());
        let alive = session.with_untracked(alive);
        matches!(alive, Some(AliveReason::KernelBusy { .. }))
    };
    let ask_to_stop = move |_| {
        if computes() {
            stopping.set(true);
            return;
        }
        let (org, project, id) = place();
        sending.act(calls::session_stop(&org, &project, &id), toasts, move |_| {
            toasts.done(tr!(sessions.stops));
        });
    };
    let start = move |_| {
        let (org, project, id) = place();
        let call = calls::session_start(&org, &project, &id, &StartSession::default());
        sending.act(call, toasts, move |_| toasts.done(tr!(sessions.starts)));
    };
    let delete = Callback::new(move |()| {
        let (org, project, id) = place();
        sending.send(calls::session_delete(&org, &project, &id), move |()| {
            deleting.set(false);
            toasts.done(tr!(sessions.deleted));
        });
    });

    let up = move || matches!(state(), SessionState::Running | SessionState::Starting);
    let down = move || matches!(state(), SessionState::Stopped | SessionState::Failed);
    let allowed = move |action: Action| move || may.run(action);
    let (may_open, may_stop) = (allowed(Action::Open), allowed(Action::Stop));
    let (may_start, may_delete) = (allowed(Action::Start), allowed(Action::Delete));
    let busy = sending.busy();
    view! {
        <div class="row actions">
            <Show when=move || state() == SessionState::Running && may_open()>
                <button class="btn primary" on:click=open aria-label=move || tr!(sessions.open_named, name = name())>
                    {tr!(sessions.open)}
                </button>
            </Show>
            <Show when=move || up() && may_stop()>
                <button
                    class="btn"
                    aria-disabled=move || busy.get().then_some("true")
                    on:click=ask_to_stop
                    aria-label=move || tr!(sessions.stop_named, name = name())
                >
                    {tr!(sessions.stop)}
                </button>
            </Show>
            <Show when=move || down() && may_start()>
                <button
                    class="btn"
                    aria-disabled=move || busy.get().then_some("true")
                    on:click=start
                    aria-label=move || tr!(sessions.start_named, name = name())
                >
                    {tr!(sessions.start_again)}
                </button>
            </Show>
            <Show when=move || down() && may_delete()>
                <button
                    class="btn quiet danger"
                    on:click=move |_| deleting.set(true)
                    aria-label=move || tr!(sessions.delete_named, name = name())
                >
                    {tr!(common.delete)}
                </button>
            </Show>
        </div>
        <Confirm
            open=stopping
            title=Signal::derive(move || tr!(sessions.stop_title, name = name()))
            text=tr!(sessions.stop_text).to_owned()
            action=tr!(sessions.stop).to_owned()
            sending
            on_confirm=stop
        />
        <Confirm
            open=deleting
            title=Signal::derive(move || tr!(sessions.delete_title, name = name()))
            text=tr!(sessions.delete_text).to_owned()
            action=tr!(common.delete).to_owned()
            sending
            on_confirm=delete
        />
    }
}

/// The tab is opened within the click, else the browser takes it for a pop-up; what is in it is another
/// site's, so it never knows this page.
fn open_in_tab(call: atelier_api::call::Call<atelier_api::session::SessionEntry>, toasts: Toasts) {
    let tab = window().open_with_url_and_target("about:blank", "_blank").ok().flatten();
    if let Some(tab) = &tab {
        let _ = tab.set_opener(&JsValue::NULL);
    }
    spawn_local(async move {
        match (api::send(call).await, tab) {
            (Ok(entry), Some(tab)) => {
                // Fails only if the person closed the tab meanwhile.
                let _ = tab.location().replace(&entry.url);
            }
            // The browser let no tab open: then here.
            (Ok(entry), None) => crate::contexts::account::leave_to(&entry.url),
            (Err(failure), tab) => {
                if let Some(tab) = tab {
                    let _ = tab.close();
                }
                toasts.failed(&failure);
            }
        }
    });
}
