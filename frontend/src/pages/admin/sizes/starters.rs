//! Who may start a size: everybody, or only chosen people and groups.

use crate::components::form::{FormFailure, Submit};
use crate::components::{Among, GrantsEdit, GrantsFields, GrantsWords, Loaded};
use crate::contexts::organization::Org;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::text::tr;
use atelier_api::calls;
use atelier_api::grant::Grants;
use leptos::prelude::*;

#[component]
pub(crate) fn Starters(tier: String, open: RwSignal<bool>, saved: Callback<()>) -> impl IntoView {
    let org = Org::expect();
    let id = StoredValue::new(tier);
    let grants = Fetched::new(move || calls::tier_grants(&org.slug(), &id.get_value()));
    view! {
        <Loaded of=grants let:grants>
            <StartersForm id grants=grants.get_untracked() open saved />
        </Loaded>
    }
}

#[component]
fn StartersForm(
    id: StoredValue<String>,
    grants: Grants,
    open: RwSignal<bool>,
    saved: Callback<()>,
) -> impl IntoView {
    let org = Org::expect();
    let toasts = Toasts::expect();
    let edit = GrantsEdit::over(grants);
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let call = calls::tier_grants_set(&org.slug(), &id.get_value(), &edit.wanted());
        sending.send(call.unless_changed(edit.version.get_value()), move |_: Grants| {
            toasts.done(tr!(common.saved));
            saved.run(());
            open.set(false);
        });
    };
    let renew = Callback::new(move |()| {
        let call = calls::tier_grants(&org.slug(), &id.get_value());
        sending.send(call, move |newer: Grants| edit.renew(newer));
    });
    let words = GrantsWords {
        legend: tr!(sizes.starters),
        everybody: tr!(sizes.everybody),
        only: tr!(sizes.only_these),
        may: tr!(sizes.may),
        may_not: tr!(sizes.may_not),
    };
    view! {
        <form class="stack" on:submit=submit>
            <p class="muted">{tr!(sizes.starters_note)}</p>
            <GrantsFields edit words among=Among::Organization(org) />
            <FormFailure sending renew />
            <div class="row end">
                <Submit label=tr!(common.save).to_owned() sending />
            </div>
        </form>
    }
}
