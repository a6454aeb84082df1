//! Every price that a size had, and who set it.

use crate::components::Loaded;
use crate::contexts::organization::Org;
use crate::data::Fetched;
use crate::format::{money, time};
use crate::text::tr;
use atelier_api::calls;
use leptos::prelude::*;

#[component]
pub(crate) fn Prices(tier: String) -> impl IntoView {
    let org = Org::expect();
    let prices = Fetched::new(move || calls::tier_prices(&org.slug(), &tier));
    view! {
        <Loaded of=prices let:prices>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{tr!(sizes.since)}</th>
                        <th scope="col">{tr!(sizes.set_by)}</th>
                        <th scope="col" class="num">{tr!(start.per_hour)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || prices.get() key=|price| price.since let(price)>
                        <tr>
                            <td>{time::moment(price.since)}</td>
                            <td>{price.set_by}</td>
                            <td class="num">{money::exact(price.price_per_hour, &org.currency())}</td>
                        </tr>
                    </For>
                </tbody>
            </table>
        </Loaded>
    }
}
