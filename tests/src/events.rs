//! A page's open stream of events.

use crate::{Client, until};
use atelier_api::calls;
use atelier_api::event::Event;
use futures::StreamExt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Read in the background until the server ends it.
#[derive(Clone)]
pub struct Events(Arc<Mutex<Read>>);

#[derive(Default)]
struct Read {
    text: String,
    ended: bool,
}

impl Events {
    /// Opens the stream and waits for its first event.
    pub async fn open(client: &Client, organization: &str) -> Events {
        let (name, response) = client.begin(client.request("GET", &calls::events_path(organization))).await;
        assert!(response.status().is_success(), "{name} answered {}", response.status());
        let events = Events(Arc::default());
        let reader = events.clone();
        let mut parts = response.bytes_stream();
        tokio::spawn(async move {
            while let Some(Ok(part)) = parts.next().await {
                reader.with(|read| read.text.push_str(&String::from_utf8_lossy(&part)));
            }
            reader.with(|read| read.ended = true);
        });
        until("the stream begins", Duration::from_secs(10), || async {
            events.all().contains(&Event::Resync).then_some(())
        })
        .await;
        events
    }

    /// Whether the server has ended it.
    pub fn ended(&self) -> bool {
        self.with(|read| read.ended)
    }

    /// What came so far.
    pub fn all(&self) -> Vec<Event> {
        self.with(|read| {
            let whole = read.text.rsplit_once("\n\n").map_or("", |(whole, _)| whole);
            whole
                .lines()
                .filter_map(|line| line.strip_prefix("data: "))
                .filter_map(|json| serde_json::from_str(json).ok())
                .collect()
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Read) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
