//! The table against casbin itself, which reads the files of `policies/` in its own way.

use atelier_api::role::{Action, Object, Role, Scope};
use atelier_policies::{CustomRole, Policy, RoleName};
use casbin::{CoreApi, DefaultModel, Enforcer, MgmtApi, StringAdapter};
use std::{error::Error, fs, path::Path};

const FOLDER: &str = env!("CARGO_MANIFEST_DIR");

fn role_file(role: Role) -> std::io::Result<String> {
    fs::read_to_string(Path::new(FOLDER).join("roles").join(format!("{role}.csv")))
}

async fn casbin(more: &str) -> Result<Enforcer, Box<dyn Error>> {
    let model = DefaultModel::from_str(&fs::read_to_string(Path::new(FOLDER).join("model.conf"))?).await?;
    let files: Vec<String> = Role::ALL.iter().map(|&role| role_file(role)).collect::<Result<_, _>>()?;
    Ok(Enforcer::new(model, StringAdapter::new(files.join("\n") + "\n" + more)).await?)
}

fn compare(policy: &Policy, casbin: &Enforcer, role: &RoleName) -> casbin::Result<()> {
    for &object in Object::ALL {
        for &action in Action::ALL {
            for &scope in Scope::ALL {
                let request = (role.as_str(), object.as_str(), action.as_str(), scope.as_str());
                let expected = casbin.enforce(request)?;
                let owns = scope == Scope::Own;
                let decided = policy.decide(std::slice::from_ref(role), object, action, owns);
                assert_eq!(decided, expected, "{} {object} {action} {scope}", role.as_str());
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn every_cell_is_what_casbin_says() {
    let (policy, casbin) = (Policy::builtin().unwrap(), casbin("").await.unwrap());
    assert!(casbin.get_policy().len() > Role::ALL.len(), "casbin read the files");
    for &role in Role::ALL {
        compare(&policy, &casbin, &role.into()).unwrap();
    }
}

#[tokio::test]
async fn custom_roles_are_what_casbin_says() {
    let lines = "p, reviewer, project, read, any, allow\np, reviewer, session, stop, own, allow\n\
        p, reviewer, spend, read, any, allow\np, reviewer, spend, read, any, deny\n";
    let permission = |object, action, scope| atelier_api::role::Permission { object, action, scope };
    let reviewer = CustomRole {
        name: "reviewer".into(),
        allow: vec![
            permission(Object::Project, Action::Read, Scope::Any),
            permission(Object::Session, Action::Stop, Scope::Own),
            permission(Object::Spend, Action::Read, Scope::Any),
        ],
        deny: vec![permission(Object::Spend, Action::Read, Scope::Any)],
    };
    let policy = Policy::builtin().unwrap().with_custom(&[reviewer]).unwrap();
    let casbin = casbin(lines).await.unwrap();
    compare(&policy, &casbin, &RoleName::Custom("reviewer".into())).unwrap();
    for &role in Role::ALL {
        compare(&policy, &casbin, &role.into()).unwrap();
    }
}

#[test]
fn the_files_are_few_short_and_each_a_role() {
    let mut words: Vec<String> = fs::read_dir(Path::new(FOLDER).join("roles"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    words.sort();
    let mut roles: Vec<String> = Role::ALL.iter().map(|role| format!("{role}.csv")).collect();
    roles.sort();
    assert_eq!(words, roles);

    let files: Vec<String> = Role::ALL.iter().map(|&role| role_file(role).unwrap()).collect();
    let lines: usize = files.iter().map(|file| file.lines().count()).sum();
    assert!(lines < 300, "{lines} lines: a policy has a line per role, object and action, never per grant");
    for file in &files {
        assert!(file.starts_with("# "), "says in a sentence what the role is for: {file}");
    }
}
