//! Which files and folders not everybody may read, and who may.

use super::context::{Place, Tree};
use crate::components::form::{FormFailure, Submit, TextField};
use crate::components::{
    Among, Confirm, Dialog, Empty, GrantsEdit, GrantsFields, GrantsWords, Loaded, in_words,
};
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::text::tr;
use atelier_api::calls;
use atelier_api::restriction::{CreateRestriction, Restriction};
use leptos::prelude::*;

const WORDS: fn() -> GrantsWords = || GrantsWords {
    legend: tr!(files.readers),
    everybody: tr!(files.readers_everybody),
    only: tr!(files.readers_only_these),
    may: tr!(files.readers_may),
    may_not: tr!(files.readers_may_not),
};

#[component]
pub(crate) fn Readers() -> impl IntoView {
    let tree = Tree::expect();
    let place = Place::of(tree);
    crate::components::title(|| tr!(files.readers).to_owned());
    let (org, project) = tree.names();
    let all = Fetched::new(move || calls::files_restriction_list(&org, &project))
        .stale_on(tree.project.org.live, tree.kind.moved(tree.project));
    let changed = Callback::new(move |()| all.refetch());
    // Whoever comes from a folder wants to say who may read that one.
    let adding = RwSignal::new(false);
    let begin = Memo::new(move |_| place.path.get());
    Effect::new(move |_| {
        if !begin.with(String::is_empty) && tree.may_restrict() {
            adding.set(true);
        }
    });
    view! {
        <section class="card">
            <header>
                <h2>{tr!(files.readers_title)}</h2>
                <Show when=move || tree.may_restrict()>
                    <button class="btn primary" on:click=move |_| adding.set(true)>
                        {tr!(files.restrict)}
                    </button>
                </Show>
            </header>
            <p class="in muted">{tr!(files.readers_note)}</p>
            <Loaded of=all let:all>
                <Show
                    when=move || all.with(|all| !all.is_empty())
                    fallback=|| view! { <Empty title=tr!(files.readers_none) text=tr!(files.readers_none_text) /> }
                >
                    <Table all changed />
                </Show>
            </Loaded>
        </section>
        <Dialog open=adding title=tr!(files.restrict)>
            <Restrict open=adding path=begin.get_untracked() changed />
        </Dialog>
    }
}

#[component]
fn Table(all: RwSignal<Vec<Restriction>>, changed: Callback<()>) -> impl IntoView {
    let tree = Tree::expect();
    let toasts = Toasts::expect();
    let chosen = RwSignal::new(None::<Restriction>);
    let (changing, lifting) = (RwSignal::new(false), RwSignal::new(false));
    let sending = Sending::new();
    let lift = Callback::new(move |()| {
        let Some(restriction) = chosen.get_untracked() else { return };
        let (org, project) = tree.names();
        let call = calls::files_restriction_delete(&org, &project, &restriction.id);
        sending.send(call.unless_changed(restriction.readers.version), move |()| {
            toasts.done(tr!(files.lifted, name = restriction.path));
            lifting.set(false);
            changed.run(());
        });
    });
    let path = move || chosen.with(|one| one.as_ref().map(|one| one.path.clone()).unwrap_or_default());
    let row = move |restriction: Restriction| {
        let name = restriction.path.clone();
        let label = |what: &str| format!("{what}: {name}");
        let (change, lift) = (label(tr!(files.change)), label(tr!(files.lift)));
        let (one, other) = (restriction.clone(), restriction.clone());
        view! {
            <tr>
                <td>
                    <a class="strong" href=tree.folder_at(&restriction.path, None)>
                        {restriction.path.clone()}
                    </a>
                </td>
                <td>{in_words(&restriction.readers)}</td>
                <Show when=move || tree.may_restrict()>
                    <td class="num buttons">
                        <button
                            class="btn quiet"
                            aria-label=change.clone()
                            on:click={
                                let one = one.clone();
                                move |_| {
                                    chosen.set(Some(one.clone()));
                                    changing.set(true);
                                }
                            }
                        >
                            {tr!(files.change)}
                        </button>
                        <button
                            class="btn quiet danger"
                            aria-label=lift.clone()
                            on:click={
                                let other = other.clone();
                                move |_| {
                                    chosen.set(Some(other.clone()));
                                    lifting.set(true);
                                }
                            }
                        >
                            {tr!(files.lift)}
                        </button>
                    </td>
                </Show>
            </tr>
        }
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=tr!(files.readers)>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{tr!(files.path)}</th>
                        <th scope="col">{tr!(files.readers)}</th>
                        <Show when=move || tree.may_restrict()>
                            <th scope="col">
                                <span class="sr-only">{tr!(common.actions)}</span>
                            </th>
                        </Show>
                    </tr>
                </thead>
                <tbody>
                    <For
                        each=move || all.get()
                        key=|one| (one.id.clone(), one.readers.version)
                        children=row
                    />
                </tbody>
            </table>
        </div>
        <Dialog open=changing title=Signal::derive(move || tr!(files.readers_of, name = path()))>
            {move || chosen.get().map(|restriction| view! { <Change restriction open=changing changed /> })}
        </Dialog>
        <Confirm
            open=lifting
            title=Signal::derive(move || tr!(files.lift_title, name = path()))
            text=tr!(files.lift_text)
            action=tr!(files.lift)
            sending
            on_confirm=lift
        />
    }
}

