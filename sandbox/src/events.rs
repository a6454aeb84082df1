//! What happens to containers, as it happens.

use crate::{Docker, Result, spec::INSTALLATION};
use bollard::query_parameters::EventsOptionsBuilder;
use futures::{Stream, StreamExt};
use std::collections::HashMap;

/// Something happened to a container: a reason to look, no substitute for looking. Events of the time
/// when dockerd was away are never told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub container: String,
    /// `start`, `die`, `oom`, `destroy`, …
    pub action: String,
    pub at_ms: Option<i64>,
}

impl Docker {
    /// The events of an installation's containers from now on. The stream ends when the daemon goes away.
    pub async fn events(
        &self,
        installation: &str,
    ) -> Result<impl Stream<Item = Result<Event>> + Send + use<>> {
        let filters = HashMap::from([
            ("type", vec!["container".to_owned()]),
            ("label", vec![format!("{INSTALLATION}={installation}")]),
        ]);
        let options = EventsOptionsBuilder::new().filters(&filters).build();
        Ok(self.api().await?.events(Some(options)).map(|message| {
            let message = message?;
            let attributes = message.actor.and_then(|actor| actor.attributes);
            Ok(Event {
                container: attributes.and_then(|mut names| names.remove("name")).unwrap_or_default(),
                action: message.action.unwrap_or_default(),
                at_ms: message.time_nano.map(|nanos| nanos / 1_000_000),
            })
        }))
    }
}
