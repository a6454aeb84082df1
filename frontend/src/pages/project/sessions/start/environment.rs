//! What the chosen environment holds, and whether its image is here.

use super::tool_tiles::Choice;
use crate::components::BuildLogView;
use crate::pages::admin::cancelled_by;
use crate::text::tr;
use atelier_api::environment::{Environment, EnvironmentState};
use atelier_api::session::StartOptions;
use leptos::prelude::*;

#[component]
pub(crate) fn EnvironmentCard(
    options: RwSignal<StartOptions>,
    choice: RwSignal<Option<Choice>>,
) -> impl IntoView {
    let environment = Memo::new(move |_| -> Option<Environment> {
        let wanted = choice.get()?.environment;
        options.with(|o| o.environments.iter().find(|e| e.id == wanted).cloned())
    });
    let building = Memo::new(move |_| {
        let environment = environment.get()?;
        (environment.state == EnvironmentState::Building).then_some(environment.id)
    });
    let about = move || {
        environment.get().map(|environment| {
            let (class, word, text) = match environment.state {
                EnvironmentState::Ready => ("chip ok", tr!(environments.ready), tr!(start.env_ready)),
                EnvironmentState::Building => {
                    ("chip wait", tr!(environments.building), tr!(start.env_building))
                }
                EnvironmentState::Absent => ("chip", tr!(environments.absent), tr!(start.env_absent)),
                EnvironmentState::Failed => ("chip bad", tr!(environments.failed), tr!(start.env_failed)),
                EnvironmentState::Cancelled => ("chip", tr!(environments.cancelled), tr!(start.env_absent)),
            };
            let by = (environment.state == EnvironmentState::Cancelled).then(|| cancelled_by(&environment));
            view! {
                <header>
                    <h2>{environment.name}</h2>
                    <span class=class><i></i>{word}</span>
                </header>
                <div class="in stack">
                    <p class="muted">{environment.description}</p>
                    {by.map(|by| view! { <p>{by}</p> })}
                    <p>{text}</p>
                    {environment.failure.map(|failure| view! { <p class="notice bad">{failure}</p> })}
                </div>
            }
        })
    };
    view! {
        <div class="card">
            {about}
            {move || {
                building
                    .get()
                    .map(|environment| view! { <div class="in"><BuildLogView environment /></div> })
            }}
        </div>
    }
}
