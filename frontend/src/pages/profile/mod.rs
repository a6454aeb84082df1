//! One's own account.

mod about;
mod password;
mod sign_ins;

use crate::components::PageHead;
use crate::text::tr;
use about::About;
use leptos::prelude::*;
use password::Password;
use sign_ins::SignIns;

#[component]
pub(crate) fn Profile() -> impl IntoView {
    view! {
        <PageHead title=tr!(profile.title).to_owned() />
        <section class="grid">
            <div class="c6 stack">
                <About />
                <Password />
            </div>
            <div class="c6">
                <SignIns />
            </div>
        </section>
    }
}
