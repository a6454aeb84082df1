//! A request of a form or a button: busy while it is under way, and what the server said.

use crate::api::{self, Failure};
use crate::contexts::toasts::Toasts;
use crate::problems;
use atelier_api::call::Call;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;

#[derive(Clone, Copy)]
pub(crate) struct Sending {
    busy: RwSignal<bool>,
    failure: RwSignal<Option<Failure>>,
}

impl Sending {
    pub(crate) fn new() -> Self {
        Sending { busy: RwSignal::new(false), failure: RwSignal::new(None) }
    }

    pub(crate) fn busy(self) -> Signal<bool> {
        self.busy.into()
    }

    pub(crate) fn failure(self) -> Signal<Option<Failure>> {
        self.failure.into()
    }

    /// Sends the call unless one is under way. A failure stays to be shown in the form.
    pub(crate) fn send<T: DeserializeOwned + 'static>(self, call: Call<T>, done: impl FnOnce(T) + 'static) {
        self.run(api::send(call), done);
    }

    /// As `send`, for calls of nobody in particular.
    pub(crate) fn attempt<T: DeserializeOwned + 'static>(
        self,
        call: Call<T>,
        done: impl FnOnce(T) + 'static,
    ) {
        self.run(api::attempt(call), done);
    }

    /// For a button beside no form: a failure is said in a toast.
    pub(crate) fn act<T: DeserializeOwned + 'static>(
        self,
        call: Call<T>,
        toasts: Toasts,
        done: impl FnOnce(T) + 'static,
    ) {
        self.run(
            async move {
                let answer = api::send(call).await;
                if let Err(failure) = &answer {
                    toasts.failed(failure);
                }
                answer
            },
            done,
        );
    }

    fn run<T: 'static>(
        self,
        request: impl Future<Output = Result<T, Failure>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failure.set(None);
        spawn_local(async move {
            let answer = request.await;
            // The form may be gone: what was done is done, and nobody waits for the rest.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(value) => done(value),
                Err(failure) => self.failure.set(Some(failure)),
            }
        });
    }

    /// Forgets the last failure.
    pub(crate) fn clear(self) {
        self.failure.set(None);
    }

    /// What the server says about a field.
    pub(crate) fn problem(self, field: &'static str) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.failure.with(|failure| {
                let problems = failure.as_ref()?.fields();
                problems.iter().find(|p| p.field == field).map(|p| problems::of_field(&p.detail))
            })
        })
    }
}
