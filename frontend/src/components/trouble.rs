//! What is shown instead of what could not be shown.

use crate::api::Failure;
use crate::components::{Empty, title};
use crate::text::tr;
use crate::{format, words};
use atelier_api::problem::MissingPermission;
use leptos::prelude::*;

/// An error in place of a part of a page, or of a `whole` page.
#[component]
pub(crate) fn Trouble(
    failure: Failure,
    again: Callback<()>,
    whole: bool,
    /// What to say if what a link leads to is not there.
    gone: Option<&'static str>,
) -> impl IntoView {
    match failure.status() {
        Some(404 | 410) if gone.is_some() => view! {
            <div class="stack" role="alert">
                <p>{gone}</p>
            </div>
        }
        .into_any(),
        Some(404) if whole => view! { <NotFound /> }.into_any(),
        Some(403) if whole => view! { <Forbidden failure /> }.into_any(),
        Some(403) => {
            let missing = failure.missing().cloned();
            view! {
                <div class="empty" role="alert">
                    <h2>{tr!(problems.forbidden_title)}</h2>
                    {missing.map(|missing| view! { <MissingSentence missing /> })}
                </div>
            }
            .into_any()
        }
        _ => view! {
            <div class="empty" role="alert">
                <h2>{tr!(problems.not_loaded)}</h2>
                <p>{failure.sentence()}</p>
                <button class="btn" on:click=move |_| again.run(())>
                    {tr!(common.try_again)}
                </button>
            </div>
        }
        .into_any(),
    }
}

/// In place of settings that one may not change, with those who can grant it, as far as one knows them.
#[component]
pub(crate) fn NotYours(#[prop(optional, into)] granted_by: Signal<Vec<String>>) -> impl IntoView {
    let who = move || {
        let people = granted_by.get();
        (!people.is_empty()).then(|| {
            let sentence = tr!(problems.granted_by, people = format::list::or(&people));
            view! { <p>{sentence}</p> }
        })
    };
    view! {
        <div class="card">
            <Empty title=tr!(problems.forbidden_title) text=tr!(settings.not_yours)>
                {who}
            </Empty>
        </div>
    }
}

#[component]
pub(crate) fn NotFound() -> impl IntoView {
    title(|| tr!(problems.not_found_title).to_owned());
    view! {
        <div class="empty tall">
            <p class="code" aria-hidden="true">"404"</p>
            <h1>{tr!(problems.not_found_title)}</h1>
            <p>{tr!(problems.not_found_text)}</p>
            <a class="btn" href="/">{tr!(problems.to_start)}</a>
        </div>
    }
}

#[component]
fn Forbidden(failure: Failure) -> impl IntoView {
    title(|| tr!(problems.forbidden_title).to_owned());
    let missing = failure.missing().cloned();
    view! {
        <div class="empty tall">
            <p class="code" aria-hidden="true">"403"</p>
            <h1>{tr!(problems.forbidden_title)}</h1>
            {match missing {
                Some(missing) => view! { <MissingSentence missing /> }.into_any(),
                None => view! { <p>{failure.sentence()}</p> }.into_any(),
            }}
            <a class="btn" href="/">{tr!(problems.to_start)}</a>
        </div>
    }
}

/// Which permission is missing and who can grant it.
#[component]
pub(crate) fn MissingSentence(missing: MissingPermission) -> impl IntoView {
    let permission = words::permission(missing.action, missing.object);
    let who = match missing.granted_by.as_slice() {
        [] => tr!(problems.granted_by_nobody).to_owned(),
        people => tr!(problems.granted_by, people = format::list::or(people)),
    };
    view! { <p>{tr!(problems.missing, permission = permission)} " " {who}</p> }
}
