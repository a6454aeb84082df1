//! What went wrong with a form as a whole.

use crate::components::focus::focus;
use crate::components::trouble::MissingSentence;
use crate::data::Sending;
use crate::text::tr;
use leptos::html;
use leptos::prelude::*;

/// `renew` brings what somebody else wrote meanwhile into the fields that were not touched here.
#[component]
pub(crate) fn FormFailure(
    sending: Sending,
    #[prop(optional, into)] renew: Option<Callback<()>>,
) -> impl IntoView {
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
                        let renew = renew.filter(|_| failure.status() == Some(412));
                        view! {
                            <div class="notice bad">
                                <p>{failure.sentence()}</p>
                                {missing.map(|missing| view! { <MissingSentence missing /> })}
                                {renew
                                    .map(|renew| {
                                        view! {
                                            <p>{tr!(problems.renew_hint)}</p>
                                            <button type="button" class="btn" on:click=move |_| renew.run(())>
                                                {tr!(problems.renew)}
                                            </button>
                                        }
                                    })}
                            </div>
                        }
                    })
            }}
        </div>
    }
}
