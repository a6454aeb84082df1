//! A value of the server's that is fetched again when it changes.

use crate::api::{self, Failure};
use crate::contexts::live::Live;
use crate::format::time::now;
use atelier_api::call::Call;
use atelier_api::event::Event;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;

/// What is known of a value.
pub(crate) enum State<T: 'static> {
    Waiting,
    Failed(Failure),
    Ready(ArcRwSignal<T>),
}

/// A value of the server's. Fetching again keeps the old value until the new one is here, so that nothing
/// flickers and no dialog closes.
pub(crate) struct Fetched<T: 'static> {
    state: RwSignal<State<T>>,
    again: Trigger,
    received_at: RwSignal<i64>,
    request: StoredValue<Request>,
}

/// The request under way, as far as its answer will still count.
#[derive(Clone, Copy, Default)]
struct Request {
    number: u32,
    under_way: bool,
    /// The value changed since it was sent, so its answer may be older than what is shown.
    overtaken: bool,
}

impl<T> Clone for Fetched<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Fetched<T> {}

impl<T> Fetched<T>
where
    T: DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
{
    /// Fetches now, and again whenever a signal that `call` reads changes.
    pub(crate) fn new(call: impl Fn() -> Call<T> + 'static) -> Self {
        let fetched = Fetched {
            state: RwSignal::new(State::Waiting),
            again: Trigger::new(),
            received_at: RwSignal::new(now()),
            request: StoredValue::new(Request::default()),
        };
        Effect::new(move |_| {
            fetched.again.track();
            let call = call();
            let number = fetched.request.get_value().number.wrapping_add(1);
            fetched.request.set_value(Request { number, under_way: true, overtaken: false });
            spawn_local(async move {
                let answer = api::send(call).await;
                // An older answer must not overtake a newer one, and a page that is gone needs none.
                let Some(request) = fetched.request.try_get_value() else { return };
                if request.number == number {
                    fetched.request.set_value(Request { under_way: false, ..request });
                    fetched.settle(answer);
                    if request.overtaken {
                        fetched.refetch();
                    }
                }
            });
        });
        fetched
    }

    /// Fetches again when an event says that the value is stale.
    pub(crate) fn stale_on(self, live: Live, stale: impl Fn(&Event) -> bool + 'static) -> Self {
        live.on(move |event| {
            if matches!(event, Event::Resync) || stale(event) {
                self.refetch();
            }
        });
        self
    }

    fn settle(self, answer: Result<T, Failure>) {
        match answer {
            Ok(value) => self.store(value),
            Err(failure) => {
                let shown = self.state.with_untracked(|state| matches!(state, State::Ready(_)));
                // What is shown stays through a hiccup, but not if it is gone or forbidden now.
                if !shown || matches!(failure.status(), Some(403 | 404)) {
                    self.state.set(State::Failed(failure));
                }
            }
        }
    }

    /// Replaces the value by a newer one: the answer of a change, or an event. What was asked before is
    /// older, so its answer will not count.
    pub(crate) fn set(self, value: T) {
        self.request.update_value(|request| {
            request.number = request.number.wrapping_add(1);
            request.under_way = false;
        });
        self.store(value);
    }

    fn store(self, value: T) {
        self.received_at.set(now());
        let ready = self.state.with_untracked(|state| match state {
            State::Ready(signal) => Some(signal.clone()),
            _ => None,
        });
        match ready {
            Some(signal) if signal.with_untracked(|old| *old == value) => {}
            Some(signal) => signal.set(value),
            None => self.state.set(State::Ready(ArcRwSignal::new(value))),
        }
    }

    /// Changes the value where it is, if it is here.
    pub(crate) fn change(self, change: impl FnOnce(&mut T)) {
        self.request.update_value(|request| request.overtaken = request.under_way);
        self.received_at.set(now());
        let ready = self.state.with_untracked(|state| match state {
            State::Ready(signal) => Some(signal.clone()),
            _ => None,
        });
        if let Some(signal) = ready {
            signal.update(change);
        }
    }

    pub(crate) fn get(self) -> Option<T> {
        self.state.with(|state| match state {
            State::Ready(signal) => Some(signal.get()),
            _ => None,
        })
    }
}

impl<T: Send + Sync + 'static> Fetched<T> {
    pub(crate) fn refetch(self) {
        self.again.notify();
    }

    pub(crate) fn state(self) -> RwSignal<State<T>> {
        self.state
    }

    /// When the value came, on this machine's clock: what grows with time is reckoned from here.
    pub(crate) fn received_at(self) -> i64 {
        self.received_at.get()
    }
}
