//! What must hold whatever the files say, in words of its own.

use atelier_api::role::{Action, Object, Permission, Role, Scope};
use atelier_policies::{CustomRole, Policy, PolicyError, Reach, RoleName};

fn permission(object: Object, action: Action, scope: Scope) -> Permission {
    Permission { object, action, scope }
}

fn custom(name: &str, allow: &[Permission], deny: &[Permission]) -> CustomRole {
    CustomRole { name: name.into(), allow: allow.to_vec(), deny: deny.to_vec() }
}

/// Every role but the one that keeps people out.
fn opening() -> impl Iterator<Item = Role> {
    Role::ALL.iter().copied().filter(|role| *role != Role::NoAccess)
}

fn cells() -> impl Iterator<Item = (Object, Action)> {
    Object::ALL.iter().flat_map(|&object| Action::ALL.iter().map(move |&action| (object, action)))
}

#[test]
fn clients_and_consumers_see_the_project_and_nothing_else() {
    let policy = Policy::builtin().unwrap();
    for role in [Role::Client, Role::Consumer] {
        let expected = [permission(Object::Project, Action::Read, Scope::Any)];
        assert_eq!(policy.permissions(&[role.into()]), expected, "{role}");
    }
}

#[test]
fn nobody_enters_anothers_session() {
    let policy = Policy::builtin().unwrap();
    let everything: Vec<RoleName> = opening().map(RoleName::from).collect();
    for action in [Action::Open, Action::Start] {
        assert!(!policy.decide(&everything, Object::Session, action, false), "{action}");
        assert!(policy.decide(&everything, Object::Session, action, true), "{action}: one's own");
        let role = custom("intruder", &[permission(Object::Session, action, Scope::Any)], &[]);
        assert!(matches!(policy.with_custom(&[role]), Err(PolicyError::CustomRole { .. })), "{action}");
    }
}

#[test]
fn sessions_run_only_in_projects_by_those_who_work_there() {
    let policy = Policy::builtin().unwrap();
    let expected = [Role::Owner, Role::DataScientist, Role::DataEngineer].map(RoleName::from);
    assert_eq!(policy.roles_with(Object::Session, Action::Create).any, expected);
    assert_eq!(policy.roles_with(Object::Session, Action::Start).own, expected);
    assert_eq!(policy.roles_with(Object::Session, Action::Open).own, expected);
}

#[test]
fn the_auditor_sees_all_of_the_organization_and_changes_nothing() {
    let policy = Policy::builtin().unwrap();
    for (object, action) in cells() {
        let reach = policy.reach(&[Role::Auditor.into()], object, action);
        let sees = action == Action::Read && object != Object::Installation
            // Which sizes are open; nothing starts without a role in a project.
            || (object, action) == (Object::Tier, Action::Start);
        assert_eq!(reach, if sees { Reach::Any } else { Reach::None }, "{object} {action}");
    }
}

#[test]
fn the_operator_stays_outside_organizations_and_is_the_only_one_above_them() {
    let policy = Policy::builtin().unwrap();
    let operators = |object, action| {
        (object, action) == (Object::Installation, Action::Read)
            || (object, action) == (Object::Organization, Action::Create)
    };
    for (object, action) in cells() {
        let operator = RoleName::from(Role::Operator);
        let holders = policy.roles_with(object, action);
        assert_eq!(holders.any.contains(&operator), operators(object, action), "{object} {action}");
        if operators(object, action) || object == Object::Installation {
            assert!(
                holders.own.is_empty() && holders.any.iter().all(|role| *role == operator),
                "{object} {action}"
            );
        }
    }
}

#[test]
fn roles_in_a_project_do_not_reach_the_organization() {
    let policy = Policy::builtin().unwrap();
    let project = ["owner", "data-scientist", "data-engineer", "annotator", "client", "consumer"];
    for role in project.map(|word| RoleName::from(word.parse::<Role>().unwrap())) {
        for (object, action) in cells() {
            let inside = match object {
                Object::Project => action != Action::Create,
                Object::Member
                | Object::Session
                | Object::Dataset
                | Object::File
                | Object::Model
                | Object::Result
                | Object::Spend => true,
                _ => false,
            };
            let reach = policy.reach(std::slice::from_ref(&role), object, action);
            assert!(inside || reach == Reach::None, "{} {object} {action}", role.as_str());
        }
    }
}

#[test]
fn greater_roles_include_lesser_ones() {
    let policy = Policy::builtin().unwrap();
    for (greater, lesser) in [
        (Role::Administrator, Role::Member),
        (Role::Member, Role::Guest),
        (Role::Administrator, Role::Auditor),
        (Role::Owner, Role::DataEngineer),
        (Role::DataEngineer, Role::DataScientist),
        (Role::DataScientist, Role::Annotator),
        (Role::Annotator, Role::Client),
    ] {
        for (object, action) in cells() {
            let (more, less) = (
                policy.reach(&[greater.into()], object, action),
                policy.reach(&[lesser.into()], object, action),
            );
            assert!(more >= less, "{greater} has less than {lesser}: {object} {action}");
        }
    }
}

