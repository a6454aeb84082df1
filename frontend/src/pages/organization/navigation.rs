//! Where one can go in an organization: only where one may.

use crate::components::shell::SideLink;
use crate::contexts::organization::Org;
use crate::text::tr;
use atelier_api::role::{Action, Object};

pub(crate) fn organization_links(org: Org) -> Vec<SideLink> {
    vec![SideLink::exactly(tr!(projects.title), org.at("")), SideLink::to(tr!(cost.mine), org.at("/cost"))]
}

/// Empty for who administers nothing.
pub(crate) fn administration_links(org: Org) -> Vec<SideLink> {
    let mut links = Vec::new();
    let mut add = |allowed: bool, name: &'static str, rest: &str| {
        if allowed {
            links.push(SideLink::to(name, org.at(rest)));
        }
    };
    let people = org.may(Object::Person, Action::Read);
    add(people, tr!(people.title), "/admin/people");
    add(org.may(Object::Group, Action::Read), tr!(groups.title), "/admin/groups");
    add(org.may(Object::Role, Action::Read), tr!(own_roles.title), "/admin/roles");
    add(org.may(Object::Spend, Action::Read), tr!(cost.title), "/admin/cost");
    add(org.may(Object::Spend, Action::Read), tr!(storage.title), "/admin/storage");
    add(org.may(Object::Session, Action::Read), tr!(running.title), "/admin/running");
    // Everybody reads sizes and environments to start a session; here they are administered.
    let tiers = people || org.may(Object::Tier, Action::Update);
    add(tiers, tr!(sizes.title), "/admin/sizes");
    let environments = people || org.may(Object::Environment, Action::Build);
    add(environments, tr!(environments.title), "/admin/environments");
    if org.may(Object::Organization, Action::Update) {
        links.push(SideLink::Line);
        links.push(SideLink::to(tr!(common.settings), org.at("/admin/settings")));
    }
    links
}
