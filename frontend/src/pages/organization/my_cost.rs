//! What I spent: today, this month, on which project, and the rows behind every figure.

use crate::components::charts::DayBars;
use crate::components::{Empty, Figure, Gauge, Loaded, MonthPicker, PageHead, SegmentTable};
use crate::contexts::clock::Clock;
use crate::contexts::live::session_moved;
use crate::contexts::organization::Org;
use crate::data::{Fetched, Listed, in_address};
use crate::format::size::percent_of;
use crate::format::time;
use crate::text::tr;
use atelier_api::billing::{MySpend, SegmentFilter, SpendReport};
use atelier_api::calls;
use atelier_api::event::Event;
use leptos::prelude::*;

#[component]
pub(crate) fn MyCost() -> impl IntoView {
    let org = Org::expect();
    let month = in_address("month");
    let chosen = move || Some(month.get()).filter(|month| !month.is_empty());
    let report = Fetched::new(move || calls::spend_report_mine(&org.slug(), chosen().as_deref())).stale_on(
        org.live,
        {
            let moved = session_moved();
            move |event| matches!(event, Event::SpendChanged) || moved(event)
        },
    );
    let rows = Listed::new(move |cursor| {
        let filter = SegmentFilter { month: chosen(), cursor, ..SegmentFilter::default() };
        calls::segment_list_mine(&org.slug(), &filter)
    });
    rows.first.stale_on(org.live, {
        let moved = session_moved();
        move |event| matches!(event, Event::SpendChanged) || moved(event)
    });
    let csv = move || {
        let filter = SegmentFilter { month: chosen(), ..SegmentFilter::default() };
        calls::segments_csv_path(&org.slug(), true, &filter)
    };
    view! {
        <PageHead title=tr!(cost.mine).to_owned() note=tr!(cost.mine_note).to_owned()>
            <MonthPicker month />
            <a class="btn" href=csv download="" rel="external">{tr!(cost.csv)}</a>
        </PageHead>
        <Loaded of=org.spend let:spend>
            <Now spend />
        </Loaded>
        <Loaded of=report let:report>
            <Month report />
        </Loaded>
        <section class="card">
            <header><h2>{tr!(cost.rows)}</h2></header>
            <SegmentTable list=rows />
        </section>
    }
}

#[component]
fn Now(spend: RwSignal<MySpend>) -> impl IntoView {
    let org = Org::expect();
    let clock = Clock::expect();
    let growth = move || spend.with(|s| s.per_hour.for_duration(clock.now() - org.spend.received_at()));
    let limit = move || spend.with(|s| s.monthly_limit);
    let used = move || limit().map_or(0, |limit| percent_of((spend.get().month + growth()).0, limit.0));
    let note = move || match limit() {
        Some(limit) => tr!(cost.of_limit, limit = org.money(limit)),
        None => tr!(cost.no_limit).to_owned(),
    };
    view! {
        <section class="grid">
            <div class="c4">
                <Figure
                    label=tr!(cost.today)
                    value=Signal::derive(move || org.money(spend.get().today + growth()))
                    note=tr!(cost.utc).to_owned()
                />
            </div>
            <div class="c4">
                <Figure
                    label=tr!(cost.this_month)
                    value=Signal::derive(move || org.money(spend.get().month + growth()))
                    note=Signal::derive(note)
                >
                    <Show when=move || limit().is_some()>
                        <Gauge percent=Signal::derive(used) label=tr!(cost.used_of_limit).to_owned() />
                    </Show>
                </Figure>
            </div>
            <div class="c4">
                <Figure
                    label=tr!(cost.running_now)
                    value=Signal::derive(move || tr!(cost.rate, rate = org.money(spend.get().per_hour)))
                    note=Signal::derive(move || {
                        let running = spend.get().running;
                        tr!(cost.containers, count = running)
                    })
                />
            </div>
        </section>
    }
}

#[component]
fn Month(report: RwSignal<SpendReport>) -> impl IntoView {
    let org = Org::expect();
    let rows = move || {
        report.with(|report| {
            let row = |p: &atelier_api::billing::ProjectSpend| {
                let name = match &p.slug {
                    Some(slug) => {
                        let address = org.at(&format!("/{slug}"));
                        view! { <a class="strong" href=address>{p.name.clone()}</a> }.into_any()
                    }
                    None => p.name.clone().into_any(),
                };
                let gone = p.deleted.then(|| view! { " " <span class="chip">{tr!(cost.deleted)}</span> });
                view! {
                    <tr>
                        <td>{name} {gone}</td>
                        <td class="num">{time::duration(p.milliseconds)}</td>
                        <td class="num">{org.money(p.total)}</td>
                    </tr>
                }
            };
            report.by_project.iter().map(row).collect_view()
        })
    };
    view! {
        <section class="grid">
            <div class="card c7">
                <header>
                    <h2>{tr!(cost.by_day)}</h2>
                    <span class="faint">{move || report.with(|r| time::month(&r.month))}</span>
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
                    <span class="faint">{move || report.with(|r| org.money(r.total))}</span>
                </header>
                <Show
                    when=move || report.with(|report| !report.by_project.is_empty())
                    fallback=|| view! { <Empty title=tr!(cost.no_rows_title) text=tr!(cost.no_rows_text) /> }
                >
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">{tr!(cost.project)}</th>
                                <th scope="col" class="num">{tr!(cost.time)}</th>
                                <th scope="col" class="num">{tr!(cost.cost)}</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </Show>
            </div>
        </section>
    }
}
