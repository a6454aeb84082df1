//! The stream of events that keeps the page true: one connection per organization.

use crate::api;
use atelier_api::calls;
use atelier_api::event::Event;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

type Listener = Rc<dyn Fn(&Event)>;

#[derive(Clone, Copy)]
pub(crate) struct Live {
    listeners: StoredValue<Vec<(u32, Listener)>, LocalStorage>,
    last: StoredValue<u32>,
    connected: RwSignal<bool>,
}

/// A connection that the server closed is tried again after this long.
const AGAIN_AFTER: Duration = Duration::from_secs(3);

impl Live {
    pub(crate) fn connect(org: &str) -> Live {
        let live = Live {
            listeners: StoredValue::new_local(Vec::new()),
            last: StoredValue::new(0),
            connected: RwSignal::new(true),
        };
        let source = StoredValue::new_local(None);
        live.open(calls::events_path(org), source);
        on_cleanup(move || {
            source.try_update_value(|source: &mut Option<EventSource>| {
                if let Some(source) = source.take() {
                    source.close();
                }
            });
        });
        live
    }

    /// Calls the listener with every event while the calling component lives.
    pub(crate) fn on(self, listener: impl Fn(&Event) + 'static) {
        self.last.update_value(|last| *last = last.wrapping_add(1));
        let id = self.last.get_value();
        self.listeners.update_value(|all| all.push((id, Rc::new(listener))));
        on_cleanup(move || {
            self.listeners.try_update_value(|all| all.retain(|(other, _)| *other != id));
        });
    }

    /// Whether events arrive now.
    pub(crate) fn connected(self) -> bool {
        self.connected.get()
    }

    fn open(self, path: String, slot: StoredValue<Option<EventSource>, LocalStorage>) {
        let Ok(source) = EventSource::new(&path) else { return };
        let heard = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            if let Some(event) =
                message.data().as_string().and_then(|text| serde_json::from_str::<Event>(&text).ok())
            {
                self.tell(&event);
            }
        });
        source.set_onmessage(Some(heard.into_js_value().unchecked_ref()));
        let opened = Closure::<dyn Fn()>::new(move || {
            self.connected.try_set(true);
        });
        source.set_onopen(Some(opened.into_js_value().unchecked_ref()));
        let failed = {
            let source = source.clone();
            Closure::<dyn Fn()>::new(move || {
                self.connected.try_set(false);
                // Perhaps the right to listen has ended: then `send` leads to the sign-in page. The browser
                // connects again by itself unless the server refused; then the stream is opened anew.
                let refused = source.ready_state() == EventSource::CLOSED;
                let path = path.clone();
                spawn_local(async move {
                    let _ = api::send(calls::me_get()).await;
                    if refused {
                        set_timeout(move || self.reopen(path, slot), AGAIN_AFTER);
                    }
                });
            })
        };
        source.set_onerror(Some(failed.into_js_value().unchecked_ref()));
        slot.set_value(Some(source));
    }

    fn reopen(self, path: String, slot: StoredValue<Option<EventSource>, LocalStorage>) {
        // The organization's pages may be gone by now.
        if slot.try_with_value(|_| ()).is_some() {
            self.open(path, slot);
        }
    }

    fn tell(self, event: &Event) {
        // Listeners may come and go while they are told.
        let listeners = self.listeners.try_with_value(Clone::clone).unwrap_or_default();
        for (_, listener) in listeners {
            listener(event);
        }
    }
}

/// Says of each event whether a session came, went, changed its state, or began to cost: what makes counts and rates stale.
/// A session's measurements, every few seconds, do not.
pub(crate) fn session_moved() -> impl Fn(&Event) -> bool {
    let known = RefCell::new(HashMap::new());
    move |event| match event {
        Event::Session { session } => {
            // The bill begins some seconds after the container: only then does it count in sums and rates.
            let billed = session.cost.0 > 0;
            let now = (session.generation, session.state, session.started_at, billed);
            known.borrow_mut().insert(session.id.clone(), now) != Some(now)
        }
        Event::SessionDeleted { id, .. } => known.borrow_mut().remove(id).is_some(),
        _ => false,
    }
}
