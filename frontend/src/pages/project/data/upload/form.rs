//! The last question before an upload: what to say about the version.

use super::{Wish, Wishes};
use crate::components::Dialog;
use crate::components::form::{AreaField, CheckField, FormFailure, Submit};
use crate::contexts::dataset::Ds;
use crate::data::Sending;
use crate::format::size;
use crate::text::tr;
use crate::uploads::{How, Note, Uploads};
use crate::words;
use leptos::prelude::*;

#[component]
pub(in super::super) fn UploadDialog() -> impl IntoView {
    let dataset = Ds::expect();
    let wishes = Wishes::expect();
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(wishes.wish.with(Option::is_some)));
    Effect::new(move |_| {
        if !open.get() && wishes.wish.with_untracked(Option::is_some) {
            wishes.wish.set(None);
        }
    });
    let title = Signal::derive(move || tr!(uploads.into, name = dataset.name()));
    view! {
        <Dialog open title>
            {move || wishes.wish.get().map(|wish| view! { <UploadForm wish /> })}
        </Dialog>
    }
}

#[component]
fn UploadForm(wish: Wish) -> impl IntoView {
    let dataset = Ds::expect();
    let wishes = Wishes::expect();
    let uploads = Uploads::expect();
    let sending = Sending::new();
    let Wish { picked, interrupted } = wish;
    let before = interrupted.as_ref().map(|(_, note)| note.clone()).unwrap_or_default();
    let message = RwSignal::new(before.message);
    let folder = match &interrupted {
        Some(_) => before.folder,
        None => wishes.folder.get_untracked(),
    };
    let replace = RwSignal::new(false);
    let is_first = dataset.info.with_untracked(|info| info.latest.is_none());
    let may_replace = !is_first && interrupted.is_none();
    let what = tr!(
        uploads.what,
        files = words::files(picked.paths.len() as i64),
        size = size::bytes(picked.bytes as i64)
    );
    let place = (!folder.is_empty()).then(|| tr!(uploads.into_folder, folder = folder.clone()));
    let shown = place.clone();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let note = Note {
            message: message.get_untracked(),
            folder: folder.clone(),
            files: picked.paths.len(),
            bytes: picked.bytes,
            found_again: false,
        };
        let how = match &interrupted {
            Some((upload, _)) => How::GoOn { upload: upload.clone() },
            None => How::New { replace: replace.get_untracked() },
        };
        uploads.begin(dataset.target(), picked.clone(), note, how, sending, move || wishes.wish.set(None));
    };
    view! {
        <form class="stack" on:submit=submit>
            <p>{what} " " {shown.map(|place| view! { <span class="muted">{place}</span> })}</p>
            <AreaField
                label=tr!(uploads.message)
                value=message
                hint=tr!(uploads.message_hint)
                problem=sending.problem("message")
            />
            {may_replace
                .then(|| {
                    view! {
                        <CheckField label=tr!(uploads.replace) value=replace hint=tr!(uploads.replace_hint) />
                    }
                })}
            <FormFailure sending />
            <div class="row end">
                <button type="button" class="btn" on:click=move |_| wishes.wish.set(None)>
                    {tr!(common.cancel)}
                </button>
                <Submit label=tr!(uploads.upload).to_owned() sending />
            </div>
        </form>
    }
}
