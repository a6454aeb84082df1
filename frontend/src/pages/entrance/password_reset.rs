//! A new password by a link from an administrator.

use super::NewPassword;
use super::frame::Frame;
use crate::components::Loaded;
use crate::components::form::{FormFailure, Submit};
use crate::data::{Fetched, Sending};
use crate::text::tr;
use atelier_api::account::ResetPassword;
use atelier_api::calls;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

#[component]
pub(crate) fn PasswordReset() -> impl IntoView {
    let token = use_params_map().read_untracked().get("token").unwrap_or_default();
    let token = StoredValue::new(token);
    let preview = Fetched::new(move || calls::password_reset_preview(&token.get_value()));
    let password = RwSignal::new(String::new());
    let done = RwSignal::new(false);
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = ResetPassword { password: password.get_untracked() };
        let call = calls::password_reset(&token.get_value(), &body);
        sending.attempt(call, move |()| done.set(true));
    };
    view! {
        <Frame title=tr!(entrance.reset)>
            <Loaded of=preview gone=tr!(entrance.reset_gone) let:preview>
                <Show
                    when=move || !done.get()
                    fallback=|| {
                        view! {
                            <p role="status">{tr!(entrance.reset_done)}</p>
                            <a class="btn primary" href="/sign-in">{tr!(entrance.sign_in)}</a>
                        }
                    }
                >
                    <p class="muted">
                        {move || tr!(entrance.reset_for, email = preview.with(|p| p.email.clone()))}
                    </p>
                    <form class="stack" on:submit=submit>
                        <NewPassword value=password problem=sending.problem("password") autofocus=true />
                        <FormFailure sending />
                        <Submit label=tr!(entrance.reset_button).to_owned() sending />
                    </form>
                </Show>
            </Loaded>
        </Frame>
    }
}
