//! Archiving keeps everything and lets nothing start; deleting keeps only the bill.

use crate::components::Confirm;
use crate::contexts::project::Proj;
use crate::contexts::toasts::Toasts;
use crate::data::Sending;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::project::UpdateProject;
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

#[component]
pub(crate) fn Archive() -> impl IntoView {
    let project = Proj::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let archived = move || project.archived();
    let call = move |archived: bool| {
        let body = UpdateProject { archived: Some(archived), ..UpdateProject::default() };
        let version = project.info.with_untracked(|info| info.version);
        calls::project_update(&project.org.slug(), &project.slug(), &body).unless_changed(version)
    };
    let change = move |_| {
        let wanted = !untrack(archived);
        sending.act(call(wanted), toasts, move |info| {
            project.fetched.set(info);
            let text = if wanted { tr!(projects.was_archived) } else { tr!(projects.was_unarchived) };
            toasts.undoable(text, call(!wanted));
        });
    };
    view! {
        <section class="card narrow">
            <header>
                <h2>{tr!(projects.archive)}</h2>
            </header>
            <div class="in row between wrap">
                <p class="muted grow">{tr!(projects.archive_text)}</p>
                <button class="btn" aria-disabled=move || sending.busy().get().then_some("true") on:click=change>
                    {move || {
                        if archived() { tr!(projects.unarchive) } else { tr!(projects.archive_button) }
                    }}
                </button>
            </div>
        </section>
    }
}

#[component]
pub(crate) fn Delete() -> impl IntoView {
    let project = Proj::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let open = RwSignal::new(false);
    let navigate = StoredValue::new_local(use_navigate());
    let delete = Callback::new(move |()| {
        let name = untrack(|| project.name());
        let version = project.info.with_untracked(|info| info.version);
        let call = calls::project_delete(&project.org.slug(), &project.slug(), &name).unless_changed(version);
        sending.send(call, move |()| {
            toasts.done(tr!(projects.deleted, name = name));
            let start = project.org.at("");
            navigate.with_value(|navigate| navigate(&start, Default::default()));
        });
    });
    view! {
        <section class="card narrow">
            <header>
                <h2>{tr!(projects.delete)}</h2>
            </header>
            <div class="in row between wrap">
                <p class="muted grow">{tr!(projects.delete_text)}</p>
                <button class="btn danger" on:click=move |_| open.set(true)>
                    {tr!(projects.delete)}
                </button>
            </div>
        </section>
        <Confirm
            open
            title=Signal::derive(move || tr!(projects.delete_title, name = project.name()))
            text=tr!(projects.delete_text).to_owned()
            action=tr!(projects.delete).to_owned()
            word=Signal::derive(move || project.name())
            sending
            on_confirm=delete
        />
    }
}
