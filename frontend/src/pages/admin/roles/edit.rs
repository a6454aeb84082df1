//! Makes a role or changes one: it begins as a built-in role, then each permission is set.

use super::grid::{Grid, Reach, reaches};
use crate::components::form::{FormFailure, SelectField, Submit, TextField};
use crate::contexts::organization::Org;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending, Typed};
use crate::text::tr;
use crate::words;
use atelier_api::calls;
use atelier_api::custom_role::{CustomRole, SaveCustomRole};
use atelier_api::role::{Permission, ProjectRole, Role, RoleDescription, Scope};
use leptos::prelude::*;

#[component]
pub(crate) fn EditRole(
    role: Option<CustomRole>,
    built_in: Vec<RoleDescription>,
    roles: Fetched<Vec<CustomRole>>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let org = Org::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let permissions = move |role: Role| -> Vec<Permission> {
        let found = built_in.iter().find(|described| described.role == role);
        found.map(|described| described.permissions.clone()).unwrap_or_default()
    };
    let all = permissions(Role::Owner);
    let base = RwSignal::new(role.as_ref().map_or(ProjectRole::DataScientist, |r| r.base).to_string());
    let name = Typed::over(role.as_ref().map(|r| r.name.clone()).unwrap_or_default());
    let this = StoredValue::new(role.as_ref().map(|r| (r.id.clone(), r.version)));
    let reach = Typed::over(match &role {
        Some(role) => reaches(&all, &role.allow, &role.deny),
        None => reaches(&all, &permissions(Role::DataScientist), &[]),
    });
    // A new role takes over what the built-in one may that it begins as.
    let possible = StoredValue::new(all);
    Effect::new(move |before: Option<String>| {
        let base = base.get();
        if before.is_some_and(|before| before != base)
            && let Ok(role) = base.parse::<ProjectRole>()
        {
            reach.value.set(possible.with_value(|all| reaches(all, &permissions(role.into()), &[])));
        }
        base
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Ok(base) = base.get_untracked().parse() else { return };
        let of = |wanted: &[Reach], scope| {
            let fits = |(_, reach): &&((_, _), Reach)| wanted.contains(reach);
            let permission = |((object, action), _): &((_, _), Reach)| Permission {
                object: *object,
                action: *action,
                scope,
            };
            reach.value.with_untracked(|all| all.iter().filter(fits).map(permission).collect::<Vec<_>>())
        };
        let mut allow = of(&[Reach::All], Scope::Any);
        allow.extend(of(&[Reach::Own], Scope::Own));
        let body = SaveCustomRole {
            name: name.value.get_untracked(),
            base,
            allow,
            deny: of(&[Reach::Never], Scope::Any),
        };
        let call = match this.get_value() {
            Some((id, version)) => calls::custom_role_update(&org.slug(), &id, &body).unless_changed(version),
            None => calls::custom_role_create(&org.slug(), &body),
        };
        sending.send(call, move |_| {
            toasts.done(tr!(common.saved));
            roles.refetch();
            open.set(false);
        });
    };
    // Another's permissions are not mixed with one's own: they are taken over only if none was touched here.
    let renew = Callback::new(move |()| {
        let Some((id, _)) = this.get_value() else { return };
        sending.send(calls::custom_role_list(&org.slug()), move |all: Vec<CustomRole>| {
            if let Some(newer) = all.into_iter().find(|role| role.id == id) {
                this.set_value(Some((id, newer.version)));
                name.renew(newer.name);
                let now = possible.with_value(|all| reaches(all, &newer.allow, &newer.deny));
                reach.renew(now);
            }
        });
    });
    // A project's owners are counted, so no other role stands for them.
    let bases = words::project_roles().into_iter().filter(|(word, _)| word != ProjectRole::Owner.as_str());
    view! {
        <form class="stack" on:submit=submit>
            <TextField
                label=tr!(common.name)
                value=name.value
                problem=sending.problem("name")
                required=true
                autofocus=true
                maxlength="80"
            />
            <SelectField
                label=tr!(own_roles.base)
                value=base
                options=bases.collect()
                hint=tr!(own_roles.base_hint)
                problem=sending.problem("base")
            />
            <Grid possible=possible.get_value() reach=reach.value />
            <p class="problem">{sending.problem("allow")} {sending.problem("deny")}</p>
            <FormFailure sending renew />
            <div class="row end">
                <Submit label=tr!(common.save).to_owned() sending />
            </div>
        </form>
    }
}
