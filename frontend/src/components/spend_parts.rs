//! Parts of the cost pages: a figure, and the rows of the ledger behind it.

use super::{Empty, Loaded, ShowMore};
use crate::contexts::organization::Org;
use crate::data::Listed;
use crate::format::{money, time};
use crate::text::tr;
use atelier_api::billing::{Segment, SegmentKind};
use leptos::prelude::*;

/// A large figure with what it is and what it is of.
#[component]
pub(crate) fn Figure(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    #[prop(optional, into)] note: Signal<String>,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="card stat">
            <small>{label}</small>
            <b>{value}</b>
            {children.map(|children| children())}
            <small class="faint">{note}</small>
        </div>
    }
}

/// Every row has what it cost and why: the price then, the exact times, the product.
#[component]
pub(crate) fn SegmentTable(list: Listed<Segment>, #[prop(optional)] with_person: bool) -> impl IntoView {
    view! {
        <Loaded of=list.first let:first>
            <Show
                when=move || first.with(|page| !page.items.is_empty())
                fallback=|| {
                    view! { <Empty title=tr!(cost.no_rows_title) text=tr!(cost.no_rows_text) /> }
                }
            >
                <div class="scroll" tabindex="0" role="region" aria-label=tr!(cost.rows)>
                    <table class="dense">
                        <thead>
                            <tr>
                                <Show when=move || with_person>
                                    <th scope="col">{tr!(cost.person)}</th>
                                </Show>
                                <th scope="col">{tr!(cost.session)}</th>
                                <th scope="col">{tr!(cost.project)}</th>
                                <th scope="col">{tr!(cost.from)}</th>
                                <th scope="col">{tr!(cost.to)}</th>
                                <th scope="col" class="num">{tr!(cost.time)}</th>
                                <th scope="col" class="num">{tr!(cost.per_hour)}</th>
                                <th scope="col" class="num">{tr!(cost.cost)}</th>
                            </tr>
                        </thead>
                        <tbody>
                            <For
                                each=move || list.items(&first.get())
                                key=|segment| (segment.id.clone(), segment.milliseconds)
                                let(segment)
                            >
                                <SegmentRow segment with_person />
                            </For>
                        </tbody>
                    </table>
                </div>
                <ShowMore list />
            </Show>
        </Loaded>
    }
}

#[component]
fn SegmentRow(segment: Segment, with_person: bool) -> impl IntoView {
    let org = Org::expect();
    let currency = org.currency();
    let ended = match (segment.started_at, segment.ended_at) {
        (None, _) => tr!(cost.not_started).to_owned(),
        (_, None) => tr!(cost.running).to_owned(),
        (_, Some(at)) => time::second(at),
    };
    view! {
        <tr>
            {with_person.then(|| view! { <td class="named">{segment.person_name}</td> })}
            <td class="named">
                {segment.session_name} " " <span class="faint">{segment.tier_name}</span>
                {(segment.kind == SegmentKind::Paused)
                    .then(|| view! { " " <span class="chip">{tr!(cost.paused)}</span> })}
            </td>
            <td>{segment.project_name}</td>
            <td class="nowrap">{segment.started_at.map(time::second)}</td>
            <td class="nowrap">{ended}</td>
            <td class="num nowrap">{time::clock(segment.milliseconds)}</td>
            <td class="num">{money::exact(segment.price_per_hour, &currency)}</td>
            <td class="num">{money::aligned(segment.cost, &currency)}</td>
        </tr>
    }
}
