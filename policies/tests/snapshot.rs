//! The whole policy as one table that a person can review.

use atelier_api::role::{Action, Object, Role};
use atelier_policies::{Policy, Reach};
use std::fmt::Write;

fn word(reach: Reach) -> &'static str {
    match reach {
        Reach::None => "-",
        Reach::Own => "own",
        Reach::Any => "any",
        Reach::Denied => "DENIED",
    }
}

fn render(policy: &Policy) -> Result<String, std::fmt::Error> {
    let mut table = format!("{:21}", "");
    for role in Role::ALL {
        write!(table, " {role}")?;
    }
    let mut nobody = String::new();
    for &object in Object::ALL {
        for &action in Action::ALL {
            let row = format!("{object} {action}");
            let reach: Vec<Reach> =
                Role::ALL.iter().map(|&role| policy.reach(&[role.into()], object, action)).collect();
            if reach.iter().all(|reach| *reach == Reach::None) {
                write!(nobody, "\n  {row}")?;
                continue;
            }
            write!(table, "\n{row:21}")?;
            for (role, reach) in Role::ALL.iter().zip(reach) {
                write!(table, " {:^width$}", word(reach), width = role.as_str().len())?;
            }
        }
    }
    Ok(format!("{table}\n\nNobody:{nobody}"))
}

#[test]
fn roles_by_object_and_action() {
    let table = render(&Policy::builtin().unwrap()).unwrap();
    let table: Vec<&str> = table.lines().map(str::trim_end).collect();
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("roles", table.join("\n"));
    });
}
