//! Two versions of a dataset beside each other.

use super::moved;
use crate::components::Loaded;
use crate::contexts::dataset::Ds;
use crate::data::Listed;
use crate::pages::project::versions::Compare as TwoVersions;
use atelier_api::calls;
use leptos::prelude::*;

#[component]
pub(crate) fn Compare() -> impl IntoView {
    let dataset = Ds::expect();
    let versions = Listed::new(move |cursor| {
        let (org, project, slug) = dataset.names();
        calls::dataset_version_list(&org, &project, &slug, cursor.as_deref())
    });
    versions.first.stale_on(dataset.project.org.live, moved(dataset));
    let changes = Callback::new(move |((older, newer), cursor): ((i64, i64), Option<String>)| {
        let (org, project, slug) = dataset.names();
        calls::dataset_changes(
            &org,
            &project,
            &slug,
            &newer.to_string(),
            &older.to_string(),
            cursor.as_deref(),
        )
    });
    view! {
        <Loaded of=versions.first let:first>
            <TwoVersions versions=Signal::derive(move || versions.items(&first.get())) changes />
        </Loaded>
    }
}
