//! One line of a policy. casbin skips lines that it does not understand; here they are errors.

use atelier_api::role::{Action, Object, Permission, Role, Scope};
use std::str::FromStr;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) permission: Permission,
    pub(crate) effect: Effect,
}

impl Rule {
    /// The error is a sentence about the line or row that the rule came from.
    pub(crate) fn new(permission: Permission, effect: Effect) -> Result<Rule, String> {
        let Permission { object, action, scope } = permission;
        if effect == Effect::Deny && scope == Scope::Own {
            return Err(format!(
                "denying `{object} {action}` for own rows only would leave others' open; deny any"
            ));
        }
        let enters = object == Object::Session && matches!(action, Action::Open | Action::Start);
        if effect == Effect::Allow && enters && scope == Scope::Any {
            return Err(format!(
                "what runs in a session runs as its owner, so `session {action}` is for own only"
            ));
        }
        Ok(Rule { permission, effect })
    }

    /// Reads `p, role, object, action, scope, allow|deny` from the file of a role.
    pub(crate) fn parse(role: Role, line: &str) -> Result<Rule, String> {
        let words: Vec<&str> = line.split(',').map(str::trim).collect();
        let ["p", name, object, action, scope, effect] = words[..] else {
            return Err(format!("`{line}` is not `p, {role}, object, action, own|any, allow|deny`"));
        };
        if name != role.as_str() {
            return Err(format!("`{name}` has no place in the file of `{role}`"));
        }
        let effect = match effect {
            "allow" => Effect::Allow,
            "deny" => Effect::Deny,
            _ => return Err(format!("`{effect}` is neither allow nor deny")),
        };
        let permission = Permission {
            object: word("object", object, Object::ALL)?,
            action: word("action", action, Action::ALL)?,
            scope: word("scope", scope, Scope::ALL)?,
        };
        Rule::new(permission, effect)
    }

    /// As casbin holds it: the fields of `p` in `model.conf`.
    pub(crate) fn row(&self, role: &str) -> Vec<String> {
        let Permission { object, action, scope } = self.permission;
        let effect = match self.effect {
            Effect::Allow => "allow",
            Effect::Deny => "deny",
        };
        [role, object.as_str(), action.as_str(), scope.as_str(), effect].map(String::from).to_vec()
    }
}

fn word<T: FromStr + ToString>(kind: &str, word: &str, known: &[T]) -> Result<T, String> {
    word.parse().map_err(|_| {
        let known: Vec<String> = known.iter().map(T::to_string).collect();
        format!("unknown {kind} `{word}`; known are {}", known.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_line() {
        let rule = Rule::parse(Role::Owner, "p, owner,  session, stop,any , deny").unwrap();
        assert_eq!(rule.effect, Effect::Deny);
        assert_eq!(rule.row("owner"), ["owner", "session", "stop", "any", "deny"]);
    }

    #[test]
    fn refuses_what_it_does_not_understand() {
        for (line, because) in [
            ("p, owner, project, read, any", "is not `p, owner,"),
            ("p, owner, project, read, any, allow, more", "is not `p, owner,"),
            ("g, owner, project, read, any, allow", "is not `p, owner,"),
            ("p2, owner, project, read, any, allow", "is not `p, owner,"),
            ("p owner project read any allow", "is not `p, owner,"),
            ("p, ovner, project, read, any, allow", "`ovner` has no place"),
            ("p, operator, project, read, any, allow", "`operator` has no place"),
            ("p, owner, projects, read, any, allow", "unknown object `projects`"),
            ("p, owner, *, read, any, allow", "unknown object `*`"),
            ("p, owner, project, see, any, allow", "unknown action `see`"),
            ("p, owner, project, Read, any, allow", "unknown action `Read`"),
            ("p, owner, project, read, all, allow", "unknown scope `all`"),
            ("p, owner, project, read, any, permit", "`permit` is neither"),
            ("p, owner, project, read, any, allow # why", "`allow # why` is neither"),
            ("p, owner, project, read, any, \"allow\"", "is neither"),
            ("p, owner, session, open, any, allow", "runs as its owner"),
            ("p, owner, session, start, any, allow", "runs as its owner"),
            ("p, owner, session, read, own, deny", "deny any"),
        ] {
            let problem = Rule::parse(Role::Owner, line).unwrap_err();
            assert!(problem.contains(because), "{line}: {problem}");
        }
    }
}
