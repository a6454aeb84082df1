//! What the organization spent: by person, by project, by day, and every row behind a figure.

mod by_person;
mod by_project;
mod report;

pub(crate) use by_person::PersonTable;

use crate::components::{Loaded, MonthPicker, PageHead, SegmentTable};
use crate::contexts::live::session_moved;
use crate::contexts::organization::Org;
use crate::data::{Fetched, Listed, in_address};
use crate::text::tr;
use atelier_api::billing::SegmentFilter;
use atelier_api::calls;
use atelier_api::event::Event;
use leptos::html;
use leptos::prelude::*;
use report::Report;

/// Whose rows are to be shown below, by id.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Drill {
    Person(String),
    Project(String),
}

#[component]
pub(crate) fn Cost() -> impl IntoView {
    let org = Org::expect();
    let month = in_address("month");
    let (person, project) = (in_address("person"), in_address("project"));
    let given = |word: RwSignal<String>| Some(word.get()).filter(|word| !word.is_empty());
    let chosen = move || given(month);
    let report =
        Fetched::new(move || calls::spend_report(&org.slug(), chosen().as_deref())).stale_on(org.live, {
            let moved = session_moved();
            move |event| matches!(event, Event::SpendChanged) || moved(event)
        });
    let filter = move |cursor| SegmentFilter {
        month: chosen(),
        person: given(person),
        project: given(project),
        cursor,
    };
    let rows = Listed::new(move |cursor| calls::segment_list(&org.slug(), &filter(cursor)));
    rows.first.stale_on(org.live, {
        let moved = session_moved();
        move |event| matches!(event, Event::SpendChanged) || moved(event)
    });
    let section = NodeRef::<html::Section>::new();
    let show = Callback::new(move |wanted: Drill| {
        let (wanted_person, wanted_project) = match wanted {
            Drill::Person(id) => (id, String::new()),
            Drill::Project(id) => (String::new(), id),
        };
        person.set(wanted_person);
        project.set(wanted_project);
        if let Some(section) = section.get_untracked() {
            section.scroll_into_view();
        }
    });
    let of = move || {
        let report = report.get();
        let (person, project) = (given(person), given(project));
        let people = report.iter().flat_map(|report| &report.by_person);
        let projects = report.iter().flat_map(|report| &report.by_project);
        let of_person = people.filter(|p| person.as_ref() == Some(&p.person)).map(|p| &p.name).next();
        let of_project = projects.filter(|p| project.as_ref() == Some(&p.project)).map(|p| &p.name).next();
        of_person.or(of_project).cloned().unwrap_or_else(|| tr!(cost.everybody).to_owned())
    };
    let all = move || person.with(String::is_empty) && project.with(String::is_empty);
    let show_all = move |_| {
        person.set(String::new());
        project.set(String::new());
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
                    <Show when=move || !all()>
                        <button class="btn quiet small" on:click=show_all>
                            {tr!(cost.show_all)}
                        </button>
                    </Show>
                </div>
            </header>
            <SegmentTable list=rows with_person=true />
        </section>
    }
}
