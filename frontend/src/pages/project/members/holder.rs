//! Who has a role in a project: a person, alone or through groups, or a group.

use super::role_choice::held_name;
use crate::contexts::account::Account;
use crate::contexts::project::Proj;
use crate::contexts::toasts::Toasts;
use crate::data::Sending;
use crate::format::list;
use crate::text::tr;
use atelier_api::calls;
use atelier_api::custom_role::CustomRoleName;
use atelier_api::group::ProjectGroup;
use atelier_api::member::{Member, UpdateMember};
use atelier_api::role::ProjectRole;

/// By id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Whose {
    Person(String),
    Group(String),
}

#[derive(Clone, Debug)]
pub(super) struct Holder {
    pub(super) subject: Whose,
    pub(super) name: String,
    /// A person's address, or how many people a group has.
    pub(super) note: String,
    pub(super) me: bool,
    /// Its own; absent for who is here through groups alone.
    pub(super) role: Option<(ProjectRole, Option<CustomRoleName>)>,
    pub(super) through: Option<String>,
    pub(super) since: Option<i64>,
    version: i64,
}

/// What somebody is in the project: a role of his or her own, groups, or both.
pub(crate) fn member_role(member: &Member) -> String {
    let own = member.role.map(|role| held_name(role, member.custom_role.as_ref()));
    match (own, through(member)) {
        (Some(own), Some(groups)) => tr!(members.own_and_through, role = own, groups = groups),
        (Some(own), None) => own,
        (None, groups) => tr!(members.through, groups = groups.unwrap_or_default()),
    }
}

/// The groups through which somebody is here. To who is kept out they give nothing.
fn through(member: &Member) -> Option<String> {
    let names: Vec<String> = member.groups.iter().map(|group| group.name.clone()).collect();
    (!names.is_empty() && member.role != Some(ProjectRole::NoAccess)).then(|| list::and(&names))
}

impl From<Member> for Holder {
    fn from(member: Member) -> Holder {
        Holder {
            me: Account::expect().is(&member.person),
            through: through(&member),
            role: member.role.map(|role| (role, member.custom_role)),
            subject: Whose::Person(member.person),
            name: member.name,
            note: member.email,
            since: member.since,
            version: member.version,
        }
    }
}

impl From<ProjectGroup> for Holder {
    fn from(group: ProjectGroup) -> Holder {
        Holder {
            me: false,
            through: None,
            role: Some((group.role, group.custom_role)),
            subject: Whose::Group(group.group),
            name: group.name,
            note: tr!(groups.people_count, count = group.people),
            since: Some(group.since),
            version: group.version,
        }
    }
}

impl Holder {
    pub(super) fn is_group(&self) -> bool {
        matches!(self.subject, Whose::Group(_))
    }

    /// What happens to the project's sessions and files with the removal.
    pub(super) fn removal(&self) -> &'static str {
        if self.is_group() { tr!(members.remove_group_text) } else { tr!(members.remove_text) }
    }

    pub(super) fn give(
        &self,
        project: Proj,
        body: &UpdateMember,
        (sending, toasts): (Sending, Toasts),
        done: impl FnOnce() + 'static,
    ) {
        let (org, slug) = (project.org.slug(), project.slug());
        match &self.subject {
            Whose::Person(id) => {
                let call = calls::member_update(&org, &slug, id, body).unless_changed(self.version);
                sending.act(call, toasts, move |_| done());
            }
            Whose::Group(id) => {
                let call = calls::project_group_update(&org, &slug, id, body).unless_changed(self.version);
                sending.act(call, toasts, move |_| done());
            }
        }
    }

    pub(super) fn remove(&self, project: Proj, sending: Sending, done: impl FnOnce() + 'static) {
        let (org, slug) = (project.org.slug(), project.slug());
        let call = match &self.subject {
            Whose::Person(id) => calls::member_remove(&org, &slug, id),
            Whose::Group(id) => calls::project_group_remove(&org, &slug, id),
        };
        sending.send(call.unless_changed(self.version), move |()| done());
    }
}
