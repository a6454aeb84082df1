//! A new password by link, shutting somebody out for a while or for good.

use crate::components::{Confirm, CopyLink};
use crate::contexts::account::Account;
use crate::contexts::organization::Org;
use crate::contexts::toasts::Toasts;
use crate::data::{Listed, Sending};
use crate::text::tr;
use atelier_api::account::OneTimeLink;
use atelier_api::calls;
use atelier_api::person::{Person, UpdatePerson};
use atelier_api::role::{Action, Object};
use leptos::prelude::*;

#[component]
pub(crate) fn Access(person: Person, open: RwSignal<bool>, list: Listed<Person>) -> impl IntoView {
    let org = Org::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let removal = Sending::new();
    let removing = RwSignal::new(false);
    let link = RwSignal::new(None::<OneTimeLink>);
    let me = Account::expect().is(&person.id);
    let disabled = person.disabled_at.is_some();
    let version = person.version;
    let id = StoredValue::new(person.id);
    let name = StoredValue::new(person.name);
    let reset = move |_| {
        let call = calls::person_reset_password(&org.slug(), &id.get_value());
        sending.act(call, toasts, move |made| link.set(Some(made)));
    };
    let switch = move |_| {
        let body = UpdatePerson { disabled: Some(!disabled), ..UpdatePerson::default() };
        let call = calls::person_update(&org.slug(), &id.get_value(), &body).unless_changed(version);
        sending.act(call, toasts, move |_: Person| {
            let name = name.get_value();
            toasts.done(if disabled {
                tr!(people.was_enabled, name = name)
            } else {
                tr!(people.was_disabled, name = name)
            });
            list.first.refetch();
            open.set(false);
        });
    };
    let remove = Callback::new(move |()| {
        let call = calls::person_remove(&org.slug(), &id.get_value()).unless_changed(version);
        removal.send(call, move |()| {
            toasts.done(tr!(people.removed, name = name.get_value()));
            list.first.refetch();
            removing.set(false);
            open.set(false);
        });
    });
    view! {
        {move || link.get().map(|link| view! { <CopyLink link label=tr!(people.reset_link) /> })}
        <div class="row wrap">
            <button class="btn" aria-disabled=move || sending.busy().get().then_some("true") on:click=reset>
                {tr!(people.make_reset_link)}
            </button>
            // Nobody shuts himself or herself out.
            {(!me)
                .then(|| {
                    view! {
                        <button class="btn" aria-disabled=move || sending.busy().get().then_some("true") on:click=switch>
                            {if disabled { tr!(people.enable) } else { tr!(people.disable) }}
                        </button>
                        <Show when=move || org.may(Object::Person, Action::Delete)>
                            <button class="btn danger" on:click=move |_| removing.set(true)>
                                {tr!(people.remove)}
                            </button>
                        </Show>
                    }
                })}
        </div>
        {(!me).then(|| view! { <p class="hint">{tr!(people.access_hint)}</p> })}
        <Confirm
            open=removing
            title=tr!(people.remove_title, name = name.get_value())
            text=tr!(people.remove_text).to_owned()
            action=tr!(people.remove).to_owned()
            sending=removal
            on_confirm=remove
        />
    }
}
