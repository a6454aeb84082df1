//! Sign in, and go on where one was.

use super::frame::Frame;
use crate::components::form::{FormFailure, Submit, TextField};
use crate::contexts::account::leave_to;
use crate::data::Sending;
use crate::text::tr;
use atelier_api::account::SignIn as Credentials;
use atelier_api::call::is_own_address;
use atelier_api::calls;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub(crate) fn SignIn() -> impl IntoView {
    let email = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let sending = Sending::new();
    let back = use_query_map().read_untracked().get("return");
    let back = back.filter(|address| is_own_address(address));
    let back = StoredValue::new(back.unwrap_or_else(|| "/".to_owned()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = Credentials {
            email: email.get_untracked(),
            password: password.get_untracked(),
            invitation: back.with_value(|back| back.strip_prefix("/invitation/").map(str::to_owned)),
        };
        sending.attempt(calls::sign_in(&body), move |_| leave_to(&back.get_value()));
    };
    view! {
        <Frame title=tr!(entrance.sign_in)>
            <form class="stack" on:submit=submit>
                <TextField
                    label=tr!(common.email)
                    value=email
                    kind="email"
                    autocomplete="username"
                    problem=sending.problem("email")
                    required=true
                    autofocus=true
                />
                <TextField
                    label=tr!(common.password)
                    value=password
                    kind="password"
                    autocomplete="current-password"
                    problem=sending.problem("password")
                    required=true
                    maxlength="256"
                />
                <FormFailure sending />
                <Submit label=tr!(entrance.sign_in).to_owned() sending />
            </form>
            <p class="faint small">{tr!(entrance.forgotten)}</p>
        </Frame>
    }
}
