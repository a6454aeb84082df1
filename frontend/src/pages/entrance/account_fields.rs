//! Name, e-mail address and password of a new account.

use crate::components::form::TextField;
use crate::data::Sending;
use crate::text::tr;
use leptos::prelude::*;

#[derive(Clone, Copy)]
pub(crate) struct AccountForm {
    pub(crate) name: RwSignal<String>,
    pub(crate) email: RwSignal<String>,
    pub(crate) password: RwSignal<String>,
}

impl AccountForm {
    pub(crate) fn new() -> Self {
        let empty = || RwSignal::new(String::new());
        AccountForm { name: empty(), email: empty(), password: empty() }
    }
}

#[component]
pub(crate) fn AccountFields(form: AccountForm, sending: Sending) -> impl IntoView {
    view! {
        <TextField
            label=tr!(entrance.your_name)
            value=form.name
            autocomplete="name"
            problem=sending.problem("name")
            required=true
            maxlength="80"
        />
        <TextField
            label=tr!(common.email)
            value=form.email
            kind="email"
            autocomplete="username"
            problem=sending.problem("email")
            required=true
        />
        <NewPassword value=form.password problem=sending.problem("password") />
    }
}

#[component]
pub(crate) fn NewPassword(
    value: RwSignal<String>,
    problem: Signal<Option<String>>,
    #[prop(default = tr!(entrance.new_password))] label: &'static str,
    #[prop(optional)] autofocus: bool,
) -> impl IntoView {
    view! {
        <TextField
            label
            value
            kind="password"
            autocomplete="new-password"
            hint=tr!(entrance.password_hint)
            problem
            required=true
            minlength="10"
            maxlength="256"
            autofocus
        />
    }
}
