//! One's access tokens: what they are for, the list, and a new one.

mod create;
mod list;

use crate::components::{Dialog, Empty, Loaded, PageHead};
use crate::data::Fetched;
use crate::text::tr;
use atelier_api::calls;
use create::NewToken;
use leptos::prelude::*;
use list::TokenTable;

#[component]
pub(crate) fn Tokens() -> impl IntoView {
    let list = Fetched::new(calls::token_list);
    let making = RwSignal::new(false);
    view! {
        <PageHead title=tr!(tokens.title).to_owned() note=tr!(tokens.note).to_owned()>
            <a class="btn" href="/profile">
                {tr!(shell.profile)}
            </a>
            <button class="btn primary" on:click=move |_| making.set(true)>
                {tr!(tokens.new)}
            </button>
        </PageHead>
        <div class="card">
            <Loaded of=list let:tokens>
                <Show
                    when=move || tokens.with(|tokens| !tokens.is_empty())
                    fallback=|| view! { <Empty title=tr!(tokens.none) text=tr!(tokens.none_text) /> }
                >
                    <TokenTable tokens list />
                </Show>
            </Loaded>
        </div>
        <p class="faint small">{tr!(tokens.ends)}</p>
        <Dialog open=making title=tr!(tokens.new).to_owned()>
            <NewToken made=Callback::new(move |()| list.refetch()) close=making.write_only() />
        </Dialog>
    }
}
