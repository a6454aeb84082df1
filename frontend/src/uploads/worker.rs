//! The workers behind the uploads, one each. They are the browser's, so they stay out of the signals.

use super::files::{self, Picked};
use super::running::{Running, Stage};
use crate::text::tr;
use atelier_uploader::{Job, Order, Report};
use js_sys::Array;
use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::HashMap;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{MessageEvent, Worker};

struct Engine {
    /// Gone once its work is done.
    worker: Option<Worker>,
    job: Job,
    picked: Picked,
}

thread_local! {
    static ENGINES: RefCell<HashMap<String, Engine>> = RefCell::new(HashMap::new());
}

pub(super) fn start(running: &Running, job: Job, picked: Picked) {
    let worker = open(running);
    let engine = Engine { worker, job, picked };
    ENGINES.with_borrow_mut(|all| all.insert(running.upload.clone(), engine));
}

pub(super) fn restart(running: &Running) {
    let worker = open(running);
    ENGINES.with_borrow_mut(|all| {
        if let Some(engine) = all.get_mut(&running.upload) {
            end(engine);
            engine.worker = worker;
        }
    });
}

pub(super) fn tell(upload: &str, order: &Order) {
    ENGINES.with_borrow(|all| {
        if let Some(Engine { worker: Some(worker), .. }) = all.get(upload) {
            say(worker, order, &Array::new());
        }
    });
}

pub(super) fn stop(upload: &str) {
    if let Some(mut engine) = ENGINES.with_borrow_mut(|all| all.remove(upload)) {
        end(&mut engine);
    }
}

fn end(engine: &mut Engine) {
    if let Some(worker) = engine.worker.take() {
        worker.terminate();
    }
}

/// A browser without workers of this kind says so in the upload's place.
fn open(running: &Running) -> Option<Worker> {
    let Ok(worker) = files::worker() else {
        fail(running);
        return None;
    };
    let heard = {
        let running = running.clone();
        Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            let report = message.data().as_string();
            if let Some(report) = report.and_then(|text| serde_json::from_str(&text).ok()) {
                hear(&running, report);
            }
        })
    };
    worker.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
    let failed = {
        let running = running.clone();
        Closure::<dyn Fn()>::new(move || fail(&running))
    };
    worker.set_onerror(Some(failed.into_js_value().unchecked_ref()));
    Some(worker)
}

fn fail(running: &Running) {
    running.stage.set(Stage::Failed { sentence: tr!(uploads.no_worker).to_owned(), about: Vec::new() });
}

fn hear(running: &Running, report: Report) {
    match &report {
        Report::Ready => begin(&running.upload),
        Report::Committed(_) => {
            stop(&running.upload);
            let upload = running.upload.clone();
            leptos::task::spawn_local(async move { files::forget(&upload).await });
        }
        _ => {}
    }
    running.hear(report);
}

fn begin(upload: &str) {
    ENGINES.with_borrow(|all| {
        if let Some(Engine { worker: Some(worker), job, picked }) = all.get(upload) {
            say(worker, &Order::Begin(job.clone()), &picked.files);
        }
    });
}

/// The order, and the files beside it.
fn say(worker: &Worker, order: &Order, files: &Array) {
    // Orders hold texts only, which always serialize.
    let Ok(order) = serde_json::to_string(order) else { return };
    // Files can always be sent to a worker; one that has ended hears nothing.
    let _ = worker.post_message(&Array::of1(&order.into()).concat(files));
}
