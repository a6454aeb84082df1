//! What each role may do, in plain words: derived from the policy itself.

use crate::components::Loaded;
use crate::contexts::project::Proj;
use crate::data::Fetched;
use crate::text::tr;
use crate::words;
use atelier_api::calls;
use atelier_api::role::{ProjectRole, Role, RoleDescription};
use leptos::prelude::*;

#[component]
pub(crate) fn RoleList() -> impl IntoView {
    let org = Proj::expect().org;
    let roles = Fetched::new(move || calls::role_list(&org.slug()));
    let of_projects = |all: Vec<RoleDescription>| {
        let opens = |r: &RoleDescription| {
            ProjectRole::ALL.iter().any(|role| role.opens() && Role::from(*role) == r.role)
        };
        all.into_iter().filter(opens).collect::<Vec<_>>()
    };
    view! {
        <section class="card">
            <header>
                <h2>{tr!(members.roles)}</h2>
            </header>
            <div class="in">
                <Loaded of=roles let:roles>
                    <For each=move || of_projects(roles.get()) key=|role| role.role let(role)>
                        <details class="role">
                            <summary>{words::role(role.role)}</summary>
                            <ul>
                                {words::phrases(&role.permissions)
                                    .into_iter()
                                    .map(|phrase| view! { <li>{phrase}</li> })
                                    .collect_view()}
                            </ul>
                        </details>
                    </For>
                </Loaded>
            </div>
        </section>
    }
}
