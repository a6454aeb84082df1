//! Who is in the project.

use crate::components::Loaded;
use crate::contexts::project::Proj;
use crate::data::Fetched;
use crate::pages::project::members::member_role;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::event::Event;
use leptos::prelude::*;

#[component]
pub(crate) fn People() -> impl IntoView {
    let project = Proj::expect();
    let slug = project.slug();
    let members = Fetched::new(move || calls::member_list(&project.org.slug(), &project.slug())).stale_on(
        project.org.live,
        move |event| matches!(event, Event::MembersChanged { project } if *project == slug),
    );
    view! {
        <div class="card">
            <header>
                <h2>{tr!(members.title)}</h2>
                <a class="muted" href=project.at("/members")>{tr!(overview.all_members)}</a>
            </header>
            <div class="in">
                <Loaded of=members let:members>
                    <ul class="people">
                        <For
                            each=move || members.get()
                            key=|member| (member.person.clone(), member_role(member), member.name.clone())
                            let(member)
                        >
                            <li>
                                <span>{member.name.clone()}</span>
                                <span class="faint small">{member_role(&member)}</span>
                            </li>
                        </For>
                    </ul>
                </Loaded>
            </div>
        </div>
    }
}
