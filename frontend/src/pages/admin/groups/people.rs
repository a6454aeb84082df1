//! Who is in a group; who may adds people here and takes them out.

use crate::components::form::{FormFailure, Submit};
use crate::components::{Confirm, Dialog, Empty, Loaded, Pick, PickList};
use crate::contexts::organization::Org;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::format::time;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::grant::Subject;
use atelier_api::group::{AddGroupPerson, GroupDetail, GroupPerson};
use atelier_api::role::{Action, Object};
use leptos::prelude::*;

#[component]
pub(crate) fn GroupPeople(detail: RwSignal<GroupDetail>, group: Fetched<GroupDetail>) -> impl IntoView {
    let org = Org::expect();
    let adding = RwSignal::new(false);
    view! {
        <section class="card">
            <header>
                <h2>{tr!(people.title)}</h2>
                <Show when=move || org.may(Object::Group, Action::Update)>
                    <button class="btn" on:click=move |_| adding.set(true)>
                        {tr!(groups.add_person)}
                    </button>
                </Show>
            </header>
            <Show
                when=move || detail.with(|detail| !detail.people.is_empty())
                fallback=|| view! { <Empty title=tr!(groups.empty) text=tr!(groups.empty_text) /> }
            >
                <div class="scroll" tabindex="0" role="region" aria-label=tr!(people.title)>
                    <table>
                        <thead>
                            <tr>
                                <th scope="col">{tr!(common.name)}</th>
                                <th scope="col" class="wide-only">{tr!(groups.since)}</th>
                                <th scope="col"><span class="sr-only">{tr!(common.actions)}</span></th>
                            </tr>
                        </thead>
                        <tbody>
                            <For
                                each=move || detail.with(|detail| detail.people.clone())
                                key=|p| (p.person.clone(), p.name.clone(), p.disabled)
                                let(person)
                            >
                                <PersonRow person detail group />
                            </For>
                        </tbody>
                    </table>
                </div>
            </Show>
        </section>
        <Dialog open=adding title=tr!(groups.add_person).to_owned()>
            <AddPerson open=adding detail group />
        </Dialog>
    }
}

#[component]
fn PersonRow(
    person: GroupPerson,
    detail: RwSignal<GroupDetail>,
    group: Fetched<GroupDetail>,
) -> impl IntoView {
    let org = Org::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let removing = RwSignal::new(false);
    let id = StoredValue::new(person.person);
    let name = StoredValue::new(person.name.clone());
    let remove = Callback::new(move |()| {
        let group_id = detail.with_untracked(|detail| detail.group.id.clone());
        let call = calls::group_person_remove(&org.slug(), &group_id, &id.get_value());
        sending.send(call, move |()| {
            removing.set(false);
            toasts.done(tr!(groups.person_removed, name = name.get_value()));
            group.refetch();
        });
    });
    view! {
        <tr>
            <td>
                <b class="strong">{person.name}</b>
                {person.disabled.then(|| view! { " " <span class="chip bad">{tr!(people.disabled)}</span> })}
                <p class="faint small">{person.email}</p>
            </td>
            <td class="muted nowrap wide-only">{time::date(person.since)}</td>
            <td class="num">
                <Show when=move || org.may(Object::Group, Action::Update)>
                    <button
                        class="btn quiet danger"
                        aria-label=tr!(members.remove_named, name = name.get_value())
                        on:click=move |_| removing.set(true)
                    >
                        {tr!(members.remove)}
                    </button>
                </Show>
                <Confirm
                    open=removing
                    title=tr!(groups.remove_title, name = name.get_value())
                    text=tr!(groups.remove_text).to_owned()
                    action=tr!(members.remove).to_owned()
                    sending
                    on_confirm=remove
                />
            </td>
        </tr>
    }
}

#[component]
fn AddPerson(
    open: RwSignal<bool>,
    detail: RwSignal<GroupDetail>,
    group: Fetched<GroupDetail>,
) -> impl IntoView {
    let org = Org::expect();
    let toasts = Toasts::expect();
    let search = RwSignal::new(String::new());
    let picked = RwSignal::new(None::<Pick>);
    let sending = Sending::new();
    let people = Fetched::new(move || calls::person_list(&org.slug(), Some(search.get().trim()), None));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(Pick { subject: Subject::Person(person), .. }) = picked.get_untracked() else { return };
        let group_id = detail.with_untracked(|detail| detail.group.id.clone());
        let call = calls::group_person_add(&org.slug(), &group_id, &AddGroupPerson { person });
        sending.send(call, move |added: GroupPerson| {
            toasts.done(tr!(groups.person_added, name = added.name));
            group.refetch();
            open.set(false);
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            <Loaded of=people let:found>
                <PickList
                    label=tr!(members.search)
                    search
                    found=Signal::derive(move || {
                        let here = detail
                            .with(|d| d.people.iter().map(|p| p.person.clone()).collect::<Vec<_>>());
                        let all = found.get().items.into_iter();
                        all.filter(|person| !here.contains(&person.id))
                            .map(|person| Pick::person(person.id, person.name, person.email))
                            .collect()
                    })
                    picked
                    nobody=tr!(groups.nobody_found)
                />
            </Loaded>
            <FormFailure sending />
            <div class="row end">
                <Submit
                    label=tr!(members.add_button).to_owned()
                    sending
                    disabled=Signal::derive(move || picked.with(Option::is_none))
                />
            </div>
        </form>
    }
}
