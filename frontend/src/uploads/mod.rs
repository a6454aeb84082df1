//! Uploads of this page: they go on while one moves between pages.

mod files;
mod pace;
mod panel;
mod running;
mod worker;

pub(crate) use files::Picked;
pub(crate) use panel::UploadPanel;
pub(crate) use running::{Running, Stage, Target};

use crate::data::Sending;
use atelier_api::calls;
use atelier_api::upload::{CreateUpload, Upload};
use atelier_uploader::{Job, Order};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy)]
pub(crate) struct Uploads {
    running: RwSignal<Vec<Running>>,
    /// Dropped before there was a dataset to take it.
    pub(crate) waiting: RwSignal<Option<Picked>>,
}

/// What the browser remembers beside an upload's files.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Note {
    pub(crate) message: String,
    pub(crate) folder: String,
    pub(crate) files: usize,
    pub(crate) bytes: u64,
    #[serde(skip)]
    pub(crate) found_again: bool,
}

impl Uploads {
    pub(crate) fn provide() {
        let uploads = Uploads { running: RwSignal::new(Vec::new()), waiting: RwSignal::new(None) };
        provide_context(uploads);
        let leaving = window_event_listener(leptos::ev::beforeunload, move |event| {
            let busy = |running: &Running| running.stage.with_untracked(Stage::is_under_way);
            if uploads.running.with_untracked(|all| all.iter().any(busy)) {
                event.prevent_default();
            }
        });
        on_cleanup(move || leaving.remove());
    }

    pub(crate) fn expect() -> Uploads {
        expect_context()
    }

    pub(crate) fn all(self) -> Signal<Vec<Running>> {
        self.running.into()
    }

    /// Whether this page has the upload.
    pub(crate) fn has(self, upload: &str) -> bool {
        self.running.with(|all| all.iter().any(|running| running.upload == upload))
    }

    /// Begins an upload on the server, or goes on with one that was interrupted, then starts it here.
    pub(crate) fn begin(
        self,
        target: Target,
        picked: Picked,
        note: Note,
        how: How,
        sending: Sending,
        begun: impl FnOnce() + 'static,
    ) {
        let Target { org, project, dataset, .. } = &target;
        let call = match &how {
            How::New { replace } => {
                calls::upload_create(org, project, dataset, &CreateUpload { replace: *replace })
            }
            How::GoOn { upload } => calls::upload_get(org, project, dataset, upload),
        };
        sending.send(call, move |upload: Upload| {
            self.start(target, picked, note, upload.id);
            begun();
        });
    }

    fn start(self, target: Target, picked: Picked, note: Note, upload: String) {
        let place = |path: &String| match note.folder.as_str() {
            "" => path.clone(),
            folder => format!("{folder}/{path}"),
        };
        let job = Job {
            organization: target.org.clone(),
            project: target.project.clone(),
            dataset: target.dataset.clone(),
            upload: upload.clone(),
            message: note.message.clone(),
            paths: picked.paths.iter().map(place).collect(),
        };
        // A note holds texts and numbers only.
        let text = serde_json::to_string(&note).unwrap_or_default();
        let running = Running::new(upload.clone(), target, &picked);
        let kept = picked.clone();
        spawn_local(async move { kept.keep(&upload, &text).await });
        worker::start(&running, job, picked);
        self.running.update(|all| all.push(running));
    }

    pub(crate) fn pause(self, running: &Running) {
        running.stage.set(Stage::Paused);
        worker::tell(&running.upload, &Order::Pause);
    }

    pub(crate) fn go_on(self, running: &Running) {
        running.stage.set(Stage::Going);
        worker::tell(&running.upload, &Order::GoOn);
    }

    /// After a failure: from the first file on, but what the server has is not sent again.
    pub(crate) fn try_again(self, running: &Running) {
        running.begin_anew();
        worker::restart(running);
    }

    /// Cancels it on the server, which keeps nothing of it.
    pub(crate) fn cancel(self, running: &Running, sending: Sending) {
        let Target { org, project, dataset, .. } = &running.target;
        let call = calls::upload_cancel(org, project, dataset, &running.upload);
        if running.stage.with_untracked(Stage::is_under_way) {
            self.pause(running);
        }
        let upload = running.upload.clone();
        sending.send(call, move |()| self.leave(&upload));
    }

    /// Takes it off the list: it has ended.
    fn leave(self, upload: &str) {
        self.dismiss(upload);
        self.forget(upload.to_owned());
    }

    /// Takes it off the list. Unless it has ended it waits at its dataset to go on.
    pub(crate) fn dismiss(self, upload: &str) {
        worker::stop(upload);
        self.running.update(|all| all.retain(|running| running.upload != upload));
    }

    /// What is remembered of an upload that was interrupted.
    pub(crate) async fn note(self, upload: &str) -> Option<Note> {
        let (text, found_again) = files::kept(upload).await?;
        let note: Note = serde_json::from_str(&text).ok()?;
        Some(Note { found_again, ..note })
    }

    pub(crate) fn forget(self, upload: String) {
        spawn_local(async move { files::forget(&upload).await });
    }
}

/// Whether an upload is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum How {
    New { replace: bool },
    GoOn { upload: String },
}
