//! Where one can go in a project: only where one may.

use crate::components::shell::SideLink;
use crate::contexts::project::Proj;
use crate::text::tr;
use atelier_api::role::{Action, Object};
use leptos::prelude::*;

pub(crate) fn project_links(project: Proj) -> Vec<SideLink> {
    let mut links = vec![SideLink::exactly(tr!(overview.title), project.at(""))];
    if project.may_own(Object::Session, Action::Read) {
        let running = project.info.with(|info| info.running);
        links.push(SideLink::counted(tr!(sessions.title), project.at("/sessions"), running));
    }
    if project.may(Object::File, Action::Read) {
        links.push(SideLink::to(tr!(files.title), project.at("/files")));
    }
    if project.may_own(Object::Dataset, Action::Read) {
        links.push(SideLink::to(tr!(data.title), project.at("/data")));
    }
    if project.may_own(Object::Model, Action::Read) {
        links.push(SideLink::to(tr!(models.title), project.at("/models")));
    }
    if project.may(Object::Result, Action::Read) {
        links.push(SideLink::to(tr!(results.title), project.at("/results")));
    }
    let above = links.len();
    if project.may(Object::Member, Action::Read) {
        links.push(SideLink::to(tr!(members.title), project.at("/members")));
    }
    if project.may(Object::Spend, Action::Read) {
        links.push(SideLink::to(tr!(cost.title), project.at("/cost")));
    }
    if project.may(Object::Project, Action::Update) || project.may(Object::Project, Action::Delete) {
        links.push(SideLink::to(tr!(common.settings), project.at("/settings")));
    }
    if links.len() > above {
        links.insert(above, SideLink::Line);
    }
    links
}
