//! Who is in the project, with which role, and what each role may do.

mod add;
mod holder;
mod role_choice;
mod roles;
mod table;

use crate::components::{Dialog, InviteForm, Loaded, PageHead};
use crate::contexts::project::Proj;
use crate::data::Fetched;
use crate::text::tr;
use add::AddForm;
use atelier_api::calls;
use atelier_api::event::Event;
use atelier_api::role::{Action, Object};
use holder::Holder;
pub(crate) use holder::member_role;
use leptos::prelude::*;
use role_choice::RoleChoice;
pub(crate) use role_choice::held_name;
use roles::RoleList;
use table::HolderTable;

#[component]
pub(crate) fn Members() -> impl IntoView {
    let project = Proj::expect();
    let slug = project.slug();
    let adding = RwSignal::new(false);
    let inviting = RwSignal::new(false);
    let of_members =
        move |event: &Event| matches!(event, Event::MembersChanged { project } if *project == slug);
    let members = Fetched::new(move || calls::member_list(&project.org.slug(), &project.slug()))
        .stale_on(project.org.live, of_members.clone());
    let groups = Fetched::new(move || calls::project_group_list(&project.org.slug(), &project.slug()))
        .stale_on(project.org.live, of_members);
    let changed = Callback::new(move |()| {
        members.refetch();
        groups.refetch();
    });
    let roles = RoleChoice::fetch(project.org);
    let may_add = move || project.may(Object::Member, Action::Create);
    let may_invite = move || {
        project.may(Object::Invitation, Action::Create) || project.org.may(Object::Invitation, Action::Create)
    };
    view! {
        <PageHead title=tr!(members.title).to_owned() note=tr!(members.note).to_owned()>
            <Show when=may_invite>
                <button class="btn" on:click=move |_| inviting.set(true)>
                    {tr!(members.invite)}
                </button>
            </Show>
            <Show when=may_add>
                <button class="btn primary" on:click=move |_| adding.set(true)>
                    {tr!(members.add)}
                </button>
            </Show>
        </PageHead>
        <div class="card">
            <Loaded of=members let:list>
                <HolderTable
                    label=tr!(members.title)
                    holders=Signal::derive(move || list.get().into_iter().map(Holder::from).collect())
                    roles
                    changed
                />
            </Loaded>
        </div>
        <section class="card">
            <header>
                <h2>{tr!(groups.title)}</h2>
            </header>
            <Loaded of=groups let:list>
                <Show
                    when=move || list.with(|list| !list.is_empty())
                    fallback=|| view! { <p class="in muted">{tr!(members.no_groups)}</p> }
                >
                    <HolderTable
                        label=tr!(groups.title)
                        holders=Signal::derive(move || list.get().into_iter().map(Holder::from).collect())
                        roles
                        changed
                    />
                </Show>
            </Loaded>
        </section>
        <RoleList />
        <Dialog open=adding title=tr!(members.add).to_owned()>
            <AddForm open=adding roles added=changed />
        </Dialog>
        <Dialog open=inviting title=tr!(members.invite).to_owned()>
            <InviteForm project />
        </Dialog>
    }
}
