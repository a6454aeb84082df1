//! Which tool, in which environment.

use crate::text::tr;
use atelier_api::environment::EnvironmentState;
use atelier_api::session::StartOptions;
use leptos::prelude::*;

#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Choice {
    pub(crate) environment: String,
    pub(crate) environment_name: String,
    pub(crate) tool: String,
    pub(crate) tool_name: String,
}

/// Every tool of every environment.
fn choices(options: &StartOptions) -> Vec<Choice> {
    let of = |environment: &atelier_api::environment::Environment| {
        let tools = environment.tools.iter().map(|tool| Choice {
            environment: environment.id.clone(),
            environment_name: environment.name.clone(),
            tool: tool.id.clone(),
            tool_name: tool.name.clone(),
        });
        tools.collect::<Vec<_>>()
    };
    options.environments.iter().flat_map(of).collect()
}

/// One that starts at once, if there is any.
pub(crate) fn first_choice(options: &StartOptions) -> Option<Choice> {
    let is_ready = |choice: &&Choice| {
        let environment = options.environments.iter().find(|e| e.id == choice.environment);
        environment.is_some_and(|e| e.state == EnvironmentState::Ready)
    };
    let all = choices(options);
    all.iter().find(is_ready).or(all.first()).cloned()
}

#[component]
pub(crate) fn ToolTiles(options: RwSignal<StartOptions>, choice: RwSignal<Option<Choice>>) -> impl IntoView {
    let tiles = move || {
        let tile = |this: Choice| {
            let value = this.clone();
            let chosen = {
                let this = this.clone();
                Memo::new(move |_| choice.with(|choice| choice.as_ref() == Some(&this)))
            };
            view! {
                <label class="tile" class:on=chosen>
                    <input
                        type="radio"
                        class="sr-only"
                        name="tool"
                        checked=chosen
                        on:change=move |_| choice.set(Some(value.clone()))
                    />
                    <b>{this.tool_name}</b>
                    <span class="muted">{this.environment_name}</span>
                </label>
            }
        };
        options.with(choices).into_iter().map(tile).collect_view()
    };
    view! {
        <fieldset>
            <legend>{tr!(start.tool)}</legend>
            <div class="row wrap tiles">{tiles}</div>
        </fieldset>
    }
}
