//! Who may do one thing to one object: everybody whose role allows it, or only those who are named; and who may not.

use super::{Loaded, Pick, PickList};
use crate::contexts::organization::Org;
use crate::contexts::project::Proj;
use crate::data::{Fetched, Typed};
use crate::format::list;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::grant::{Grant, Grants, SetGrants, Subject};
use atelier_api::group::ProjectGroup;
use atelier_api::member::Member;
use atelier_api::role::{Action, Object, ProjectRole, Role, RoleDescription};
use leptos::prelude::*;

/// What is said, and what somebody wants to be said instead.
#[derive(Clone, Copy)]
pub(crate) struct GrantsEdit {
    pub(crate) version: StoredValue<i64>,
    only: Typed<bool>,
    allow: Typed<Vec<Pick>>,
    deny: Typed<Vec<Pick>>,
}

impl GrantsEdit {
    pub(crate) fn over(grants: Grants) -> Self {
        GrantsEdit {
            version: StoredValue::new(grants.version),
            only: Typed::over(grants.only),
            allow: Typed::over(picks(grants.allow)),
            deny: Typed::over(picks(grants.deny)),
        }
    }

    /// Nobody is named yet.
    pub(crate) fn new() -> Self {
        GrantsEdit::over(Grants { only: true, allow: Vec::new(), deny: Vec::new(), version: 0 })
    }

    pub(crate) fn renew(self, newer: Grants) {
        self.version.set_value(newer.version);
        self.only.renew(newer.only);
        self.allow.renew(picks(newer.allow));
        self.deny.renew(picks(newer.deny));
    }

    pub(crate) fn wanted(self) -> SetGrants {
        let named = |list: Typed<Vec<Pick>>| {
            list.value.with_untracked(|list| list.iter().map(|pick| pick.subject.clone()).collect::<Vec<_>>())
        };
        let only = self.only.value.get_untracked();
        // Whoever is named is no exception where everybody may.
        let allow = if only { named(self.allow) } else { Vec::new() };
        SetGrants { only, allow, deny: named(self.deny) }
    }
}

fn picks(grants: Vec<Grant>) -> Vec<Pick> {
    grants.into_iter().map(pick).collect()
}

fn pick(grant: Grant) -> Pick {
    match &grant.subject {
        Subject::Role(role) => Pick::role(role.clone(), grant.name),
        Subject::Person(_) | Subject::Group(_) => Pick {
            note: grant.email.unwrap_or_else(|| tr!(groups.a_group).to_owned()),
            subject: grant.subject,
            name: grant.name,
        },
    }
}

/// Of whom somebody is named.
#[derive(Clone, Copy)]
pub(crate) enum Among {
    /// Its people and groups.
    Organization(Org),
    /// Its members, their groups, and their roles.
    Project(Proj),
}

/// What the two choices and the two lists are called.
#[derive(Clone, Copy)]
pub(crate) struct GrantsWords {
    /// The question that all of it answers.
    pub(crate) legend: &'static str,
    pub(crate) everybody: &'static str,
    pub(crate) only: &'static str,
    pub(crate) may: &'static str,
    pub(crate) may_not: &'static str,
}

#[component]
pub(crate) fn GrantsFields(edit: GrantsEdit, words: GrantsWords, among: Among) -> impl IntoView {
    let GrantsEdit { only, allow, deny, .. } = edit;
    let name = super::form::unique("grants");
    let choice = move |value: bool, text: &'static str| {
        view! {
            <label class="row">
                <input
                    type="radio"
                    name=name.clone()
                    prop:checked=move || only.value.get() == value
                    on:change=move |_| only.value.set(value)
                />
                <span>{text}</span>
            </label>
        }
    };
    view! {
        <fieldset class="stack">
            <legend class="sr-only">{words.legend}</legend>
            {choice(false, words.everybody)}
            {choice(true, words.only)}
        </fieldset>
        <Show when=move || only.value.get()>
            <Named title=words.may list=allow.value other=deny.value among />
        </Show>
        <Named title=words.may_not list=deny.value other=allow.value among />
    }
}

/// A list of people and groups, to which more can be added.
#[component]
fn Named(
    title: &'static str,
    list: RwSignal<Vec<Pick>>,
    /// Who is in the other list, and so cannot be in this one.
    other: RwSignal<Vec<Pick>>,
    among: Among,
) -> impl IntoView {
    let adding = RwSignal::new(false);
    let remove = move |pick: &Pick| list.update(|list| list.retain(|one| one.subject != pick.subject));
    let line = move |pick: Pick| {
        let named = tr!(members.remove_named, name = pick.name.clone());
        let this = pick.clone();
        view! {
            <li class="row between">
                <span>{pick.name} " " <span class="faint small">{pick.note}</span></span>
                <button type="button" class="btn quiet danger" aria-label=named on:click=move |_| remove(&this)>
                    {tr!(members.remove)}
                </button>
            </li>
        }
    };
    // Nothing is sent before the form is: picking is adding.
    let picked = RwSignal::new(None::<Pick>);
    Effect::new(move |_| {
        if let Some(pick) = picked.get() {
            list.update(|list| list.push(pick));
            picked.set(None);
            adding.set(false);
        }
    });
    let free = move |found: Vec<Pick>| {
        let taken = |pick: &Pick| {
            let is = |one: &Pick| one.subject == pick.subject;
            list.with(|list| list.iter().any(is)) || other.with(|list| list.iter().any(is))
        };
        found.into_iter().filter(|pick| !taken(pick)).collect::<Vec<_>>()
    };
    let free = Callback::new(free);
    view! {
        <section>
            <div class="row between">
                <h3 class="strong">{title}</h3>
                <button
                    type="button"
                    class="btn"
                    aria-expanded=move || adding.get().to_string()
                    aria-label=tr!(sizes.add_to, list = title)
                    on:click=move |_| adding.update(|adding| *adding = !*adding)
                >
                    {tr!(members.add_button)}
                </button>
            </div>
            <Show when=move || list.with(Vec::is_empty) && !adding.get()>
                <p class="faint">{tr!(sizes.nobody)}</p>
            </Show>
            <ul>
                <For each=move || list.get() key=|pick| pick.subject.clone() children=line />
            </ul>
            <Show when=move || adding.get()>
                {match among {
                    Among::Organization(org) => view! { <OfOrganization org free picked /> }.into_any(),
                    Among::Project(project) => view! { <OfProject project free picked /> }.into_any(),
                }}
            </Show>
        </section>
    }
}

