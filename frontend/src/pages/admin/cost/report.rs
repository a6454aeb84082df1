//! The figures of the month.

use super::Drill;
use super::by_person::PersonTable;
use super::by_project::ProjectTable;
use crate::components::Figure;
use crate::components::charts::DayBars;
use crate::contexts::clock::Clock;
use crate::contexts::organization::Org;
use crate::data::Fetched;
use crate::format::time;
use crate::text::tr;
use crate::words;
use atelier_api::billing::SpendReport;
use leptos::prelude::*;

#[component]
pub(crate) fn Report(
    report: RwSignal<SpendReport>,
    fetched: Fetched<SpendReport>,
    current: Signal<bool>,
    show: Callback<Drill>,
) -> impl IntoView {
    let org = Org::expect();
    let clock = Clock::expect();
    let total = move || {
        let since = if current.get() { clock.now() - fetched.received_at() } else { 0 };
        report.with(|r| org.money(r.total + r.per_hour.for_duration(since)))
    };
    let at = move || report.with(|r| tr!(cost.as_of, at = time::second(r.at)));
    let month = move || report.with(|r| time::month(&r.month));
    let spent_in = move || report.with(|r| words::spent_in(r, org));
    view! {
        <section class="grid">
            <div class="c4">
                <Figure label=tr!(cost.spent) value=Signal::derive(total) note=Signal::derive(spent_in) />
            </div>
            <div class="c4">
                <Figure
                    label=tr!(cost.running_now)
                    value=Signal::derive(move || tr!(cost.rate, rate = org.money(report.get().per_hour)))
                    note=Signal::derive(move || {
                        let running = report.with(|r| r.running);
                        tr!(cost.containers, count = running)
                    })
                />
            </div>
            <div class="c4">
                <Figure
                    label=tr!(cost.people_who_spent)
                    value=Signal::derive(move || report.with(|r| r.by_person.len().to_string()))
                    note=Signal::derive(at)
                />
            </div>
            <div class="card c12">
                <header>
                    <h2>{tr!(cost.by_person)}</h2>
                </header>
                <PersonTable people=Signal::derive(move || report.with(|r| r.by_person.clone())) show />
            </div>
            <div class="card c7">
                <header>
                    <h2>{tr!(cost.by_day)}</h2>
                    <span class="faint">{month}</span>
                </header>
                <div class="in">
                    <DayBars
                        days=Signal::derive(move || report.with(|r| r.by_day.clone()))
                        currency=Signal::derive(move || org.currency())
                    />
                </div>
            </div>
            <div class="card c5">
                <header>
                    <h2>{tr!(cost.by_project)}</h2>
                </header>
                <ProjectTable projects=Signal::derive(move || report.with(|r| r.by_project.clone())) show />
            </div>
        </section>
    }
}
