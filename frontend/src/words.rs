//! The names of roles, actions, things, states in plain words.

use crate::contexts::organization::Org;
use crate::format::{list, size, time};
use crate::text::tr;
use atelier_api::billing::SpendReport;
use atelier_api::data::DataOrigin;
use atelier_api::dataset::ShareAccess;
use atelier_api::money::Micros;
use atelier_api::role::{Action, Object, OrganizationRole, Permission, ProjectRole, Role, Scope};
use atelier_api::token::TokenScope;

pub(crate) fn role(role: Role) -> &'static str {
    match role {
        Role::Operator => tr!(roles.operator),
        Role::Administrator => tr!(roles.administrator),
        Role::Auditor => tr!(roles.auditor),
        Role::Member => tr!(roles.member),
        Role::Guest => tr!(roles.guest),
        Role::Owner => tr!(roles.owner),
        Role::DataScientist => tr!(roles.data_scientist),
        Role::DataEngineer => tr!(roles.data_engineer),
        Role::Annotator => tr!(roles.annotator),
        Role::Client => tr!(roles.client),
        Role::Consumer => tr!(roles.consumer),
        Role::NoAccess => tr!(roles.no_access),
    }
}

/// Every role that opens a project, for a choice.
pub(crate) fn project_roles() -> Vec<(String, String)> {
    let named = |r: &ProjectRole| (r.to_string(), role((*r).into()).to_owned());
    ProjectRole::ALL.iter().filter(|role| role.opens()).map(named).collect()
}

/// Every role of an organization, for a choice.
pub(crate) fn organization_roles() -> Vec<(String, String)> {
    let named = |r: &OrganizationRole| (r.to_string(), role((*r).into()).to_owned());
    OrganizationRole::ALL.iter().map(named).collect()
}

/// How far an access token reaches.
pub(crate) fn token_scope(scope: TokenScope) -> &'static str {
    match scope {
        TokenScope::Read => tr!(tokens.scope_read),
        TokenScope::Write => tr!(tokens.scope_write),
        TokenScope::Admin => tr!(tokens.scope_admin),
    }
}

/// Who made a version, and how.
pub(crate) fn data_origin(origin: DataOrigin, name: String) -> String {
    match origin {
        DataOrigin::Upload => tr!(data.by_upload, name = name),
        DataOrigin::Session => tr!(data.by_session, name = name),
        DataOrigin::Restore => tr!(data.by_restore, name = name),
    }
}

/// `2,001 files`
pub(crate) fn files(count: i64) -> String {
    tr!(data.files_count, count = count, n = size::number(count as f64, 0))
}

/// What a version holds: `2,001 files, 1.4 MB`.
pub(crate) fn holds(count: i64, bytes: i64) -> String {
    tr!(data.holds, files = files(count), size = size::bytes(bytes))
}

pub(crate) fn verb(action: Action) -> &'static str {
    match action {
        Action::Read => tr!(roles.verb_read),
        Action::Create => tr!(roles.verb_create),
        Action::Update => tr!(roles.verb_update),
        Action::Delete => tr!(roles.verb_delete),
        Action::Start => tr!(roles.verb_start),
        Action::Stop => tr!(roles.verb_stop),
        Action::Open => tr!(roles.verb_open),
        Action::Build => tr!(roles.verb_build),
        Action::Commit => tr!(roles.verb_commit),
    }
}

pub(crate) fn noun(object: Object, scope: Scope) -> &'static str {
    match (object, scope) {
        (Object::Installation, _) => tr!(roles.noun_installation),
        (Object::Organization, _) => tr!(roles.noun_organization),
        (Object::Person, Scope::Any) => tr!(roles.noun_people),
        (Object::Person, Scope::Own) => tr!(roles.noun_own_account),
        (Object::Group, _) => tr!(roles.noun_groups),
        (Object::Invitation, _) => tr!(roles.noun_invitations),
        (Object::Tier, _) => tr!(roles.noun_tiers),
        (Object::Environment, _) => tr!(roles.noun_environments),
        (Object::Project, _) => tr!(roles.noun_projects),
        (Object::Member, _) => tr!(roles.noun_members),
        (Object::Session, Scope::Any) => tr!(roles.noun_sessions),
        (Object::Session, Scope::Own) => tr!(roles.noun_own_sessions),
        (Object::Dataset, Scope::Any) => tr!(roles.noun_datasets),
        (Object::Dataset, Scope::Own) => tr!(roles.noun_own_datasets),
        (Object::File, _) => tr!(roles.noun_files),
        (Object::Model, Scope::Any) => tr!(roles.noun_models),
        (Object::Model, Scope::Own) => tr!(roles.noun_own_models),
        (Object::Result, _) => tr!(roles.noun_results),
        (Object::Spend, Scope::Any) => tr!(roles.noun_spend),
        (Object::Spend, Scope::Own) => tr!(roles.noun_own_spend),
        (Object::Role, _) => tr!(roles.noun_roles),
    }
}

/// `start sessions`
pub(crate) fn permission(action: Action, object: Object) -> String {
    tr!(roles.phrase, verbs = verb(action), noun = noun(object, Scope::Any))
}

/// What a role may do, a phrase for each kind of thing: `start, stop and open own sessions`.
pub(crate) fn phrases(permissions: &[Permission]) -> Vec<String> {
    // As one comes to them in the life of a thing.
    const ORDER: [Action; 9] = [
        Action::Read,
        Action::Create,
        Action::Start,
        Action::Open,
        Action::Stop,
        Action::Update,
        Action::Build,
        Action::Commit,
        Action::Delete,
    ];
    let mut phrases = Vec::new();
    for object in Object::ALL {
        for scope in [Scope::Any, Scope::Own] {
            let has = |action: &&Action| {
                permissions.contains(&Permission { object: *object, action: **action, scope })
            };
            let verbs: Vec<String> =
                ORDER.iter().filter(has).map(|action| verb(*action).to_owned()).collect();
            if !verbs.is_empty() {
                let verbs = list::and(&verbs);
                phrases.push(tr!(roles.phrase, verbs = verbs, noun = noun(*object, scope)));
            }
        }
    }
    phrases
}

/// The month of a report, and what of its sum storage is: `November 2026, $1.20 of it storage`.
pub(crate) fn spent_in(report: &SpendReport, org: Org) -> String {
    let month = time::month(&report.month);
    match report.storage {
        Micros(0) => month,
        storage => tr!(cost.of_it_storage, month = month, amount = org.money(storage)),
    }
}

/// What those may do whom a dataset is shared with.
pub(crate) fn share_access(access: ShareAccess) -> &'static str {
    match access {
        ShareAccess::Read => tr!(data.share_read),
        ShareAccess::Commit => tr!(data.share_commit),
    }
}
