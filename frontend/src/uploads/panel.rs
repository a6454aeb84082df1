//! The uploads at the page's edge, as a browser shows its downloads.

use super::running::{Running, Stage};
use super::{Uploads, pace::Pace};
use crate::components::Confirm;
use crate::data::Sending;
use crate::format::{size, time};
use crate::text::tr;
use leptos::prelude::*;

#[component]
pub(crate) fn UploadPanel() -> impl IntoView {
    let uploads = Uploads::expect();
    let all = uploads.all();
    view! {
        <Show when=move || all.with(|all| !all.is_empty())>
            <section class="uploads" aria-label=tr!(uploads.title)>
                <For each=move || all.get() key=|running| running.upload.clone() let(running)>
                    <OneUpload running />
                </For>
            </section>
        </Show>
    }
}

#[component]
fn OneUpload(running: Running) -> impl IntoView {
    let Running { target, bytes, stage, progress, .. } = running.clone();
    let bar = move || if bytes == 0 { 0.0 } else { progress.get().bytes.min(bytes) as f64 / bytes as f64 };
    let is_open = {
        let stage = stage.clone();
        move || stage.with(|stage| !matches!(stage, Stage::Done { .. }))
    };
    let label = tr!(uploads.progress_of, name = target.name.clone());
    view! {
        <div class="upload">
            <div class="row between">
                <a class="strong" href=target.page>{target.name}</a>
                <Buttons running=running.clone() />
            </div>
            <Show when=is_open>
                <progress aria-label=label.clone() max="1" prop:value=bar.clone()></progress>
            </Show>
            <Told running />
        </div>
    }
}

/// What happens now: said aloud when it changes, but not with every byte.
#[component]
fn Told(running: Running) -> impl IntoView {
    let stage = running.stage.clone();
    let word = Memo::new(move |_| match stage.get() {
        Stage::Going => (None, String::new()),
        Stage::Paused => (None, tr!(uploads.paused).to_owned()),
        Stage::Waiting => (Some("wait"), tr!(uploads.waiting).to_owned()),
        Stage::Committing => (None, tr!(uploads.committing).to_owned()),
        Stage::Done { number } => (Some("ok"), tr!(uploads.done, number = number)),
        Stage::Failed { sentence, .. } => (Some("bad"), sentence),
    });
    let stage = running.stage.clone();
    let about = move || match stage.get() {
        Stage::Failed { about, .. } => about,
        _ => Vec::new(),
    };
    let stage = running.stage.clone();
    let figures = move || match stage.get() {
        Stage::Done { .. } => None,
        Stage::Going => Some(figures(&running, true)),
        _ => Some(figures(&running, false)),
    };
    view! {
        <p class="small faint">{figures}</p>
        <p class=move || format!("small told {}", word.get().0.unwrap_or_default()) role="status">
            {move || word.get().1}
        </p>
        <ul class="small mono about">
            {move || about().into_iter().map(|path| view! { <li>{path}</li> }).collect_view()}
        </ul>
    }
}

/// `120 of 201 files · 34 of 64 MB · 12 MB/s · 3 s left`
fn figures(running: &Running, moving: bool) -> String {
    let progress = running.progress.get();
    let mut parts = vec![
        tr!(
            uploads.files_of,
            done = size::number(progress.files as f64, 0),
            all = size::number(running.files as f64, 0),
            count = running.files as i64
        ),
        tr!(
            uploads.bytes_of,
            done = size::bytes(progress.bytes as i64),
            all = size::bytes(running.bytes as i64)
        ),
    ];
    if moving {
        let left = running.bytes.saturating_sub(progress.bytes);
        let (speed, left) = running.pace.with(|pace: &Pace| (pace.speed(), pace.left(left)));
        parts.extend(speed.map(|speed| tr!(uploads.speed, speed = size::bytes(speed as i64))));
        parts.extend(left.map(|left| tr!(uploads.left, time = time::duration(left))));
    }
    parts.join(" · ")
}

#[component]
fn Buttons(running: Running) -> impl IntoView {
    let uploads = Uploads::expect();
    let sending = Sending::new();
    let asking = RwSignal::new(false);
    let stage = running.stage.clone();
    let running = StoredValue::new(running);
    let cancel = Callback::new(move |()| running.with_value(|running| uploads.cancel(running, sending)));
    let name = running.with_value(|running| running.target.name.clone());
    let title = tr!(uploads.cancel_title, name = name.clone());
    let middle = move || {
        let (text, act): (&'static str, fn(Uploads, &Running)) = match stage.get() {
            Stage::Going | Stage::Waiting => (tr!(uploads.pause), Uploads::pause),
            Stage::Paused => (tr!(uploads.go_on), Uploads::go_on),
            Stage::Failed { .. } => (tr!(common.try_again), Uploads::try_again),
            Stage::Committing | Stage::Done { .. } => return None,
        };
        Some(view! {
            <button class="btn small" on:click=move |_| running.with_value(|running| act(uploads, running))>
                {text}
            </button>
        })
    };
    let close = move |_| {
        if running.with_value(|running| running.stage.with_untracked(Stage::is_under_way)) {
            asking.set(true);
        } else {
            running.with_value(|running| uploads.dismiss(&running.upload));
        }
    };
    let stage = running.with_value(|running| running.stage.clone());
    let label = move || match stage.with(Stage::is_under_way) {
        true => tr!(uploads.cancel_named, name = name.clone()),
        false => tr!(common.close).to_owned(),
    };
    view! {
        <div class="row tight">
            {middle}
            <button class="btn quiet small" aria-label=label on:click=close>
                "✕"
            </button>
        </div>
        <Confirm
            open=asking
            title
            text=tr!(uploads.cancel_text).to_owned()
            action=tr!(uploads.cancel).to_owned()
            sending
            on_confirm=cancel
        />
    }
}
