//! A person's role and limits, and the way in and out.

mod access;
mod limits;

use access::Access;
use atelier_api::person::Person;
use leptos::prelude::*;
use limits::LimitsForm;

use crate::data::Listed;

#[component]
pub(crate) fn EditPerson(person: Person, open: RwSignal<bool>, list: Listed<Person>) -> impl IntoView {
    view! {
        <LimitsForm person=person.clone() open list />
        <hr class="rule" />
        <Access person open list />
    }
}
