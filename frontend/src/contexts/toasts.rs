//! Short messages that say what was done or what failed.

use crate::api::{self, Failure};
use atelier_api::call::Call;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;

/// It outlives the page that it was given on.
type Undo = Arc<dyn Fn() + Send + Sync>;

#[derive(Clone)]
pub(crate) struct Toast {
    pub(crate) id: u32,
    pub(crate) text: String,
    pub(crate) bad: bool,
    /// Takes back what was done.
    pub(crate) undo: Option<Undo>,
}

#[derive(Clone, Copy)]
pub(crate) struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    last: StoredValue<u32>,
}

/// Done is read at a glance, what can be undone is thought about; a failure stays until it is closed.
const DONE_STAYS: Duration = Duration::from_secs(5);
const UNDO_STAYS: Duration = Duration::from_secs(12);

impl Toasts {
    pub(crate) fn provide() {
        provide_context(Toasts { shown: RwSignal::new(Vec::new()), last: StoredValue::new(0) });
    }

    pub(crate) fn expect() -> Toasts {
        expect_context()
    }

    pub(crate) fn shown(self) -> Signal<Vec<Toast>> {
        self.shown.into()
    }

    pub(crate) fn done(self, text: impl Into<String>) {
        let id = self.push(text.into(), false, None);
        set_timeout(move || self.close(id), DONE_STAYS);
    }

    /// As `done`, with a button that takes it back by a call. The page hears of the change as of others'.
    pub(crate) fn undoable<T: DeserializeOwned + Clone + 'static>(
        self,
        text: impl Into<String>,
        back: Call<T>,
    ) {
        let undo: Undo = Arc::new(move || {
            let back = back.clone();
            spawn_local(async move {
                if let Err(failure) = api::send(back).await {
                    self.failed(&failure);
                }
            });
        });
        let id = self.push(text.into(), false, Some(undo));
        set_timeout(move || self.close(id), UNDO_STAYS);
    }

    pub(crate) fn failed(self, failure: &Failure) {
        self.push(failure.sentence(), true, None);
    }

    /// A failure that is none of the server's.
    pub(crate) fn sorry(self, text: impl Into<String>) {
        self.push(text.into(), true, None);
    }

    pub(crate) fn close(self, id: u32) {
        self.shown.try_update(|shown| shown.retain(|toast| toast.id != id));
    }

    fn push(self, text: String, bad: bool, undo: Option<Undo>) -> u32 {
        self.last.update_value(|last| *last = last.wrapping_add(1));
        let id = self.last.get_value();
        self.shown.update(|shown| shown.push(Toast { id, text, bad, undo }));
        id
    }
}
