//! The tokens, newest first, each with the way to revoke it.

use crate::components::Confirm;
use crate::contexts::clock::Clock;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::format::time;
use crate::text::tr;
use crate::words;
use atelier_api::calls;
use atelier_api::token::AccessToken;
use leptos::prelude::*;

#[component]
pub(super) fn TokenTable(
    tokens: RwSignal<Vec<AccessToken>>,
    list: Fetched<Vec<AccessToken>>,
) -> impl IntoView {
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=tr!(tokens.title)>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{tr!(common.name)}</th>
                        <th scope="col" class="wide-only">{tr!(tokens.created)}</th>
                        <th scope="col">{tr!(people.expires)}</th>
                        <th scope="col" class="wide-only">{tr!(tokens.used)}</th>
                        <th scope="col"><span class="sr-only">{tr!(common.actions)}</span></th>
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=move || tokens.get()
                        key=|token| (token.id.clone(), token.expired, token.last_used_at)
                        let(token)
                    >
                        <TokenRow token list />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn TokenRow(token: AccessToken, list: Fetched<Vec<AccessToken>>) -> impl IntoView {
    let clock = Clock::expect();
    let expires_at = token.expires_at;
    // It expires before the eyes of who looks at it.
    let expired = Memo::new(move |_| token.expired || expires_at <= clock.now());
    let used_at = token.last_used_at;
    let used = Memo::new(move |_| match used_at {
        Some(at) => time::ago(at, clock.now()),
        None => tr!(tokens.never).to_owned(),
    });
    view! {
        <tr>
            <td>
                <b class="strong">{token.name.clone()}</b>
                <p class="faint small">{words::token_scope(token.scope)}</p>
            </td>
            <td class="muted nowrap wide-only">{time::date(token.created_at)}</td>
            <td class="muted nowrap">
                <Show when=move || expired.get() fallback=move || time::date(expires_at)>
                    <span class="chip bad">{tr!(tokens.expired)}</span>
                </Show>
            </td>
            <td class="muted nowrap wide-only">{used}</td>
            <td class="num">
                <Revoke id=token.id name=token.name expired list />
            </td>
        </tr>
    }
}

/// Asks first, unless there is nothing to lose any more.
#[component]
fn Revoke(id: String, name: String, expired: Memo<bool>, list: Fetched<Vec<AccessToken>>) -> impl IntoView {
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let asking = RwSignal::new(false);
    let (id, name) = (StoredValue::new(id), StoredValue::new(name));
    let done = move |()| {
        asking.set(false);
        toasts.done(if expired.get_untracked() { tr!(tokens.removed) } else { tr!(tokens.revoked) });
        list.refetch();
    };
    let begin = move |_| {
        if expired.get_untracked() {
            sending.act(calls::token_revoke(&id.get_value()), toasts, done);
        } else {
            asking.set(true);
        }
    };
    let confirmed = Callback::new(move |()| sending.send(calls::token_revoke(&id.get_value()), done));
    let label = move || match expired.get() {
        true => tr!(tokens.remove_named, name = name.get_value()),
        false => tr!(tokens.revoke_named, name = name.get_value()),
    };
    view! {
        <button
            class="btn quiet danger"
            aria-label=label
            aria-disabled=move || sending.busy().get().then_some("true")
            on:click=begin
        >
            {move || if expired.get() { tr!(tokens.remove) } else { tr!(people.revoke) }}
        </button>
        <Confirm
            open=asking
            title=tr!(tokens.revoke_title, name = name.get_value())
            text=tr!(tokens.revoke_text).to_owned()
            action=tr!(people.revoke).to_owned()
            sending
            on_confirm=confirmed
        />
    }
}
