//! Uploads of one's own that were interrupted: the way on, and the way to be rid of them.

use super::{Choose, Wish, Wishes};
use crate::components::Confirm;
use crate::contexts::clock::Clock;
use crate::contexts::dataset::Ds;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::format::{size, time};
use crate::text::tr;
use crate::uploads::{Note, Picked, Uploads};
use crate::words;
use atelier_api::calls;
use atelier_api::event::Event;
use atelier_api::upload::Upload;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Nothing as long as there are none: nobody waits for this.
#[component]
pub(in super::super) fn Interrupted() -> impl IntoView {
    let dataset = Ds::expect();
    let uploads = Uploads::expect();
    let (org, project, slug) = dataset.names();
    let name = project.clone();
    let list = Fetched::new(move || {
        // What this page uploads comes and goes.
        uploads.all().track();
        calls::upload_list(&org, &project, &slug)
    })
    .stale_on(
        dataset.project.org.live,
        move |event| matches!(event, Event::DatasetsChanged { project } if *project == name),
    );
    let others = move || -> Vec<Upload> {
        let all = list.get().unwrap_or_default();
        all.into_iter().filter(|upload| !uploads.has(&upload.id)).collect()
    };
    view! {
        <For each=others key=|upload| upload.id.clone() let(upload)>
            <OneInterrupted upload list />
        </For>
    }
}

#[component]
fn OneInterrupted(upload: Upload, list: Fetched<Vec<Upload>>) -> impl IntoView {
    let clock = Clock::expect();
    let wishes = Wishes::expect();
    let uploads = Uploads::expect();
    let toasts = Toasts::expect();
    let note = RwSignal::new(None::<Note>);
    let id = StoredValue::new(upload.id.clone());
    spawn_local(async move {
        if let Some(found) = uploads.note(&upload.id).await {
            note.try_set(Some(found));
        }
    });
    let began = upload.created_at;
    let sentence = move || {
        let ago = time::ago(began, clock.now());
        match note.get() {
            Some(note) => {
                let files = words::files(note.files as i64);
                let size = size::bytes(note.bytes as i64);
                tr!(uploads.interrupted, files = files, size = size, ago = ago)
            }
            None => tr!(uploads.interrupted_unknown, ago = ago),
        }
    };
    let found_again = move || note.with(|note| note.as_ref().is_some_and(|note| note.found_again));
    let take = Callback::new(move |picked: Picked| {
        let note = note.get_untracked().unwrap_or_default();
        wishes.wish.set(Some(Wish { picked, interrupted: Some((id.get_value(), note)) }));
    });
    let go_on = move |_| {
        spawn_local(async move {
            match Picked::again(&id.get_value()).await {
                Some(picked) => {
                    take.try_run(picked);
                }
                None => {
                    note.try_update(|note| note.as_mut().map(|note| note.found_again = false));
                    toasts.sorry(tr!(uploads.not_found_again));
                }
            }
        });
    };
    view! {
        <section class="notice wait" aria-label=tr!(uploads.interrupted_title)>
            <p>
                {sentence} " "
                {move || if found_again() { tr!(uploads.go_on_here) } else { tr!(uploads.go_on_how) }}
            </p>
            <div class="row wrap tight">
                <Show
                    when=found_again
                    fallback=move || view! { <Choose on_files=take again=true /> }
                >
                    <button class="btn" on:click=go_on>
                        {tr!(uploads.go_on)}
                    </button>
                </Show>
                <Discard upload=id.get_value() list />
            </div>
        </section>
    }
}

#[component]
fn Discard(upload: String, list: Fetched<Vec<Upload>>) -> impl IntoView {
    let dataset = Ds::expect();
    let uploads = Uploads::expect();
    let sending = Sending::new();
    let asking = RwSignal::new(false);
    let upload = StoredValue::new(upload);
    let discard = Callback::new(move |()| {
        let (org, project, slug) = dataset.names();
        let call = calls::upload_cancel(&org, &project, &slug, &upload.get_value());
        sending.send(call, move |()| {
            uploads.forget(upload.get_value());
            list.refetch();
        });
    });
    view! {
        <button class="btn quiet" on:click=move |_| asking.set(true)>
            {tr!(uploads.discard)}
        </button>
        <Confirm
            open=asking
            title=tr!(uploads.discard_title).to_owned()
            text=tr!(uploads.cancel_text).to_owned()
            action=tr!(uploads.discard).to_owned()
            sending
            on_confirm=discard
        />
    }
}
