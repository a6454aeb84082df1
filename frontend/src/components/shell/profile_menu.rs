//! Who is signed in, the profile, and the way out.

use super::popover::Popover;
use crate::contexts::account::{Account, leave_to};
use crate::contexts::toasts::Toasts;
use crate::data::Sending;
use crate::text::tr;
use atelier_api::calls;
use leptos::prelude::*;

#[component]
pub(crate) fn ProfileMenu() -> impl IntoView {
    let me = Account::expect().me;
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let initial = move || me.with(|me| me.name.chars().next().map(|c| c.to_uppercase().to_string()));
    let sign_out = move |_| sending.act(calls::sign_out(), toasts, |()| leave_to("/sign-in"));
    view! {
        <button
            class="mark person"
            popovertarget="profile-menu"
            aria-label=move || tr!(shell.profile_of, name = me.with(|me| me.name.clone()))
        >
            {initial}
        </button>
        <Popover id="profile-menu">
            <p class="who">
                <b>{move || me.with(|me| me.name.clone())}</b>
                <span class="faint">{move || me.with(|me| me.email.clone())}</span>
            </p>
            <hr />
            <a href="/profile">{tr!(shell.profile)}</a>
            <a href="/profile/tokens">{tr!(tokens.title)}</a>
            <button on:click=sign_out>{tr!(shell.sign_out)}</button>
        </Popover>
    }
}
