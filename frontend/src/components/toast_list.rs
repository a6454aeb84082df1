//! The corner where toasts appear.

use crate::contexts::toasts::Toasts;
use crate::text::tr;
use leptos::prelude::*;

#[component]
pub(crate) fn ToastList() -> impl IntoView {
    let toasts = Toasts::expect();
    view! {
        <div class="toasts" role="status" aria-live="polite">
            <For each=move || toasts.shown().get() key=|toast| toast.id let(toast)>
                <div class="toast-item" class:bad=toast.bad>
                    <span>{toast.text}</span>
                    {toast
                        .undo
                        .map(|undo| {
                            let take_back = move |_| {
                                toasts.close(toast.id);
                                undo();
                            };
                            view! {
                                <button class="btn small" on:click=take_back>
                                    {tr!(common.undo)}
                                </button>
                            }
                        })}
                    <button
                        class="btn quiet small"
                        aria-label=tr!(common.close)
                        on:click=move |_| toasts.close(toast.id)
                    >
                        "✕"
                    </button>
                </div>
            </For>
        </div>
    }
}
