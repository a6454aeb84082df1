//! Start a session: the tool, the size, and what it will cost.

mod environment;
mod left;
mod size_table;
mod tool_tiles;

use crate::components::form::{FormFailure, Submit, TextField};
use crate::components::{Loaded, PageHead};
use crate::contexts::project::Proj;
use crate::data::{Fetched, Sending};
use crate::pages::project::sessions::data::{DataChoiceField, DataPick};
use crate::text::tr;
use atelier_api::calls;
use atelier_api::event::Event;
use atelier_api::role::{Action, Object};
use atelier_api::session::{CreateSession, StartOptions};
use environment::EnvironmentCard;
use left::{Left, blocked};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;
use size_table::SizeTable;
use tool_tiles::{Choice, ToolTiles, first_choice};

#[component]
pub(crate) fn StartPage() -> impl IntoView {
    let project = Proj::expect();
    let options = Fetched::new(move || calls::session_options(&project.org.slug(), &project.slug()))
        .stale_on(project.org.live, |event| {
            matches!(event, Event::TiersChanged | Event::EnvironmentChanged { .. } | Event::SpendChanged)
        });
    view! {
        <PageHead title=tr!(start.title).to_owned() />
        <Loaded of=options let:options>
            <StartForm options />
        </Loaded>
    }
}

#[component]
fn StartForm(options: RwSignal<StartOptions>) -> impl IntoView {
    let project = Proj::expect();
    let choice = RwSignal::new(options.with_untracked(first_choice));
    let tier = RwSignal::new(options.with_untracked(|o| {
        o.tiers.iter().find(|t| t.unavailable.is_none()).map(|t| t.id.clone()).unwrap_or_default()
    }));
    let name = RwSignal::new(String::new());
    let pick = DataPick::new();
    let limit = Signal::derive(move || options.with(|o| o.data_version_limit));
    let sending = Sending::new();
    let navigate = StoredValue::new_local(use_navigate());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(Choice { environment, tool, .. }) = choice.get_untracked() else { return };
        let typed = name.get_untracked();
        let body = CreateSession {
            name: Some(typed).filter(|name| !name.trim().is_empty()),
            environment,
            tool,
            tier: tier.get_untracked(),
            data: pick.wish(),
        };
        let call = calls::session_create(&project.org.slug(), &project.slug(), &body);
        sending.send(call, move |session| {
            let address = project.at(&format!("/sessions/{}", session.id));
            navigate.with_value(|navigate| navigate(&address, Default::default()));
        });
    };
    let label = move || match choice.get() {
        Some(choice) => tr!(start.button, tool = choice.tool_name),
        None => tr!(sessions.start_one).to_owned(),
    };
    let unready =
        move || choice.with(Option::is_none) || tier.with(String::is_empty) || options.with(blocked);
    view! {
        <form class="grid" on:submit=submit>
            <div class="c7 stack">
                <ToolTiles options choice />
                <SizeTable options tier />
                <Show when=move || project.may_own(Object::Dataset, Action::Read)>
                    <DataChoiceField pick limit problem=sending.problem("data") />
                </Show>
                <TextField
                    label=tr!(start.name)
                    value=name
                    hint=tr!(start.name_hint)
                    problem=sending.problem("name")
                    maxlength="80"
                />
                <FormFailure sending />
                <div class="row wrap">
                    <Submit label=Signal::derive(label) sending disabled=Signal::derive(unready) />
                    <Left options />
                </div>
            </div>
            <div class="c5">
                <EnvironmentCard options choice />
            </div>
        </form>
    }
}
