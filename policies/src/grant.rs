//! What is said of one object alone, for one person: by name, or through a group.

use crate::{Policy, Reach, RoleName};
use atelier_api::grant::GrantEffect;
use atelier_api::role::{Action, Object};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    pub action: Action,
    pub effect: GrantEffect,
}

impl Policy {
    /// As [`Policy::decide`], for one object of which these grants speak. Deny wins, whoever says it.
    pub fn decide_on(
        &self,
        roles: &[RoleName],
        grants: &[Grant],
        object: Object,
        action: Action,
        owns: bool,
    ) -> bool {
        let says = |effect| grants.contains(&Grant { action, effect });
        let by_roles = match self.reach(roles, object, action) {
            Reach::Denied => Reach::Denied,
            _ if says(GrantEffect::Only) => Reach::None,
            reach => reach,
        };
        let by_name = match (says(GrantEffect::Deny), says(GrantEffect::Allow)) {
            (true, _) => Reach::Denied,
            (false, true) => Reach::Any,
            (false, false) => Reach::None,
        };
        by_roles.max(by_name).covers(owns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CustomRole;
    use GrantEffect::{Allow, Deny, Only};
    use atelier_api::role::{Permission, Role, Scope};

    fn policy() -> Policy {
        let start = Permission { object: Object::Tier, action: Action::Start, scope: Scope::Any };
        let barred = CustomRole { name: "barred".to_owned(), allow: Vec::new(), deny: vec![start] };
        Policy::builtin().unwrap().with_custom(&[barred]).unwrap()
    }

    fn starts(policy: &Policy, roles: &[RoleName], effects: &[GrantEffect]) -> bool {
        let grants: Vec<Grant> =
            effects.iter().map(|&effect| Grant { action: Action::Start, effect }).collect();
        policy.decide_on(roles, &grants, Object::Tier, Action::Start, false)
    }

    #[test]
    fn grants_add_to_roles_and_deny_wins() {
        let policy = policy();
        let (member, consumer) = ([Role::Member.into()], [Role::Consumer.into()]);
        let barred = [Role::Member.into(), RoleName::Custom("barred".to_owned())];
        for (roles, effects, expected) in [
            (member.as_slice(), [].as_slice(), true),
            (&member, &[Only], false),
            (&member, &[Only, Allow], true),
            (&member, &[Deny], false),
            (&member, &[Allow, Deny], false),
            (&member, &[Only, Allow, Deny], false),
            (&consumer, &[], false),
            (&consumer, &[Allow], true),
            (&[], &[Allow], true),
            (&barred, &[Allow], false),
            (&barred, &[Only, Allow], false),
        ] {
            assert_eq!(starts(&policy, roles, effects), expected, "{roles:?} {effects:?}");
        }
    }

    #[test]
    fn a_grant_speaks_of_its_action_alone() {
        let policy = policy();
        for &effect in GrantEffect::ALL {
            let grants = [Grant { action: Action::Start, effect }];
            for &role in Role::ALL {
                for &action in Action::ALL.iter().filter(|action| **action != Action::Start) {
                    let by_role = policy.decide(&[role.into()], Object::Tier, action, false);
                    let with = policy.decide_on(&[role.into()], &grants, Object::Tier, action, false);
                    assert_eq!(with, by_role, "{role} {action} {effect}");
                }
            }
        }
    }

    /// Every mix of roles and grants: what no grant speaks of is the roles' matter, a denial is final, and an
    /// allowance is enough where nothing denies.
    #[test]
    fn every_mix_is_decided_by_the_same_three_rules() {
        let policy = policy();
        for roles in Role::ALL.iter().map(|&role| [RoleName::from(role)]) {
            for mix in 0..8_u8 {
                let effects: Vec<GrantEffect> = GrantEffect::ALL
                    .iter()
                    .enumerate()
                    .filter(|(bit, _)| mix & (1 << bit) != 0)
                    .map(|(_, effect)| *effect)
                    .collect();
                let by_roles = policy.decide(&roles, Object::Tier, Action::Start, false);
                let expected = !effects.contains(&Deny)
                    && (effects.contains(&Allow) || (by_roles && !effects.contains(&Only)));
                assert_eq!(starts(&policy, &roles, &effects), expected, "{roles:?} {effects:?}");
            }
        }
    }
}
