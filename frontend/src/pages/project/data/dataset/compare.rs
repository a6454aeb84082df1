//! Two versions of a dataset or a model beside each other.

use super::moved;
use crate::components::Loaded;
use crate::contexts::dataset::{Ds, Noun, call};
use crate::data::Listed;
use crate::pages::project::models::CompareFacts;
use crate::pages::project::versions::{Above, Compare as TwoVersions, Two};
use leptos::prelude::*;

#[component]
pub(crate) fn Compare() -> impl IntoView {
    let dataset = Ds::expect();
    let versions = Listed::new(move |cursor| call!(dataset, version_list(cursor.as_deref())));
    versions.first.stale_on(dataset.project.org.live, moved(dataset));
    let changes = Callback::new(move |((older, newer), cursor): (Two, Option<String>)| {
        call!(dataset, changes(&newer.to_string(), &older.to_string(), cursor.as_deref()))
    });
    let facts: Above = |versions, older, newer| view! { <CompareFacts versions older newer /> }.into_any();
    let above = (dataset.noun == Noun::Model).then_some(facts);
    view! {
        <Loaded of=versions.first let:first>
            <TwoVersions versions=Signal::derive(move || versions.items(&first.get())) changes above />
        </Loaded>
    }
}
