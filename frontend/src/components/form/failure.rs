//! What went wrong with a form as a whole.

use crate::components::focus::focus;
use crate::components::trouble::MissingSentence;
use crate::data::Sending;
use leptos::html;
use leptos::prelude::*;

#[component]
pub(crate) fn FormFailure(sending: Sending) -> impl IntoView {
    let failure = sending.failure();
    let node = NodeRef::<html::Div>::new();
    // What is to be corrected first has the focus.
    Effect::new(move |_| {
        if failure.with(|failure| failure.as_ref().is_some_and(|failure| !failure.fields().is_empty())) {
            request_animation_frame(move || {
                let form = node.try_get_untracked().flatten().and_then(|div| div.closest("form").ok()?);
                let wrong = form.and_then(|form| form.query_selector("[aria-invalid=true]").ok()?);
                if let Some(field) = wrong {
                    focus(&field);
                }
            });
        }
    });
    view! {
        <div role="alert" node_ref=node>
            {move || {
                failure
                    .get()
                    .map(|failure| {
                        let missing = failure.missing().cloned();
                        view! {
                            <div class="notice bad">
                                <p>{failure.sentence()}</p>
                                {missing.map(|missing| view! { <MissingSentence missing /> })}
                            </div>
                        }
                    })
            }}
        </div>
    }
}