#[component]
fn OfOrganization(
    org: Org,
    /// Who of them is in no list yet.
    free: Callback<Vec<Pick>, Vec<Pick>>,
    picked: RwSignal<Option<Pick>>,
) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let people = Fetched::new(move || calls::person_list(&org.slug(), Some(search.get().trim()), None));
    let groups = Fetched::new(move || calls::group_list(&org.slug(), Some(search.get().trim()), None));
    view! {
        <Loaded of=people let:people>
            <Loaded of=groups let:groups>
                <PickList
                    label=tr!(members.search)
                    search
                    found=Signal::derive(move || {
                        let groups = groups.get().items.into_iter();
                        let groups = groups.map(|group| Pick::group(group.id, group.name, group.people));
                        let people = people.get().items.into_iter();
                        let people = people.map(|person| Pick::person(person.id, person.name, person.email));
                        free.run(groups.chain(people).collect())
                    })
                    picked
                    nobody=tr!(groups.nobody_found)
                />
            </Loaded>
        </Loaded>
    }
}

#[component]
fn OfProject(
    project: Proj,
    /// Who of them is in no list yet.
    free: Callback<Vec<Pick>, Vec<Pick>>,
    picked: RwSignal<Option<Pick>>,
) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let members = Fetched::new(move || calls::member_list(&project.org.slug(), &project.slug()));
    let groups = Fetched::new(move || calls::project_group_list(&project.org.slug(), &project.slug()));
    let roles = Fetched::new(move || calls::role_list(&project.org.slug()));
    view! {
        <Loaded of=members let:members>
            <Loaded of=groups let:groups>
                <Loaded of=roles let:roles>
                    <PickList
                        label=tr!(members.search_all)
                        search
                        found=Signal::derive(move || {
                            let mut all = built_in(&roles.get());
                            all.extend(of_project(members.get(), groups.get()));
                            let wanted = search.get().trim().to_lowercase();
                            let fits = |text: &str| text.to_lowercase().contains(&wanted);
                            all.retain(|pick| fits(&pick.name) || fits(&pick.note));
                            free.run(all)
                        })
                        picked
                        nobody=tr!(members.none_found)
                    />
                </Loaded>
            </Loaded>
        </Loaded>
    }
}

/// The built-in roles that could read at all but for this. Whoever owns the project says who may, and so is not to
/// be named.
fn built_in(roles: &[RoleDescription]) -> Vec<Pick> {
    let reads = |role: ProjectRole| {
        let is_it = |described: &&RoleDescription| described.role == Role::from(role);
        let described = roles.iter().find(is_it);
        described.is_some_and(|role| {
            role.permissions.iter().any(|one| (one.object, one.action) == (Object::File, Action::Read))
        })
    };
    let all = ProjectRole::ALL.iter().copied();
    let named = all.filter(|&role| role.opens() && role != ProjectRole::Owner && reads(role));
    named.map(|role| Pick::role(role.to_string(), String::new())).collect()
}

/// The custom roles that somebody has there, groups, people.
fn of_project(members: Vec<Member>, groups: Vec<ProjectGroup>) -> Vec<Pick> {
    let mut all: Vec<Pick> = Vec::new();
    let of_members = members.iter().filter_map(|member| member.custom_role.clone());
    let custom = of_members.chain(groups.iter().filter_map(|group| group.custom_role.clone()));
    for role in custom.map(|role| Pick::role(role.id, role.name)) {
        if !all.contains(&role) {
            all.push(role);
        }
    }
    all.extend(groups.into_iter().map(|group| Pick::group(group.group, group.name, group.people)));
    all.extend(members.into_iter().map(|member| Pick::person(member.person, member.name, member.email)));
    all
}

/// In one line, as `Only Data engineer, Finance` or `Everybody but Client`.
pub(crate) fn in_words(grants: &Grants) -> String {
    let names = |grants: &[Grant]| grants.iter().cloned().map(|grant| pick(grant).name).collect::<Vec<_>>();
    let begin = match (grants.only, grants.allow.is_empty()) {
        (true, true) => tr!(files.readers_owners).to_owned(),
        (true, false) => {
            let mut all = names(&grants.allow);
            all.insert(0, tr!(files.readers_owner).to_owned());
            list::and(&all)
        }
        (false, _) if grants.deny.is_empty() => return tr!(files.readers_all).to_owned(),
        (false, _) => return tr!(files.readers_but, who = list::and(&names(&grants.deny))),
    };
    match grants.deny.is_empty() {
        true => begin,
        false => tr!(files.readers_and_not, those = begin, who = list::and(&names(&grants.deny))),
    }
}
