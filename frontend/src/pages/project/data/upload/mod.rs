//! Files into a dataset: choosing them, the message, and uploads that were interrupted.

mod choose;
mod drop_zone;
mod form;
mod interrupted;

pub(super) use choose::Choose;
pub(super) use drop_zone::DropZone;
pub(super) use form::UploadDialog;
pub(super) use interrupted::Interrupted;

use crate::uploads::{Note, Picked};
use leptos::prelude::*;

/// What was chosen on a dataset's page, until the upload begins.
#[derive(Clone, Copy)]
pub(super) struct Wishes {
    pub(super) wish: RwSignal<Option<Wish>>,
    /// The folder that is open, where files go.
    pub(super) folder: RwSignal<String>,
}

#[derive(Clone)]
pub(super) struct Wish {
    pub(super) picked: Picked,
    /// The upload that it goes on with, and what is known of that.
    pub(super) interrupted: Option<(String, Note)>,
}

impl Wishes {
    pub(super) fn provide() -> Wishes {
        let wishes = Wishes { wish: RwSignal::new(None), folder: RwSignal::new(String::new()) };
        provide_context(wishes);
        wishes
    }

    pub(super) fn expect() -> Wishes {
        expect_context()
    }

    /// A new upload.
    pub(super) fn take(self, picked: Picked) {
        if !picked.paths.is_empty() {
            self.wish.set(Some(Wish { picked, interrupted: None }));
        }
    }
}
