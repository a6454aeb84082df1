//! A long list of the server's that comes in pages.

use crate::api::{self, Failure};
use crate::contexts::toasts::Toasts;
use atelier_api::call::Call;
use atelier_api::page::Page;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::de::DeserializeOwned;
use std::sync::Arc;

use super::Fetched;

/// Asks for the page at a cursor.
type CallAt<T> = Arc<dyn Fn(Option<String>) -> Call<Page<T>> + Send + Sync>;

/// The first page as a fetched value, and what "show more" brought after it.
pub(crate) struct Listed<T: 'static> {
    pub(crate) first: Fetched<Page<T>>,
    more: RwSignal<Vec<T>>,
    next: RwSignal<Option<String>>,
    busy: RwSignal<bool>,
    call: StoredValue<CallAt<T>>,
}

impl<T> Clone for Listed<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Listed<T> {}

impl<T> Listed<T>
where
    T: DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
{
    /// `call` is given the cursor.
    pub(crate) fn new(call: impl Fn(Option<String>) -> Call<Page<T>> + Send + Sync + 'static) -> Self {
        let call: CallAt<T> = Arc::new(call);
        let first = Fetched::new({
            let call = call.clone();
            move || call(None)
        });
        let listed = Listed {
            first,
            more: RwSignal::new(Vec::new()),
            next: RwSignal::new(None),
            busy: RwSignal::new(false),
            call: StoredValue::new(call),
        };
        // A new first page makes the later ones meaningless.
        Effect::new(move |_| {
            let next = first.get().and_then(|page| page.next);
            listed.more.set(Vec::new());
            listed.next.set(next);
        });
        listed
    }

    pub(crate) fn items(self, first: &Page<T>) -> Vec<T> {
        let mut items = first.items.clone();
        self.more.with(|more| items.extend(more.iter().cloned()));
        items
    }

    pub(crate) fn has_more(self) -> bool {
        self.next.with(Option::is_some)
    }

    pub(crate) fn busy(self) -> bool {
        self.busy.get()
    }

    /// Brings the next page.
    pub(crate) fn show_more(self, toasts: Toasts) {
        let Some(cursor) = self.next.get_untracked() else { return };
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let call = self.call.with_value(|call| untrack(|| call(Some(cursor.clone()))));
        spawn_local(async move {
            let answer: Result<Page<T>, Failure> = api::send(call).await;
            // The list may have begun anew meanwhile.
            if self.next.try_get_untracked().flatten() != Some(cursor) {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(page) => {
                    self.more.update(|more| more.extend(page.items));
                    self.next.set(page.next);
                }
                Err(failure) => toasts.failed(&failure),
            }
        });
    }
}
