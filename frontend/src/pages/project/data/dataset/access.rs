//! With whom a dataset is shared.

use super::moved;
use crate::components::form::{FormFailure, SelectField, Submit};
use crate::components::{Confirm, Empty, Loaded, NotYours};
use crate::contexts::dataset::Ds;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::format::time;
use crate::pages::project::settings::owners;
use crate::text::tr;
use crate::words;
use atelier_api::calls;
use atelier_api::dataset::{DatasetShare, ShareAccess, ShareDataset};
use atelier_api::page::Page;
use atelier_api::project::{Project, ProjectFilter};
use atelier_api::role::Action;
use leptos::prelude::*;

#[component]
pub(crate) fn DatasetAccess() -> impl IntoView {
    let dataset = Ds::expect();
    view! {
        <Show when=move || dataset.may(Action::Update) fallback=|| view! { <NotYours granted_by=owners() /> }>
            <Shares />
        </Show>
    }
}

#[component]
fn Shares() -> impl IntoView {
    let dataset = Ds::expect();
    let (org, project, slug) = dataset.names();
    let shares = Fetched::new(move || calls::dataset_share_list(&org, &project, &slug))
        .stale_on(dataset.project.org.live, moved(dataset));
    let ending = RwSignal::new(None::<DatasetShare>);
    let open = RwSignal::new(false);
    let end = Callback::new(move |share: DatasetShare| {
        ending.set(Some(share));
        open.set(true);
    });
    view! {
        <section class="card">
            <header>
                <h2>{tr!(data.shared_with)}</h2>
            </header>
            <p class="in muted">{tr!(data.sharing_note, project = dataset.project.name())}</p>
            <Loaded of=shares let:all>
                <Show
                    when=move || all.with(|all| !all.is_empty())
                    fallback=|| view! { <Empty title=tr!(data.not_shared) text=tr!(data.not_shared_text) /> }
                >
                    <ShareTable all shares end />
                </Show>
            </Loaded>
        </section>
        <NewShare shares />
        <End ending open shares />
    }
}

#[component]
fn ShareTable(
    all: RwSignal<Vec<DatasetShare>>,
    shares: Fetched<Vec<DatasetShare>>,
    end: Callback<DatasetShare>,
) -> impl IntoView {
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=tr!(data.shared_with)>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{tr!(data.with_whom)}</th>
                        <th scope="col">{tr!(data.may_do)}</th>
                        <th scope="col" class="wide-only">{tr!(data.shared_by)}</th>
                        <th scope="col"><span class="sr-only">{tr!(common.actions)}</span></th>
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=move || all.get()
                        key=|share| (share.id.clone(), share.access, share.shared_at)
                        let(share)
                    >
                        <ShareRow share shares end />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn ShareRow(
    share: DatasetShare,
    shares: Fetched<Vec<DatasetShare>>,
    end: Callback<DatasetShare>,
) -> impl IntoView {
    let dataset = Ds::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let name = name(&share);
    let (project, access) = (share.project.as_ref().map(|project| project.slug.clone()), share.access);
    let change = move |event| {
        let Ok(access) = event_target_value(&event).parse::<ShareAccess>() else { return };
        let (org, here, slug) = dataset.names();
        let call =
            calls::dataset_share_set(&org, &here, &slug, &ShareDataset { project: project.clone(), access });
        sending.act(call, toasts, move |all| {
            shares.set(all);
            toasts.done(tr!(common.saved));
        });
    };
    let by = format!("{}, {}", share.shared_by, time::date(share.shared_at));
    let options = ShareAccess::ALL
        .iter()
        .map(|word| {
            view! {
                <option value=word.as_str() selected=*word == access>
                    {words::share_access(*word)}
                </option>
            }
        })
        .collect_view();
    let (what, whose) =
        (tr!(data.may_do_of, name = name.clone()), tr!(data.end_share_with, name = name.clone()));
    view! {
        <tr>
            <td class="strong">{name}</td>
            <td>
                <select class="input" aria-label=what on:change=change>
                    {options}
                </select>
            </td>
            <td class="wide-only muted">{by}</td>
            <td class="num buttons">
                <button class="btn quiet danger" aria-label=whose on:click=move |_| end.run(share.clone())>
                    {tr!(data.end_share)}
                </button>
            </td>
        </tr>
    }
}

fn name(share: &DatasetShare) -> String {
    match &share.project {
        Some(project) => project.name.clone(),
        None => tr!(data.all_projects).to_owned(),
    }
}

/// The value that stands for all projects: no project's word is empty.
const ALL: &str = "";

#[component]
fn NewShare(shares: Fetched<Vec<DatasetShare>>) -> impl IntoView {
    let project = Ds::expect().project;
    let projects = Fetched::new(move || calls::project_list(&project.org.slug(), &ProjectFilter::default()));
    view! {
        <section class="card narrow">
            <header>
                <h2>{tr!(data.share)}</h2>
            </header>
            <div class="in">
                <Loaded of=projects let:projects>
                    <ShareForm projects=projects.get_untracked() shares />
                </Loaded>
            </div>
        </section>
    }
}

#[component]
fn ShareForm(projects: Page<Project>, shares: Fetched<Vec<DatasetShare>>) -> impl IntoView {
    let dataset = Ds::expect();
    let toasts = Toasts::expect();
    let (org, here, slug) = dataset.names();
    let others = projects.items.into_iter().filter(|project| project.slug != here);
    let options = std::iter::once((ALL.to_owned(), tr!(data.all_projects).to_owned()))
        .chain(others.map(|project| (project.slug, project.name)))
        .collect::<Vec<_>>();
    let with = RwSignal::new(ALL.to_owned());
    let access = RwSignal::new(ShareAccess::Read.to_string());
    let accesses = ShareAccess::ALL
        .iter()
        .map(|word| (word.to_string(), words::share_access(*word).to_owned()))
        .collect();
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(access) = access.get_untracked().parse() else { return };
        let project = Some(with.get_untracked()).filter(|with| with != ALL);
        let call = calls::dataset_share_set(&org, &here, &slug, &ShareDataset { project, access });
        sending.send(call, move |all| {
            shares.set(all);
            toasts.done(tr!(data.was_shared));
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            <SelectField
                label=tr!(data.with_whom)
                value=with
                options
                hint=tr!(data.all_projects_hint)
                problem=sending.problem("project")
            />
            <SelectField label=tr!(data.may_do) value=access options=accesses hint=tr!(data.may_do_hint) />
            <FormFailure sending />
            <div class="row end">
                <Submit label=tr!(data.share).to_owned() sending />
            </div>
        </form>
    }
}

#[component]
fn End(
    ending: RwSignal<Option<DatasetShare>>,
    open: RwSignal<bool>,
    shares: Fetched<Vec<DatasetShare>>,
) -> impl IntoView {
    let dataset = Ds::expect();
    let sending = Sending::new();
    let whom = move || ending.with(|share| share.as_ref().map(name).unwrap_or_default());
    let end = Callback::new(move |()| {
        let Some(share) = ending.get_untracked() else { return };
        let (org, project, slug) = dataset.names();
        sending.send(calls::dataset_share_delete(&org, &project, &slug, &share.id), move |()| {
            shares.refetch();
            open.set(false);
        });
    });
    view! {
        <Confirm
            open
            title=Signal::derive(move || tr!(data.end_share_with, name = whom()))
            text=tr!(data.end_share_text).to_owned()
            action=tr!(data.end_share).to_owned()
            sending
            on_confirm=end
        />
    }
}
