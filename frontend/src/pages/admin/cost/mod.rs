//! What the organization spent: by person, by project, by day, and every row behind a figure.

mod by_person;
mod by_project;
mod report;

pub(crate) use by_person::PersonTable;

use crate::components::{Loaded, MonthPicker, PageHead, SegmentTable};
use crate::contexts::live::session_moved;
use crate::contexts::organization::Org;
use crate::data::{Fetched, Listed};
use crate::text::tr;
use atelier_api::billing::SegmentFilter;
use atelier_api::calls;
use atelier_api::event::Event;
use leptos::html;
use leptos::prelude::*;
use report::Report;

/// Whose rows are shown below: a person's, a project's, or everybody's.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Drill {
    pub(crate) person: Option<(String, String)>,
    pub(crate) project: Option<(String, String)>,
}

#[component]
pub(crate) fn Cost() -> impl IntoView {
    let org = Org::expect();
    let month = RwSignal::new(String::new());
    let drill = RwSignal::new(Drill::default());
    let chosen = move || Some(month.get()).filter(|month| !month.is_empty());
    let report =
        Fetched::new(move || calls::spend_report(&org.slug(), chosen().as_deref())).stale_on(org.live, {
            let moved = session_moved();
            move |event| matches!(event, Event::SpendChanged) || moved(event)
        });
    let filter = move |cursor| {
        drill.with(|drill| SegmentFilter {
            month: chosen(),
            person: drill.person.as_ref().map(|(id, _)| id.clone()),
            project: drill.project.as_ref().map(|(slug, _)| slug.clone()),
            cursor,
        })
    };
    let rows = Listed::new(move |cursor| calls::segment_list(&org.slug(), &filter(cursor)));
    rows.first.stale_on(org.live, {
        let moved = session_moved();
        move |event| matches!(event, Event::SpendChanged) || moved(event)
    });
    let section = NodeRef::<html::Section>::new();
    let show = Callback::new(move |wanted: Drill| {
        drill.set(wanted);
        if let Some(section) = section.get_untracked() {
            section.scroll_into_view();
        }
    });
    let of = move || {
        drill.with(|drill| {
            let named = drill.person.as_ref().or(drill.project.as_ref());
            named.map_or_else(|| tr!(cost.everybody).to_owned(), |(_, name)| name.clone())
        })
    };
    view! {
        <PageHead title=tr!(cost.title).to_owned()>
            <MonthPicker month />
            <a
                class="btn"
                href=move || calls::segments_csv_path(&org.slug(), false, &filter(None))
                download=""
                rel="external"
            >
                {tr!(cost.csv)}
            </a>
        </PageHead>
        <Loaded of=report let:shown>
            <Report report=shown fetched=report current=Signal::derive(move || month.with(String::is_empty)) show />
        </Loaded>
        <section class="card" node_ref=section>
            <header>
                <h2>{tr!(cost.rows)}</h2>
                <div class="row">
                    <span class="chip">{of}</span>
                    <Show when=move || drill.with(|drill| *drill != Drill::default())>
                        <button class="btn quiet small" on:click=move |_| drill.set(Drill::default())>
                            {tr!(cost.show_all)}
                        </button>
                    </Show>
                </div>
            </header>
            <SegmentTable list=rows with_person=true />
        </section>
    }
}
