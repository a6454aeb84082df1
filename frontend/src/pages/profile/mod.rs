//! One's own account.

mod about;
mod password;
mod sign_ins;
mod tokens;

use crate::components::PageHead;
use crate::text::tr;
use about::About;
use leptos::prelude::*;
use password::Password;
use sign_ins::SignIns;
pub(crate) use tokens::Tokens;

#[component]
pub(crate) fn Profile() -> impl IntoView {
    view! {
        <PageHead title=tr!(profile.title).to_owned()>
            <a class="btn" href="/profile/tokens">
                {tr!(tokens.title)}
            </a>
        </PageHead>
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
