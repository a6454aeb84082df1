//! The log of an environment's build, live.

use super::{Loaded, LogView};
use crate::contexts::organization::Org;
use crate::data::Fetched;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::event::Event;
use leptos::prelude::*;

/// The page keeps no more lines than this of a long build.
const KEPT: usize = 1000;

#[component]
pub(crate) fn BuildLogView(#[prop(into)] environment: String) -> impl IntoView {
    let org = Org::expect();
    let id = StoredValue::new(environment);
    let log = Fetched::new(move || calls::environment_log(&org.slug(), &id.get_value())).stale_on(
        org.live,
        move |event| {
            matches!(event, Event::EnvironmentChanged { environment } if *environment == id.get_value())
        },
    );
    org.live.on(move |event| {
        if let Event::BuildLine { environment, line } = event
            && *environment == id.get_value()
        {
            log.change(|log| {
                log.lines.push(line.clone());
                let surplus = log.lines.len().saturating_sub(KEPT);
                log.lines.drain(..surplus);
            });
        }
    });
    view! {
        <Loaded of=log let:log>
            <Show
                when=move || log.with(|log| !log.lines.is_empty())
                fallback=|| view! { <p class="faint">{tr!(environments.no_log)}</p> }
            >
                <LogView
                    lines=Signal::derive(move || log.with(|log| log.lines.clone()))
                    label=tr!(environments.log)
                />
            </Show>
        </Loaded>
    }
}
