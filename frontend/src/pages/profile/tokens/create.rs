//! The form for a new token, then its text, once.

use crate::components::CopyField;
use crate::components::form::{FormFailure, SelectField, Submit, TextField};
use crate::data::Sending;
use crate::format::time;
use crate::text::tr;
use crate::words;
use atelier_api::calls;
use atelier_api::token::{CreateToken, CreatedToken, TokenScope};
use leptos::prelude::*;

/// How long a token is valid, for a choice.
fn expiry_choices() -> Vec<(String, String)> {
    let choice = |days: i64| (days.to_string(), tr!(people.days, count = days));
    [7, 30, 90, 365].map(choice).to_vec()
}

fn scope_choices() -> Vec<(String, String)> {
    let named = |scope: &TokenScope| (scope.to_string(), words::token_scope(*scope).to_owned());
    TokenScope::ALL.iter().map(named).collect()
}

#[component]
pub(super) fn NewToken(made: Callback<()>, close: WriteSignal<bool>) -> impl IntoView {
    let name = RwSignal::new(String::new());
    let scope = RwSignal::new(TokenScope::Read.to_string());
    let days = RwSignal::new("30".to_owned());
    let created = RwSignal::new(None::<CreatedToken>);
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = CreateToken {
            name: name.get_untracked(),
            scope: scope.get_untracked().parse().unwrap_or(TokenScope::Read),
            days: days.get_untracked().parse().unwrap_or(30),
        };
        sending.send(calls::token_create(&body), move |token| {
            created.set(Some(token));
            made.run(());
        });
    };
    let form = move || {
        view! {
            <form class="stack" on:submit=submit>
                <TextField
                    label=tr!(tokens.purpose)
                    value=name
                    hint=tr!(tokens.purpose_hint)
                    problem=sending.problem("name")
                    required=true
                    maxlength="100"
                    autofocus=true
                    autocomplete="off"
                />
                <SelectField
                    label=tr!(tokens.scope)
                    value=scope
                    options=scope_choices()
                    hint=tr!(tokens.scope_hint)
                    problem=sending.problem("scope")
                />
                <SelectField
                    label=tr!(tokens.valid_for)
                    value=days
                    options=expiry_choices()
                    problem=sending.problem("days")
                />
                <FormFailure sending />
                <div class="row end">
                    <Submit label=tr!(tokens.make).to_owned() sending />
                </div>
            </form>
        }
    };
    move || match created.get() {
        Some(created) => view! { <Made created close /> }.into_any(),
        None => form().into_any(),
    }
}

/// With a first use of it.
#[component]
fn Made(created: CreatedToken, close: WriteSignal<bool>) -> impl IntoView {
    let hint = tr!(tokens.shown_once, until = time::moment(created.token.expires_at));
    // Without an origin there is no page that could show this.
    let origin = window().location().origin().unwrap_or_default();
    let example = format!(
        "read -rs ATELIER_TOKEN\ncurl -H \"Authorization: Bearer $ATELIER_TOKEN\" \\\n  {origin}{}",
        calls::me_get().path
    );
    view! {
        <CopyField label=tr!(tokens.text) text=created.text hint />
        <p>{tr!(tokens.example)}</p>
        <pre class="log" tabindex="0" role="region" aria-label=tr!(tokens.example_label)>
            {example}
        </pre>
        <div class="row end">
            <button type="button" class="btn" on:click=move |_| close.set(false)>
                {tr!(tokens.done)}
            </button>
        </div>
    }
}
