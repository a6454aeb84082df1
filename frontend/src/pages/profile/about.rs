//! Name, language and theme.

use crate::components::form::{FormFailure, SelectField, Submit, TextField};
use crate::contexts::account::Account;
use crate::contexts::toasts::Toasts;
use crate::data::Sending;
use crate::text::tr;
use atelier_api::account::{Me, UpdateMe};
use atelier_api::calls;
use leptos::prelude::*;

#[component]
pub(crate) fn About() -> impl IntoView {
    let account = Account::expect();
    let toasts = Toasts::expect();
    let field = |read: fn(&Me) -> String| RwSignal::new(account.me.with_untracked(read));
    let name = field(|me| me.name.clone());
    let language = field(|me| me.language.to_string());
    let theme = field(|me| me.theme.to_string());
    let email = account.me.with_untracked(|me| me.email.clone());
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = UpdateMe {
            name: Some(name.get_untracked()),
            language: language.get_untracked().parse().ok(),
            theme: theme.get_untracked().parse().ok(),
        };
        sending.send(calls::me_update(&body), move |me| {
            account.set(me);
            toasts.done(tr!(common.saved));
        });
    };
    // A language is named in itself, for whoever landed in the wrong one.
    let languages = [("en", "English"), ("fr", "Français")];
    let themes = [
        ("system", tr!(profile.theme_system)),
        ("light", tr!(profile.theme_light)),
        ("dark", tr!(profile.theme_dark)),
    ];
    let options = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(value, text)| ((*value).to_owned(), (*text).to_owned())).collect()
    };
    view! {
        <section class="card">
            <header>
                <h2>{tr!(profile.about)}</h2>
                <span class="faint">{email}</span>
            </header>
            <form class="in stack" on:submit=submit>
                <TextField
                    label=tr!(common.name)
                    value=name
                    autocomplete="name"
                    problem=sending.problem("name")
                    required=true
                    maxlength="80"
                />
                <SelectField label=tr!(common.language) value=language options=options(&languages) />
                <SelectField label=tr!(profile.theme) value=theme options=options(&themes) />
                <FormFailure sending />
                <div class="row end">
                    <Submit label=tr!(common.save).to_owned() sending />
                </div>
            </form>
        </section>
    }
}
