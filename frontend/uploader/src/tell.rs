//! Reports to the page.

use crate::scope;
use atelier_uploader::{Progress, Report};
use js_sys::Date;
use std::cell::Cell;
use wasm_bindgen::JsValue;

/// Milliseconds between two reports of progress: often enough for the eye.
const PAUSE: f64 = 200.0;

pub(crate) fn tell(report: &Report) {
    // These types hold strings and numbers only, which always serialize; the page that is told lives as long.
    if let Ok(text) = serde_json::to_string(report) {
        let _ = scope().post_message(&JsValue::from_str(&text));
    }
}

/// How far the job is, told to the page now and then.
#[derive(Default)]
pub(crate) struct Meter {
    progress: Cell<Progress>,
    told_at: Cell<f64>,
}

impl Meter {
    pub(crate) fn change(&self, change: impl FnOnce(&mut Progress)) {
        let mut progress = self.progress.get();
        change(&mut progress);
        self.progress.set(progress);
        let now = Date::now();
        if now - self.told_at.get() >= PAUSE {
            self.told_at.set(now);
            tell(&Report::Moved(progress));
        }
    }

    /// Tells what was held back.
    pub(crate) fn flush(&self) {
        tell(&Report::Moved(self.progress.get()));
    }
}
