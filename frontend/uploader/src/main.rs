//! The worker that uploads: cuts files as the server does, sends the chunks that it lacks, commits. It runs
//! beside the page, so that the page stays quick, and is loaded only when somebody uploads.

mod batch;
mod gate;
mod job;
mod read;
mod requests;
mod tell;

use atelier_uploader::{Order, Report};
use gate::Gate;
use js_sys::Array;
use std::rc::Rc;
use tell::tell;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, File, MessageEvent};

fn main() {
    let gate = Rc::new(Gate::default());
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
        let parts: Array = message.data().unchecked_into();
        let order = parts.get(0).as_string();
        let Some(order) = order.and_then(|text| serde_json::from_str::<Order>(&text).ok()) else { return };
        match order {
            Order::Begin(job) => {
                let files = parts.iter().skip(1).map(|file| file.unchecked_into::<File>()).collect();
                spawn_local(job::run(job, files, gate.clone()));
            }
            Order::Pause => gate.close(),
            Order::GoOn => gate.open(),
        }
    });
    scope().set_onmessage(Some(heard.into_js_value().unchecked_ref()));
    tell(&Report::Ready);
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}
