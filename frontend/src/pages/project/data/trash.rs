//! Datasets, or models, in the trash: until when, and the way back.

use crate::contexts::clock::Clock;
use crate::contexts::dataset::Noun;
use crate::contexts::project::Proj;
use crate::contexts::toasts::Toasts;
use crate::data::Sending;
use crate::format::time;
use crate::text::tr;
use atelier_api::artifact::Artifact;
use atelier_api::calls;
use atelier_api::role::Action;
use leptos::prelude::*;

#[component]
pub(crate) fn TrashTable(noun: Noun, artifacts: Signal<Vec<Artifact>>) -> impl IntoView {
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=tr!(data.in_trash)>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{noun.title()}</th>
                        <th scope="col" class="wide-only">{tr!(data.deleted)}</th>
                        <th scope="col">{tr!(data.forgotten)}</th>
                        <th scope="col"><span class="sr-only">{tr!(common.actions)}</span></th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || artifacts.get() key=|one| (one.id.clone(), one.name.clone()) let(artifact)>
                        <TrashRow noun artifact />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn TrashRow(noun: Noun, artifact: Artifact) -> impl IntoView {
    let project = Proj::expect();
    let clock = Clock::expect();
    let Artifact { slug, name, description, trashed_at, removed_at, permissions, .. } = artifact;
    let ago = Memo::new(move |_| trashed_at.map(|at| time::ago(at, clock.now())));
    let may = permissions.contains(&Action::Delete);
    let address = project.at(&format!("{}/{slug}", noun.place()));
    view! {
        <tr>
            <td>
                <a class="strong" href=address>
                    {name.clone()}
                </a>
                <p class="faint small clip">{description}</p>
            </td>
            <td class="muted nowrap wide-only">{ago}</td>
            <td class="muted nowrap">{removed_at.map(time::date)}</td>
            <td class="num">{may.then(|| view! { <Recover noun slug name /> })}</td>
        </tr>
    }
}

/// The way out of the trash.
#[component]
pub(super) fn Recover(noun: Noun, slug: String, name: String) -> impl IntoView {
    let project = Proj::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let label = tr!(data.recover_named, name = name.clone());
    let recover = move |_| {
        let name = name.clone();
        let (org, of) = (project.org.slug(), project.slug());
        let call = match noun {
            Noun::Dataset => calls::dataset_recover(&org, &of, &slug),
            Noun::Model => calls::model_recover(&org, &of, &slug),
        };
        sending.act(call, toasts, move |_| toasts.done(tr!(data.recovered, name = name)));
    };
    view! {
        <button
            class="btn"
            aria-label=label
            aria-disabled=move || sending.busy().get().then_some("true")
            on:click=recover
        >
            {tr!(data.recover)}
        </button>
    }
}
