//! Requests that are made until they are answered: the server may be away, and comes back.

use crate::gate::Gate;
use crate::scope;
use crate::tell::tell;
use atelier_api::call::{Call, Method};
use atelier_api::problem::Problem;
use atelier_uploader::{Report, Trouble};
use gloo_net::http::{Request, RequestBuilder, Response};
use js_sys::{Promise, Uint8Array};
use serde::de::DeserializeOwned;
use std::rc::Rc;
use wasm_bindgen_futures::JsFuture;

/// Seconds before the first further attempt; each next one waits twice as long, up to the most.
const FIRST_PAUSE: i32 = 1;
const LONGEST_PAUSE: i32 = 15;
/// An error of the server's own may be the request's fault: it is not made for ever.
const FAULTS: u32 = 6;

pub(crate) struct Requests {
    pub(crate) gate: Rc<Gate>,
}

/// What became of one attempt.
enum Attempt<T> {
    Done(T),
    Refused(Trouble),
    /// To be made again; `fault` says that the server was there and failed.
    Again {
        fault: Option<Trouble>,
    },
}

impl Requests {
    pub(crate) async fn call<T: DeserializeOwned>(&self, call: &Call<T>) -> Result<T, Trouble> {
        self.persist(async || {
            let builder = match call.method {
                Method::Post => Request::post(&call.path),
                _ => Request::get(&call.path),
            };
            let builder = builder.header("content-type", "application/json");
            let body = call.body.clone().unwrap_or_default();
            let text = attempt(builder.body(body)).await;
            match text {
                Attempt::Done(text) => match Call::<T>::parse(&text) {
                    Ok(answer) => Attempt::Done(answer),
                    Err(_) => Attempt::Refused(Trouble::Garbled),
                },
                Attempt::Refused(trouble) => Attempt::Refused(trouble),
                Attempt::Again { fault } => Attempt::Again { fault },
            }
        })
        .await
    }

    pub(crate) async fn send(&self, path: &str, body: &[u8]) -> Result<(), Trouble> {
        self.persist(async || {
            let builder: RequestBuilder = Request::post(path);
            let builder = builder.header("content-type", "application/octet-stream");
            match attempt(builder.body(Uint8Array::from(body))).await {
                Attempt::Done(_) => Attempt::Done(()),
                Attempt::Refused(trouble) => Attempt::Refused(trouble),
                Attempt::Again { fault } => Attempt::Again { fault },
            }
        })
        .await
    }

    async fn persist<T>(&self, make: impl AsyncFn() -> Attempt<T>) -> Result<T, Trouble> {
        let (mut pause, mut faults) = (FIRST_PAUSE, 0);
        loop {
            self.gate.pass().await;
            match make().await {
                Attempt::Done(answer) => return Ok(answer),
                Attempt::Refused(trouble) => return Err(trouble),
                Attempt::Again { fault } => {
                    faults += u32::from(fault.is_some());
                    if let Some(trouble) = fault.filter(|_| faults >= FAULTS) {
                        return Err(trouble);
                    }
                }
            }
            tell(&Report::Waiting);
            sleep(pause).await;
            pause = LONGEST_PAUSE.min(pause * 2);
        }
    }
}

async fn attempt(request: Result<Request, gloo_net::Error>) -> Attempt<String> {
    let Ok(request) = request else { return Attempt::Refused(Trouble::Garbled) };
    let Ok(response) = request.send().await else { return Attempt::Again { fault: None } };
    let Ok(text) = response.text().await else { return Attempt::Again { fault: None } };
    if response.ok() { Attempt::Done(text) } else { refusal(&response, &text) }
}

/// Refusals that say: the same once more.
const ONCE_MORE: [&str; 3] = ["upload-busy", "cut-off", "too-slow"];

fn refusal(response: &Response, text: &str) -> Attempt<String> {
    let problem = serde_json::from_str::<Problem>(text);
    let once_more = problem.as_ref().is_ok_and(|problem| ONCE_MORE.contains(&problem.code.as_str()));
    let problem = problem.map(|problem| Trouble::Refused { problem: Box::new(problem) });
    match response.status() {
        _ if once_more => Attempt::Again { fault: None },
        // Too many at once, or what stands before a server that is away.
        429 | 502..=504 => Attempt::Again { fault: None },
        500 => Attempt::Again { fault: Some(problem.unwrap_or(Trouble::Garbled)) },
        _ => Attempt::Refused(problem.unwrap_or(Trouble::Garbled)),
    }
}

async fn sleep(seconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        // Without a timer it goes on at once.
        if scope().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, seconds * 1000).is_err() {
            let _ = resolve.call0(&wasm_bindgen::JsValue::UNDEFINED);
        }
    });
    // It is never rejected.
    let _ = JsFuture::from(promise).await;
}