#[test]
fn roles_unite_and_own_never_exceeds_any() {
    let policy = Policy::builtin().unwrap();
    for one in opening() {
        for other in opening() {
            let (one, other) = (RoleName::from(one), RoleName::from(other));
            let both = [one.clone(), other.clone()];
            for (object, action) in cells() {
                let alone =
                    |role: &RoleName, owns| policy.decide(std::slice::from_ref(role), object, action, owns);
                for owns in [false, true] {
                    let expected = alone(&one, owns) || alone(&other, owns);
                    assert_eq!(
                        policy.decide(&both, object, action, owns),
                        expected,
                        "{both:?} {object} {action}"
                    );
                }
                assert!(!alone(&one, false) || alone(&one, true), "{one:?} {object} {action}");
            }
        }
    }
}

#[test]
fn without_a_known_role_nothing_is_allowed() {
    let policy = Policy::builtin().unwrap();
    let stranger = [RoleName::Custom("owner".into()), RoleName::Custom(String::new())];
    assert!(policy.permissions(&[]).is_empty());
    assert!(policy.permissions(&stranger).is_empty());
}

#[test]
fn deny_wins_over_every_role() {
    let builtin = Policy::builtin().unwrap();
    let deny: Vec<Permission> = cells()
        .filter(|(object, action)| {
            *object != Object::Installation && (*object, *action) != (Object::Organization, Action::Create)
        })
        .map(|(object, action)| permission(object, action, Scope::Any))
        .collect();
    let policy = builtin.with_custom(&[custom("suspended", &[], &deny)]).unwrap();
    let suspended = RoleName::Custom("suspended".into());
    for role in opening().filter(|role| *role != Role::Operator) {
        assert!(!policy.permissions(&[role.into()]).is_empty(), "{role} alone");
        assert!(policy.permissions(&[role.into(), suspended.clone()]).is_empty(), "{role} first");
        assert!(policy.permissions(&[suspended.clone(), role.into()]).is_empty(), "{role} last");
    }
    let holders = policy.roles_with(Object::Project, Action::Read);
    assert_eq!(holders.denied, [Role::NoAccess.into(), suspended]);
}

#[test]
fn who_is_kept_out_has_nothing_in_the_project_whatever_other_roles_give() {
    let policy = Policy::builtin().unwrap();
    let objects = [
        Object::Project,
        Object::Member,
        Object::Session,
        Object::Dataset,
        Object::File,
        Object::Model,
        Object::Result,
        Object::Spend,
    ];
    for (object, action) in
        cells().filter(|cell| objects.contains(&cell.0) && *cell != (Object::Project, Action::Create))
    {
        let given = opening().any(|role| policy.decide(&[role.into()], object, action, true));
        let expected = if given { Reach::Denied } else { Reach::None };
        assert_eq!(policy.reach(&[Role::NoAccess.into()], object, action), expected, "{object} {action}");
    }
    assert!(policy.permissions(&[Role::NoAccess.into()]).is_empty());
}

#[test]
fn custom_roles_are_added_replaced_and_refused() {
    let read = permission(Object::Project, Action::Read, Scope::Any);
    let (one, two) = (RoleName::Custom("one".into()), RoleName::Custom("two".into()));
    let builtin = Policy::builtin().unwrap();
    let first = builtin.with_custom(&[custom("one", &[read], &[])]).unwrap();
    assert_eq!(first.permissions(std::slice::from_ref(&one)), [read]);
    let second = first.with_custom(&[custom("two", &[read], &[])]).unwrap();
    assert!(second.permissions(&[one]).is_empty(), "replaced");
    assert_eq!(second.permissions(&[two]), [read]);
    assert_eq!(second.describe(), builtin.describe());

    let own_denied = permission(Object::Project, Action::Read, Scope::Own);
    for (roles, because) in [
        (vec![custom("owner", &[read], &[])], "no built-in role has"),
        (vec![custom(" ", &[read], &[])], "no built-in role has"),
        (vec![custom("one", &[read], &[]), custom("one", &[], &[])], "used twice"),
        (
            vec![custom("one", &[permission(Object::Installation, Action::Read, Scope::Any)], &[])],
            "operator's",
        ),
        (
            vec![custom("one", &[permission(Object::Organization, Action::Create, Scope::Own)], &[])],
            "operator's",
        ),
        (vec![custom("one", &[], &[own_denied])], "deny any"),
        (vec![custom("one", &[read, read], &[])], "twice"),
    ] {
        let error = second.with_custom(&roles).unwrap_err().to_string();
        assert!(error.contains(because), "{error}");
    }
}
