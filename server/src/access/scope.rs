//! How far an access token reaches, within what its person may do.

use super::{Permission, Resource};
use crate::error::{Error, Result};
use atelier_api::role::{Action, Object};
use atelier_api::token::TokenScope;

/// # Errors
/// If the scope does not cover `P` on this row; the error names one that does, if any does.
pub(super) fn check<R: Resource, P: Permission>(scope: TokenScope, row: &R) -> Result<()> {
    let in_organization = row.organization().is_some();
    match needed(P::OBJECT, P::ACTION, in_organization, row.project_id().is_some()) {
        None => Err(Error::not_by_token()),
        Some(needed) if scope < needed => Err(Error::beyond_scope(scope, needed)),
        Some(_) => Ok(()),
    }
}

/// The least scope for this; `None` where no token reaches, which is the installation.
fn needed(object: Object, action: Action, in_organization: bool, in_project: bool) -> Option<TokenScope> {
    let opens_project = (object, action) == (Object::Project, Action::Create);
    match action {
        _ if !in_organization => None,
        Action::Read => Some(TokenScope::Read),
        _ if in_project || opens_project => Some(TokenScope::Write),
        _ => Some(TokenScope::Admin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_needs_the_least() {
        for object in [Object::Person, Object::Spend, Object::Session, Object::Organization] {
            for in_project in [false, true] {
                assert_eq!(needed(object, Action::Read, true, in_project), Some(TokenScope::Read));
            }
        }
    }

    #[test]
    fn projects_are_changed_by_write_and_the_rest_by_admin() {
        assert_eq!(needed(Object::Project, Action::Create, true, false), Some(TokenScope::Write));
        let inside = [Object::Project, Object::Member, Object::Session, Object::Dataset, Object::File];
        for object in inside.into_iter().chain([Object::Model, Object::Result]) {
            assert_eq!(needed(object, Action::Delete, true, true), Some(TokenScope::Write));
        }
        for object in [Object::Organization, Object::Person, Object::Tier, Object::Invitation] {
            assert_eq!(needed(object, Action::Update, true, false), Some(TokenScope::Admin));
        }
        assert_eq!(needed(Object::Environment, Action::Build, true, false), Some(TokenScope::Admin));
    }

    #[test]
    fn nothing_reaches_the_installation() {
        for action in [Action::Read, Action::Create] {
            assert_eq!(needed(Object::Organization, action, false, false), None);
        }
    }

    #[test]
    fn each_scope_includes_those_before() {
        assert!(TokenScope::Read < TokenScope::Write && TokenScope::Write < TokenScope::Admin);
    }
}
