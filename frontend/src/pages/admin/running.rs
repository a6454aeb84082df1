//! Every session that is up, of everybody.

use crate::components::session::{SessionList, is_up, live_sessions};
use crate::components::{Empty, Loaded, PageHead};
use crate::contexts::organization::Org;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::session::Session;
use leptos::prelude::*;

#[component]
pub(crate) fn Running() -> impl IntoView {
    let org = Org::expect();
    let sessions = live_sessions(org, move || calls::session_list_all(&org.slug()), |_| true);
    view! {
        <PageHead title=tr!(running.title).to_owned() note=tr!(running.note).to_owned() />
        <div class="card">
            <Loaded of=sessions let:sessions>
                <Show
                    when=move || sessions.with(|all| all.iter().any(is_up))
                    fallback=|| view! { <Empty title=tr!(running.none) text=tr!(running.none_text) /> }
                >
                    <SessionList
                        with_project=true
                        sessions=Signal::derive(move || -> Vec<Session> {
                            sessions.with(|all| all.iter().filter(|s| is_up(s)).cloned().collect())
                        })
                    />
                </Show>
            </Loaded>
        </div>
    }
}
