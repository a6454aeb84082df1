//! casbin, asked once about every cell of a role's table of which a line speaks. The others are empty: the matcher wants
//! object and action to be the line's own, which a test holds against casbin cell by cell.
//!
//! It runs its matcher over every line at each question, so no request ever asks it; and one enforcer
//! holds the lines of one role only.

use crate::{PolicyError, Reach, reach::Table, rule::Rule};
use atelier_api::role::{Action, Object, Scope};
use casbin::{CoreApi, DefaultModel, EnforceContext, Enforcer, Model};
use futures::FutureExt;
use std::collections::HashSet;

const MODEL: &str = include_str!("../model.conf");

/// What `e` and `e2` of the model must be: deny wins, and a denial can be told from silence.
/// casbin panics at an effect that it does not know, so they are compared before it is asked.
const EFFECTS: [(&str, &str); 2] = [
    ("e", "some(where (p_eft == allow)) && !some(where (p_eft == deny))"),
    ("e2", "!some(where (p_eft == deny))"),
];

/// The table of a role that consists of these rules.
pub(crate) fn evaluate(role: &str, rules: &[Rule]) -> Result<Table, PolicyError> {
    table(&enforcer(MODEL, role, rules)?, role, rules)
}

fn enforcer(model: &str, role: &str, rules: &[Rule]) -> Result<Enforcer, PolicyError> {
    let mut model = at_once(DefaultModel::from_str(model))?;
    for (key, expected) in EFFECTS {
        let effect = model.get_model().get("e").and_then(|effects| effects.get(key));
        if effect.is_none_or(|effect| effect.value != expected) {
            return Err(PolicyError::Effect { key, expected });
        }
    }
    for rule in rules {
        let row = rule.row(role);
        if !model.add_policy("p", "p", row.clone()) {
            return Err(PolicyError::Repeated { role: role.into(), rule: row.join(", ") });
        }
    }
    at_once(Enforcer::new_raw(model, ()))
}

fn table(enforcer: &Enforcer, role: &str, rules: &[Rule]) -> Result<Table, PolicyError> {
    let nobody = ("", "", "", Scope::Any.as_str());
    if !enforcer.is_enabled() || enforcer.enforce(nobody)? {
        return Err(PolicyError::AllowsAll);
    }
    let spoken_of: HashSet<(Object, Action)> =
        rules.iter().map(|rule| (rule.permission.object, rule.permission.action)).collect();
    Ok(Table::fill(|object, action| match spoken_of.contains(&(object, action)) {
        true => reach(enforcer, role, object, action),
        false => Ok(Reach::None),
    })?)
}

fn reach(enforcer: &Enforcer, role: &str, object: Object, action: Action) -> casbin::Result<Reach> {
    let request = |scope: Scope| (role, object.as_str(), action.as_str(), scope.as_str());
    if enforcer.enforce(request(Scope::Own))? {
        return Ok(if enforcer.enforce(request(Scope::Any))? { Reach::Any } else { Reach::Own });
    }
    let unless_denied = EnforceContext { e_type: "e2".into(), ..EnforceContext::new("") };
    let denied = !enforcer.enforce_with_context(unless_denied, request(Scope::Own))?;
    Ok(if denied { Reach::Denied } else { Reach::None })
}

/// casbin is async for those who read policies from files and databases. Ours is in memory, so its
/// futures end at the first poll, and this works in any runtime and in none.
fn at_once<T>(future: impl Future<Output = casbin::Result<T>>) -> Result<T, PolicyError> {
    Ok(future.now_or_never().ok_or(PolicyError::Waits)??)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::Effect;
    use atelier_api::role::Permission;

    fn rule(action: Action, scope: Scope, effect: Effect) -> Rule {
        Rule { permission: Permission { object: Object::Session, action, scope }, effect }
    }

    #[test]
    fn tells_the_four_reaches_apart() {
        let rules = [
            rule(Action::Read, Scope::Any, Effect::Allow),
            rule(Action::Stop, Scope::Own, Effect::Allow),
            rule(Action::Open, Scope::Own, Effect::Allow),
            rule(Action::Open, Scope::Any, Effect::Deny),
            rule(Action::Delete, Scope::Any, Effect::Deny),
        ];
        let table = evaluate("tester", &rules).unwrap();
        let reach = |action| table.get(Object::Session, action);
        assert_eq!(reach(Action::Read), Reach::Any);
        assert_eq!(reach(Action::Stop), Reach::Own);
        assert_eq!(reach(Action::Create), Reach::None);
        assert_eq!(reach(Action::Open), Reach::Denied);
        assert_eq!(reach(Action::Delete), Reach::Denied);
        assert_eq!(table.get(Object::Project, Action::Read), Reach::None);
    }

    #[test]
    fn a_disabled_enforcer_is_refused() {
        let mut enforcer =
            enforcer(MODEL, "tester", &[rule(Action::Read, Scope::Any, Effect::Allow)]).unwrap();
        enforcer.enable_enforce(false);
        assert!(matches!(table(&enforcer, "tester", &[]), Err(PolicyError::AllowsAll)));
    }

    #[test]
    fn a_model_that_allows_all_is_refused() {
        let start = MODEL.find("m = ").unwrap();
        let end = start + MODEL[start..].find('\n').unwrap();
        let model = MODEL.replace(&MODEL[start..end], "m = true");
        let enforcer = enforcer(&model, "tester", &[rule(Action::Read, Scope::Any, Effect::Allow)]).unwrap();
        assert!(matches!(table(&enforcer, "tester", &[]), Err(PolicyError::AllowsAll)));
    }

    #[test]
    fn a_model_in_which_deny_does_not_win_is_refused() {
        for model in [
            MODEL.replace(
                "e = some(where (p.eft == allow)) && !some(where (p.eft == deny))",
                "e = some(where (p.eft == allow))",
            ),
            MODEL.replace("e2 = ", "e3 = "),
            String::new(),
        ] {
            assert!(matches!(enforcer(&model, "tester", &[]), Err(PolicyError::Effect { .. })));
        }
    }

    #[test]
    fn a_broken_matcher_is_refused() {
        let model = MODEL.replace("r.role == p.role", "r.role ==");
        assert!(matches!(enforcer(&model, "tester", &[]), Err(PolicyError::Casbin(_))));
    }

    #[test]
    fn a_repeated_rule_is_refused() {
        let twice = [rule(Action::Read, Scope::Any, Effect::Allow); 2];
        assert!(matches!(evaluate("tester", &twice), Err(PolicyError::Repeated { .. })));
    }
}
