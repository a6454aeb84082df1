//! A size's name and price, and whether it can be started.

use crate::components::focus;
use crate::components::form::{FormFailure, Submit, TextField};
use crate::contexts::organization::Org;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending, Typed};
use crate::text::tr;
use atelier_api::calls;
use atelier_api::money::Micros;
use atelier_api::tier::{Tier, UpdateTier};
use leptos::prelude::*;

#[component]
pub(crate) fn EditTier(tier: Tier, open: RwSignal<bool>, tiers: Fetched<Vec<Tier>>) -> impl IntoView {
    let org = Org::expect();
    let toasts = Toasts::expect();
    let id = StoredValue::new(tier.id);
    let archived = tier.archived_at.is_some();
    let version = StoredValue::new(tier.version);
    let before = StoredValue::new(tier.price_per_hour);
    let name = Typed::over(tier.name);
    let price = Typed::over(tier.price_per_hour.to_string());
    let wrong = RwSignal::new(None::<String>);
    let sending = Sending::new();
    let update = move |body: UpdateTier| {
        let call = calls::tier_update(&org.slug(), &id.get_value(), &body);
        sending.send(call.unless_changed(version.get_value()), move |_: Tier| {
            toasts.done(tr!(common.saved));
            tiers.refetch();
            open.set(false);
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(price) = price.value.get_untracked().parse::<Micros>() else {
            wrong.set(Some(tr!(common.no_amount).to_owned()));
            focus::first_invalid(&event);
            return;
        };
        wrong.set(None);
        update(UpdateTier {
            name: Some(name.value.get_untracked()),
            // An unchanged price makes no entry in its history.
            price_per_hour: (price != before.get_value()).then_some(price),
            archived: None,
        });
    };
    let archive = move |_| {
        update(UpdateTier { archived: Some(!archived), ..UpdateTier::default() });
    };
    let renew = Callback::new(move |()| {
        sending.send(calls::tier_list(&org.slug()), move |all: Vec<Tier>| {
            if let Some(newer) = all.into_iter().find(|tier| tier.id == id.get_value()) {
                version.set_value(newer.version);
                before.set_value(newer.price_per_hour);
                name.renew(newer.name);
                price.renew(newer.price_per_hour.to_string());
            }
        });
    });
    let currency = org.info.with_untracked(|info| info.currency.clone());
    let said = sending.problem("price_per_hour");
    view! {
        <form class="stack" on:submit=submit>
            <TextField
                label=tr!(common.name)
                value=name.value
                problem=sending.problem("name")
                required=true
                autofocus=true
                maxlength="80"
            />
            <TextField
                label=tr!(sizes.price_in, currency = currency)
                value=price.value
                hint=tr!(sizes.price_hint)
                problem=Signal::derive(move || wrong.get().or_else(|| said.get()))
                inputmode="decimal"
                required=true
            />
            <FormFailure sending renew />
            <div class="row between">
                <button type="button" class="btn" aria-disabled=move || sending.busy().get().then_some("true") on:click=archive>
                    {if archived { tr!(sizes.unarchive) } else { tr!(sizes.archive) }}
                </button>
                <Submit label=tr!(common.save).to_owned() sending />
            </div>
        </form>
    }
}
