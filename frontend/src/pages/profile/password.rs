//! A new password; it ends every other sign-in.

use crate::components::form::{FormFailure, Submit, TextField};
use crate::contexts::account::Account;
use crate::contexts::toasts::Toasts;
use crate::data::Sending;
use crate::pages::entrance::NewPassword;
use crate::text::tr;
use atelier_api::account::ChangePassword;
use atelier_api::calls;
use leptos::prelude::*;

#[component]
pub(crate) fn Password() -> impl IntoView {
    let toasts = Toasts::expect();
    let email = Account::expect().me.with_untracked(|me| me.email.clone());
    let current = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let body = ChangePassword { current: current.get_untracked(), new: new.get_untracked() };
        // A wrong current password must not lead to the sign-in page.
        sending.attempt(calls::password_change(&body), move |()| {
            current.set(String::new());
            new.set(String::new());
            toasts.done(tr!(profile.password_changed));
        });
    };
    view! {
        <section class="card">
            <header>
                <h2>{tr!(common.password)}</h2>
            </header>
            <form class="in stack" on:submit=submit>
                // For password managers, which ask whose password it is.
                <input type="email" autocomplete="username" value=email hidden readonly />
                <TextField
                    label=tr!(profile.current_password)
                    value=current
                    kind="password"
                    autocomplete="current-password"
                    problem=sending.problem("current")
                    required=true
                    maxlength="256"
                />
                <NewPassword value=new label=tr!(profile.new_password) problem=sending.problem("new") />
                <FormFailure sending />
                <div class="row end">
                    <Submit label=tr!(profile.change_password).to_owned() sending />
                </div>
            </form>
        </section>
    }
}
