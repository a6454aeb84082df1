//! What the project cost this month.

use crate::components::Figure;
use crate::contexts::project::Proj;
use crate::text::tr;
use leptos::prelude::*;

#[component]
pub(crate) fn Month() -> impl IntoView {
    let project = Proj::expect();
    let month = move || {
        let month = project.info.with(|info| info.month);
        month.map(|month| project.org.money(month)).unwrap_or_default()
    };
    view! {
        <a class="plain" href=project.at("/cost")>
            <Figure
                label=tr!(overview.month)
                value=Signal::derive(month)
                note=tr!(overview.month_note).to_owned()
            />
        </a>
    }
}