#[component]
fn Restrict(open: RwSignal<bool>, path: String, changed: Callback<()>) -> impl IntoView {
    let tree = Tree::expect();
    let toasts = Toasts::expect();
    let path = RwSignal::new(path);
    let edit = GrantsEdit::new();
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (org, project) = tree.names();
        let named = path.get_untracked().trim_matches('/').to_owned();
        let body = CreateRestriction { path: named, readers: edit.wanted() };
        sending.send(calls::files_restriction_create(&org, &project, &body), move |made: Restriction| {
            toasts.done(tr!(files.restricted, name = made.path));
            changed.run(());
            open.set(false);
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            <TextField
                label=tr!(files.path)
                value=path
                autofocus=true
                autocomplete="off"
                hint=tr!(files.path_hint)
                problem=sending.problem("path")
            />
            <GrantsFields edit words=WORDS() among=Among::Project(tree.project) />
            <p class="hint">{tr!(files.readers_hint)}</p>
            <FormFailure sending />
            <div class="row end">
                <Submit label=tr!(files.restrict).to_owned() sending />
            </div>
        </form>
    }
}

#[component]
fn Change(restriction: Restriction, open: RwSignal<bool>, changed: Callback<()>) -> impl IntoView {
    let tree = Tree::expect();
    let toasts = Toasts::expect();
    let id = StoredValue::new(restriction.id);
    let edit = GrantsEdit::over(restriction.readers);
    let sending = Sending::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (org, project) = tree.names();
        let call = calls::files_restriction_update(&org, &project, &id.get_value(), &edit.wanted());
        sending.send(call.unless_changed(edit.version.get_value()), move |_: Restriction| {
            toasts.done(tr!(common.saved));
            changed.run(());
            open.set(false);
        });
    };
    let renew = Callback::new(move |()| {
        let (org, project) = tree.names();
        sending.send(calls::files_restriction_list(&org, &project), move |all: Vec<Restriction>| {
            if let Some(newer) = all.into_iter().find(|one| one.id == id.get_value()) {
                edit.renew(newer.readers);
            }
        });
    });
    view! {
        <form class="stack" on:submit=submit>
            <GrantsFields edit words=WORDS() among=Among::Project(tree.project) />
            <p class="hint">{tr!(files.readers_hint)}</p>
            <FormFailure sending renew />
            <div class="row end">
                <Submit label=tr!(common.save).to_owned() sending />
            </div>
        </form>
    }
}
