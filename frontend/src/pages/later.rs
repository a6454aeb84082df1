//! Pages whose code comes when the first of them is opened: `infra/xtask/src/web/split.rs` takes the program
//! apart where [`part!`] says so.

use crate::text::tr;
use leptos::prelude::*;
use leptos::wasm_split::SplitLoaderError;
use send_wrapper::SendWrapper;

/// Components of one part of the program, each as a function that loads the part first.
macro_rules! part {
    ($part:ident: $($name:ident = $component:ident),+ $(,)?) => {
        $(
            #[leptos::wasm_split::wasm_split($part, wasm_split_path = ::leptos::wasm_split, fallible)]
            fn $name() -> Result<AnyView, leptos::wasm_split::SplitLoaderError> {
                Ok(view! { <$component /> }.into_any())
            }
        )+
    };
}
pub(crate) use part;

/// A page of a part.
#[component]
pub(crate) fn Later<F, L>(page: F) -> impl IntoView
where
    F: Fn() -> L + Send + Sync + 'static,
    L: Future<Output = Result<AnyView, SplitLoaderError>> + 'static,
{
    // There is one thread: that an error may not go to another is nothing to us.
    let loaded = move || {
        let page = SendWrapper::new(page());
        Suspend::new(async move { page.await.unwrap_or_else(|_| view! { <NotLoaded /> }.into_any()) })
    };
    view! { <Suspense>{loaded}</Suspense> }
}

/// The network is away, or a newer server has other files.
#[component]
fn NotLoaded() -> impl IntoView {
    let reload = |_| window().location().reload().unwrap_or_default();
    view! {
        <div class="empty" role="alert">
            <h2>{tr!(problems.not_loaded)}</h2>
            <p>{tr!(problems.part_not_loaded)}</p>
            <button class="btn" on:click=reload>{tr!(problems.reload)}</button>
        </div>
    }
}
