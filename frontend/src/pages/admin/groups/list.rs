//! Every group of the organization.

use super::edit::EditGroup;
use crate::components::form::SearchField;
use crate::components::{Dialog, Empty, Loaded, PageHead, ShowMore};
use crate::contexts::organization::Org;
use crate::data::Listed;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::event::Event;
use atelier_api::group::Group;
use atelier_api::role::{Action, Object};
use leptos::prelude::*;
use leptos_router::hooks::use_navigate;

#[component]
pub(crate) fn Groups() -> impl IntoView {
    let org = Org::expect();
    let search = RwSignal::new(String::new());
    let adding = RwSignal::new(false);
    let list = Listed::new(move |cursor| {
        let search = Some(search.get()).filter(|text| !text.trim().is_empty());
        calls::group_list(&org.slug(), search.as_deref(), cursor.as_deref())
    });
    list.first.stale_on(org.live, |event| matches!(event, Event::PeopleChanged));
    let navigate = StoredValue::new_local(use_navigate());
    let made = Callback::new(move |group: Group| {
        let address = org.at(&format!("/admin/groups/{}", group.id));
        navigate.with_value(|navigate| navigate(&address, Default::default()));
    });
    let searching = move || search.with(|search| !search.trim().is_empty());
    let nothing = move || match searching() {
        true => view! { <Empty title=tr!(groups.none_found) text=tr!(groups.none_found_text) /> },
        false => view! { <Empty title=tr!(groups.none) text=tr!(groups.none_text) /> },
    };
    view! {
        <PageHead title=tr!(groups.title).to_owned() note=tr!(groups.note).to_owned()>
            <SearchField label=tr!(groups.search) search />
            <Show when=move || org.may(Object::Group, Action::Create)>
                <button class="btn primary" on:click=move |_| adding.set(true)>
                    {tr!(groups.add)}
                </button>
            </Show>
        </PageHead>
        <div class="card">
            <Loaded of=list.first let:first>
                <Show when=move || first.with(|page| !page.items.is_empty()) fallback=nothing>
                    <GroupTable groups=Signal::derive(move || list.items(&first.get())) />
                    <ShowMore list />
                </Show>
            </Loaded>
        </div>
        <Dialog open=adding title=tr!(groups.add).to_owned()>
            <EditGroup group=None done=made />
        </Dialog>
    }
}

#[component]
fn GroupTable(groups: Signal<Vec<Group>>) -> impl IntoView {
    let org = Org::expect();
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=tr!(groups.title)>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{tr!(common.name)}</th>
                        <th scope="col" class="num">{tr!(people.title)}</th>
                        <th scope="col" class="num">{tr!(projects.title)}</th>
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=move || groups.get()
                        key=|g| (g.id.clone(), g.version, g.people, g.projects)
                        let(group)
                    >
                        <tr>
                            <td>
                                <a class="strong" href=org.at(&format!("/admin/groups/{}", group.id))>
                                    {group.name}
                                </a>
                                {(!group.description.is_empty())
                                    .then(|| view! { <p class="faint small clip">{group.description}</p> })}
                            </td>
                            <td class="num">{group.people}</td>
                            <td class="num">{group.projects}</td>
                        </tr>
                    </For>
                </tbody>
            </table>
        </div>
    }
}
