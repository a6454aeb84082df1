//! Every permission that a role of a project can have, and how far it reaches.

use crate::text::tr;
use crate::words;
use atelier_api::role::{Action, Object, Permission, Scope};
use leptos::prelude::*;

/// How far a permission of a role reaches.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    No,
    Own,
    All,
    /// Not even if the person's role in the organization allows it.
    Never,
}

impl Reach {
    fn word(self) -> &'static str {
        match self {
            Reach::No => "no",
            Reach::Own => "own",
            Reach::All => "all",
            Reach::Never => "never",
        }
    }

    /// "Everybody's" where one's own is another choice, else just yes.
    fn text(self, shared: bool) -> &'static str {
        match self {
            Reach::No => tr!(own_roles.no),
            Reach::Own => tr!(own_roles.own),
            Reach::All if shared => tr!(own_roles.all),
            Reach::All => tr!(own_roles.yes),
            Reach::Never => tr!(own_roles.never),
        }
    }
}

pub(crate) type Reaches = Vec<((Object, Action), Reach)>;

/// What is allowed and denied of all that an owner may.
pub(crate) fn reaches(possible: &[Permission], allow: &[Permission], deny: &[Permission]) -> Reaches {
    let has = |list: &[Permission], of: &Permission, scope: Scope| {
        list.iter().any(|p| p.object == of.object && p.action == of.action && p.scope == scope)
    };
    let reach = |of: &Permission| {
        if has(deny, of, Scope::Any) {
            Reach::Never
        } else if has(allow, of, Scope::Any) {
            Reach::All
        } else if has(allow, of, Scope::Own) {
            Reach::Own
        } else {
            Reach::No
        }
    };
    possible.iter().map(|of| ((of.object, of.action), reach(of))).collect()
}

/// Own and everybody's differ for sessions, datasets, models and spending only, and an owner's own is the most there is.
fn choices(of: &Permission) -> Vec<Reach> {
    let owned = matches!(of.object, Object::Session | Object::Dataset | Object::Model | Object::Spend);
    let shared = owned && of.action != Action::Create;
    match (of.scope, shared) {
        (Scope::Own, _) => vec![Reach::No, Reach::Own, Reach::Never],
        (Scope::Any, true) => vec![Reach::No, Reach::Own, Reach::All, Reach::Never],
        (Scope::Any, false) => vec![Reach::No, Reach::All, Reach::Never],
    }
}

#[component]
pub(crate) fn Grid(possible: Vec<Permission>, reach: RwSignal<Reaches>) -> impl IntoView {
    let line = |of: Permission| {
        let label = words::permission(of.action, of.object);
        let current = move || {
            reach.with(|all| {
                let found = all.iter().find(|((o, a), _)| *o == of.object && *a == of.action);
                found.map_or(Reach::No, |(_, reach)| *reach)
            })
        };
        let options = choices(&of);
        let shared = options.contains(&Reach::Own);
        let change = {
            let options = options.clone();
            move |event| {
                let word = event_target_value(&event);
                let Some(wanted) = options.iter().find(|reach| reach.word() == word) else { return };
                reach.update(|all| {
                    for (key, reach) in all.iter_mut() {
                        if *key == (of.object, of.action) {
                            *reach = *wanted;
                        }
                    }
                });
            }
        };
        let options = options
            .into_iter()
            .map(|this| {
                view! { <option value=this.word() prop:selected=move || current() == this>{this.text(shared)}</option> }
            })
            .collect_view();
        view! {
            <label class="row between">
                <span class="phrase">{label}</span>
                <select class="input" on:change=change>
                    {options}
                </select>
            </label>
        }
    };
    view! {
        <fieldset class="permissions">
            <legend>{tr!(own_roles.permissions)}</legend>
            {possible.into_iter().map(line).collect_view()}
        </fieldset>
    }
}
