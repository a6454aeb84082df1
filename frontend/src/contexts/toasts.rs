//! Short messages that say what was done or what failed.

use crate::api::Failure;
use leptos::prelude::*;
use std::time::Duration;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Toast {
    pub(crate) id: u32,
    pub(crate) text: String,
    pub(crate) bad: bool,
}

#[derive(Clone, Copy)]
pub(crate) struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    last: StoredValue<u32>,
}

/// Done is read at a glance; a failure stays until it is closed.
const DONE_STAYS: Duration = Duration::from_secs(5);

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
        let id = self.push(text.into(), false);
        set_timeout(move || self.close(id), DONE_STAYS);
    }

    pub(crate) fn failed(self, failure: &Failure) {
        self.push(failure.sentence(), true);
    }

    pub(crate) fn close(self, id: u32) {
        self.shown.try_update(|shown| shown.retain(|toast| toast.id != id));
    }

    fn push(self, text: String, bad: bool) -> u32 {
        self.last.update_value(|last| *last = last.wrapping_add(1));
        let id = self.last.get_value();
        self.shown.update(|shown| shown.push(Toast { id, text, bad }));
        id
    }
}
