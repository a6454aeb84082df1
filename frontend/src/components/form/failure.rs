//! What went wrong with a form as a whole.

use crate::components::trouble::MissingSentence;
use crate::data::Sending;
use leptos::prelude::*;

#[component]
pub(crate) fn FormFailure(sending: Sending) -> impl IntoView {
    let failure = sending.failure();
    view! {
        <div role="alert">
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
