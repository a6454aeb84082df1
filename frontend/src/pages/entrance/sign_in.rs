//! Sign in, and go on where one was.

use super::frame::Frame;
use crate::components::form::{FormFailure, Submit, TextField};
use crate::contexts::account::leave_to;
use crate::data::Sending;
use crate::text::tr;
use atelier_api::account::SignIn as Credentials;
use atelier_api::calls;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

#[component]
pub(crate) fn SignIn() -> impl IntoView {
    let email = RwSignal::new(String::new());
    let password = RwSignal::new(String::new());
    let sending = Sending::new();
    let back = use_query_map().read_untracked().get("return");
    let back = StoredValue::new(own_address(back));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = Credentials { email: email.get_untracked(), password: password.get_untracked() };
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

/// Only an address of this site: `//elsewhere` and `/\elsewhere` would lead away.
fn own_address(address: Option<String>) -> String {
    address
        .filter(|a| a.starts_with('/') && !a[1..].starts_with(['/', '\\']) && !a.contains(char::is_control))
        .unwrap_or_else(|| "/".to_owned())
}

#[cfg(test)]
mod tests {
    use super::own_address;

    #[test]
    fn leads_back_within_the_site_only() {
        let kept = |a: &str| own_address(Some(a.to_owned()));
        assert_eq!(kept("/acme/churn?x=1"), "/acme/churn?x=1");
        for away in ["//evil", "/\\evil", "https://evil", "javascript:x", "", "/\t/evil"] {
            assert_eq!(kept(away), "/", "{away}");
        }
        assert_eq!(own_address(None), "/");
    }
}
