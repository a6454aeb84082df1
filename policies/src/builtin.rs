//! The built-in roles: one embedded file each.

use crate::{PolicyError, rule::Rule};
use atelier_api::role::Role;

/// A match, so that a new role does not compile without its file.
fn file(role: Role) -> &'static str {
    match role {
        Role::Operator => include_str!("../roles/operator.csv"),
        Role::Administrator => include_str!("../roles/administrator.csv"),
        Role::Auditor => include_str!("../roles/auditor.csv"),
        Role::Guest => include_str!("../roles/guest.csv"),
        Role::Member => include_str!("../roles/member.csv"),
        Role::Owner => include_str!("../roles/owner.csv"),
        Role::DataScientist => include_str!("../roles/data-scientist.csv"),
        Role::DataEngineer => include_str!("../roles/data-engineer.csv"),
        Role::Annotator => include_str!("../roles/annotator.csv"),
        Role::Client => include_str!("../roles/client.csv"),
        Role::Consumer => include_str!("../roles/consumer.csv"),
        Role::NoAccess => include_str!("../roles/no-access.csv"),
    }
}

pub(crate) fn rules(role: Role) -> Result<Vec<Rule>, PolicyError> {
    parse(role, file(role))
}

fn parse(role: Role, text: &str) -> Result<Vec<Rule>, PolicyError> {
    let mut rules = Vec::new();
    for (index, line) in text.lines().map(str::trim).enumerate() {
        if !line.is_empty() && !line.starts_with('#') {
            let rule = Rule::parse(role, line);
            rules.push(rule.map_err(|problem| PolicyError::Line { role, line: index + 1, problem })?);
        }
    }
    if rules.is_empty() { Err(PolicyError::Empty { role }) } else { Ok(rules) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_refused() {
        for text in ["", "\n \n", "# p, owner, project, read, any, allow\n"] {
            let error = parse(Role::Owner, text).unwrap_err();
            assert!(matches!(error, PolicyError::Empty { role: Role::Owner }), "{error}");
        }
    }

    #[test]
    fn a_bad_line_is_named() {
        let error =
            parse(Role::Owner, "# fine\np, owner, project, read, any, allow\n\nnonsense\n").unwrap_err();
        assert!(matches!(error, PolicyError::Line { role: Role::Owner, line: 4, .. }), "{error}");
    }
}
