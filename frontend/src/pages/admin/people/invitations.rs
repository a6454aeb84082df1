//! Invitations that nobody accepted yet.

use crate::components::{Empty, Loaded};
use crate::contexts::organization::Org;
use crate::contexts::toasts::Toasts;
use crate::data::{Fetched, Sending};
use crate::format::time;
use crate::text::tr;
use crate::words;
use atelier_api::calls;
use atelier_api::person::Invitation;
use atelier_api::role::{Action, Object};
use leptos::prelude::*;

#[component]
pub(crate) fn Invitations(invitations: Fetched<Vec<Invitation>>) -> impl IntoView {
    view! {
        <section class="card">
            <header>
                <h2>{tr!(people.invitations)}</h2>
            </header>
            <Loaded of=invitations let:list>
                <Show
                    when=move || list.with(|list| !list.is_empty())
                    fallback=|| {
                        view! { <Empty title=tr!(people.no_invitations) text=tr!(people.no_invitations_text) /> }
                    }
                >
                    <div class="scroll" tabindex="0" role="region" aria-label=tr!(people.invitations)>
                        <table>
                            <thead>
                                <tr>
                                    <th scope="col">{tr!(people.for_whom)}</th>
                                    <th scope="col">{tr!(members.role)}</th>
                                    <th scope="col" class="wide-only">{tr!(people.invited_by)}</th>
                                    <th scope="col" class="wide-only">{tr!(people.expires)}</th>
                                    <th scope="col"><span class="sr-only">{tr!(common.actions)}</span></th>
                                </tr>
                            </thead>
                            <tbody>
                                <For each=move || list.get() key=|i| i.id.clone() let(invitation)>
                                    <InvitationRow invitation invitations />
                                </For>
                            </tbody>
                        </table>
                    </div>
                </Show>
            </Loaded>
        </section>
    }
}

#[component]
fn InvitationRow(invitation: Invitation, invitations: Fetched<Vec<Invitation>>) -> impl IntoView {
    let org = Org::expect();
    let toasts = Toasts::expect();
    let sending = Sending::new();
    let id = StoredValue::new(invitation.id);
    let revoke = move |_| {
        sending.act(calls::invitation_revoke(&org.slug(), &id.get_value()), toasts, move |()| {
            toasts.done(tr!(people.revoked));
            invitations.refetch();
        });
    };
    let into_project = match (invitation.project_name, invitation.project_role) {
        (Some(project), Some(role)) => {
            Some(tr!(people.into_project, role = words::role(role.into()), project = project))
        }
        _ => None,
    };
    let for_whom = invitation.email.unwrap_or_else(|| tr!(people.whoever).to_owned());
    let named = StoredValue::new(tr!(people.revoke_named, name = for_whom.clone()));
    view! {
        <tr>
            <td>{for_whom}</td>
            <td>
                {words::role(invitation.role.into())}
                {into_project.map(|text| view! { <p class="faint small">{text}</p> })}
            </td>
            <td class="wide-only">{invitation.invited_by}</td>
            <td class="muted nowrap wide-only">{time::moment(invitation.expires_at)}</td>
            <td class="num">
                <Show when=move || org.may(Object::Invitation, Action::Delete)>
                    <button
                        class="btn quiet danger"
                        aria-label=named.get_value()
                        aria-disabled=move || sending.busy().get().then_some("true")
                        on:click=revoke
                    >
                        {tr!(people.revoke)}
                    </button>
                </Show>
            </td>
        </tr>
    }
}
