//! The people of the organization, their limits, and invitations.

mod edit;
mod invitations;
mod list;

use crate::components::form::SearchField;
use crate::components::{Dialog, Empty, InviteForm, Loaded, PageHead, ShowMore};
use crate::contexts::organization::Org;
use crate::data::{Fetched, Listed, in_address};
use crate::text::tr;
use atelier_api::calls;
use atelier_api::event::Event;
use atelier_api::role::{Action, Object};
use invitations::Invitations;
use leptos::prelude::*;
use list::PersonTable;

#[component]
pub(crate) fn People() -> impl IntoView {
    let org = Org::expect();
    let search = in_address("q");
    let inviting = RwSignal::new(false);
    let list = Listed::new(move |cursor| {
        let search = Some(search.get()).filter(|text| !text.trim().is_empty());
        calls::person_list(&org.slug(), search.as_deref(), cursor.as_deref())
    });
    list.first.stale_on(org.live, |event| matches!(event, Event::PeopleChanged));
    let invitations = Fetched::new(move || calls::invitation_list(&org.slug()))
        .stale_on(org.live, |event| matches!(event, Event::PeopleChanged));
    view! {
        <PageHead title=tr!(people.title).to_owned()>
            <Show when=move || org.may(Object::Person, Action::Read)>
                <SearchField label=tr!(people.search) search />
            </Show>
            <Show when=move || org.may(Object::Invitation, Action::Create)>
                <button class="btn primary" on:click=move |_| inviting.set(true)>
                    {tr!(people.invite)}
                </button>
            </Show>
        </PageHead>
        <div class="card">
            <Loaded of=list.first let:first>
                <Show
                    when=move || first.with(|page| !page.items.is_empty())
                    fallback=|| view! { <Empty title=tr!(people.nobody) text=tr!(people.nobody_text) /> }
                >
                    <PersonTable people=Signal::derive(move || list.items(&first.get())) list />
                    <ShowMore list />
                </Show>
            </Loaded>
        </div>
        <Show when=move || org.may(Object::Invitation, Action::Read)>
            <Invitations invitations />
        </Show>
        <Dialog open=inviting title=tr!(people.invite).to_owned()>
            <InviteForm invited=Callback::new(move |()| invitations.refetch()) />
        </Dialog>
    }
}
