//! The browsers that are signed in.

use crate::components::Loaded;
use crate::contexts::account::leave_to;
use crate::contexts::clock::Clock;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::format::time;
use crate::text::tr;
use atelier_api::account::OpenSignIn;
use atelier_api::calls;
use leptos::prelude::*;

#[component]
pub(crate) fn SignIns() -> impl IntoView {
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let list = Fetched::new(calls::sign_in_list);
    let everywhere = move |_| {
        sending.act(calls::sign_in_end_all(), toasts, |()| leave_to("/sign-in"));
    };
    view! {
        <section class="card">
            <header>
                <h2>{tr!(profile.sign_ins)}</h2>
                <button class="btn danger" aria-disabled=move || sending.busy().get().then_some("true") on:click=everywhere>
                    {tr!(profile.everywhere)}
                </button>
            </header>
            <Loaded of=list let:shown>
                <ul class="lines">
                    <For each=move || shown.get() key=|sign_in| sign_in.id.clone() let(sign_in)>
                        <SignInLine sign_in list />
                    </For>
                </ul>
            </Loaded>
        </section>
    }
}

#[component]
fn SignInLine(sign_in: OpenSignIn, list: Fetched<Vec<OpenSignIn>>) -> impl IntoView {
    let toasts = Toasts::expect();
    let clock = Clock::expect();
    let sending = Sending::new();
    let browser = sign_in.browser();
    let id = StoredValue::new(sign_in.id);
    let seen = sign_in.last_seen_at;
    let seen = Memo::new(move |_| tr!(profile.seen, ago = time::ago(seen, clock.now())));
    let end = move |_| {
        sending.act(calls::sign_in_end(&id.get_value()), toasts, move |()| {
            toasts.done(tr!(profile.ended));
            list.refetch();
        });
    };
    let label = tr!(profile.end_named, name = browser.clone());
    view! {
        <li class="row between">
            <div class="grow">
                <b class="strong">{browser}</b>
                {sign_in
                    .current
                    .then(|| view! { " " <span class="chip ok">{tr!(profile.this_one)}</span> })}
                <p class="faint small">
                    {sign_in.address} " · " {tr!(profile.since, at = time::moment(sign_in.created_at))}
                    " · " {seen}
                </p>
            </div>
            {(!sign_in.current)
                .then(|| {
                    view! {
                        <button class="btn" aria-label=label aria-disabled=move || sending.busy().get().then_some("true") on:click=end>
                            {tr!(shell.sign_out)}
                        </button>
                    }
                })}
        </li>
    }
}
