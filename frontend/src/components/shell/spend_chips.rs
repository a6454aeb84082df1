//! What runs for me now and what I spent today: on every page, to the second.

use crate::contexts::clock::Clock;
use crate::contexts::organization::Org;
use crate::text::tr;
use leptos::prelude::*;

#[component]
pub(crate) fn SpendChips() -> impl IntoView {
    let org = Org::expect();
    let clock = Clock::expect();
    let spend = move || org.spend.get();
    // Between two events it grows by the rate.
    let today = Memo::new(move |_| {
        let spend = spend()?;
        let since = clock.now() - org.spend.received_at();
        Some(org.money(spend.today + spend.per_hour.for_duration(since)))
    });
    let running = Memo::new(move |_| spend().filter(|spend| spend.running > 0));
    view! {
        <div class="spend row">
            {move || {
                running
                    .get()
                    .map(|spend| {
                        let rate = org.money(spend.per_hour);
                        view! {
                            <a class="chip ok" href=org.at("/cost")>
                                <i></i>
                                {tr!(shell.running, count = spend.running)}
                                <span class="rate">{tr!(shell.rate, rate = rate)}</span>
                            </a>
                        }
                    })
            }}
            {move || {
                today
                    .get()
                    .map(|today| {
                        view! {
                            <a class="chip" href=org.at("/cost")>
                                {tr!(shell.today, amount = today)}
                            </a>
                        }
                    })
            }}
        </div>
    }
}
