//! Everything that needs somebody signed in.

use crate::components::shell::Shell;
use crate::components::{Loaded, ToastList};
use crate::contexts::account::Account;
use crate::data::Fetched;
use crate::uploads::UploadPanel;
use atelier_api::account::Me;
use leptos::prelude::*;
use leptos_router::components::Outlet;

#[component]
pub(crate) fn Signed() -> impl IntoView {
    let fetched = Account::fetch();
    view! {
        <Loaded of=fetched page=true let:me>
            <Somebody fetched me />
        </Loaded>
        <div class="corner">
            <UploadPanel />
            <ToastList />
        </div>
    }
}

#[component]
fn Somebody(fetched: Fetched<Me>, me: RwSignal<Me>) -> impl IntoView {
    Account::provide(fetched, me);
    view! { <Outlet /> }
}

/// Pages of a person that belong to no organization.
#[component]
pub(crate) fn Plain() -> impl IntoView {
    view! { <Shell /> }
}
