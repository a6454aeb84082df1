//! What the project cost in a month: by person and by day.

use crate::components::charts::DayBars;
use crate::components::{Figure, Loaded, MonthPicker, PageHead};
use crate::contexts::clock::Clock;
use crate::contexts::live::session_moved;
use crate::contexts::project::Proj;
use crate::data::{Fetched, in_address};
use crate::pages::admin::PersonTable;
use crate::text::tr;
use crate::words;
use atelier_api::billing::SpendReport;
use atelier_api::calls;
use atelier_api::event::Event;
use leptos::prelude::*;

#[component]
pub(crate) fn ProjectCost() -> impl IntoView {
    let project = Proj::expect();
    let month = in_address("month");
    let report = Fetched::new(move || {
        let month = Some(month.get()).filter(|month| !month.is_empty());
        calls::project_spend(&project.org.slug(), &project.slug(), month.as_deref())
    })
    .stale_on(project.org.live, {
        let moved = session_moved();
        move |event| matches!(event, Event::SpendChanged) || moved(event)
    });
    view! {
        <PageHead title=tr!(cost.title).to_owned()>
            <MonthPicker month />
        </PageHead>
        <Loaded of=report let:shown>
            <Report report=shown fetched=report current=Signal::derive(move || month.with(String::is_empty)) />
        </Loaded>
    }
}

#[component]
fn Report(
    report: RwSignal<SpendReport>,
    fetched: Fetched<SpendReport>,
    current: Signal<bool>,
) -> impl IntoView {
    let org = Proj::expect().org;
    let clock = Clock::expect();
    let total = move || {
        let since = if current.get() { clock.now() - fetched.received_at() } else { 0 };
        report.with(|r| org.money(r.total + r.per_hour.for_duration(since)))
    };
    view! {
        <section class="grid">
            <div class="card c8">
                <header>
                    <h2>{tr!(cost.by_day)}</h2>
                </header>
                <div class="in">
                    <DayBars
                        days=Signal::derive(move || report.with(|r| r.by_day.clone()))
                        currency=Signal::derive(move || org.currency())
                    />
                </div>
            </div>
            <div class="c4 figures">
                <Figure
                    label=tr!(cost.spent)
                    value=Signal::derive(total)
                    note=Signal::derive(move || report.with(|r| words::spent_in(r, org)))
                />
                <Figure
                    label=tr!(cost.running_now)
                    value=Signal::derive(move || tr!(cost.rate, rate = org.money(report.get().per_hour)))
                    note=Signal::derive(move || {
                        let running = report.with(|r| r.running);
                        tr!(cost.containers, count = running)
                    })
                />
            </div>
            <div class="card c12">
                <header>
                    <h2>{tr!(cost.by_person)}</h2>
                </header>
                <PersonTable people=Signal::derive(move || report.with(|r| r.by_person.clone())) />
            </div>
        </section>
    }
}
