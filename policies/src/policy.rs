use crate::reach::{Table, cells};
use crate::rule::{Effect, Rule};
use crate::{PolicyError, Reach, RoleName, builtin, enforcer};
use atelier_api::role::{Action, Object, Permission, Role, RoleDescription};
use std::collections::BTreeMap;

/// What every role may do, as casbin answered once. Immutable: share it in an `Arc` and swap the `Arc`.
#[derive(Clone, Debug)]
pub struct Policy {
    /// In the order of [`Role::ALL`].
    builtin: Vec<Table>,
    custom: BTreeMap<String, Table>,
}

/// A role that an organization made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomRole {
    pub name: String,
    pub allow: Vec<Permission>,
    /// Taken away from whoever holds the role, whatever his or her other roles say. Scope `any` only.
    pub deny: Vec<Permission>,
}

/// Who holds a permission, role by role, for lists that filter in SQL: a row is visible to a person who
/// holds no role in `denied`, and one in `any`, or one in `own` if the row is his or her own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holders {
    pub any: Vec<RoleName>,
    pub own: Vec<RoleName>,
    pub denied: Vec<RoleName>,
}

impl Policy {
    /// The built-in roles.
    ///
    /// # Errors
    /// If a file of `policies/` is empty or not understood, or casbin would allow everything. The
    /// server must then refuse to start.
    pub fn builtin() -> Result<Policy, PolicyError> {
        let table = |role: &Role| enforcer::evaluate(role.as_str(), &builtin::rules(*role)?);
        Ok(Policy {
            builtin: Role::ALL.iter().map(table).collect::<Result<_, _>>()?,
            custom: BTreeMap::new(),
        })
    }

    /// The same built-in roles with these custom ones, which replace all that were there.
    ///
    /// # Errors
    /// If a name is empty, a built-in role's or used twice, or if a role reaches for what no organization
    /// may give: others' sessions, other organizations, the installation.
    pub fn with_custom(&self, roles: &[CustomRole]) -> Result<Policy, PolicyError> {
        let mut custom = BTreeMap::new();
        for role in roles {
            let problem = |(field, problem): (&'static str, String)| PolicyError::CustomRole {
                name: role.name.clone(),
                field,
                problem,
            };
            if role.name.trim().is_empty() || role.name.parse::<Role>().is_ok() {
                return Err(problem(("name", "choose a name that no built-in role has".into())));
            }
            let table = enforcer::evaluate(&role.name, &role.rules().map_err(problem)?)?;
            if custom.insert(role.name.clone(), table).is_some() {
                return Err(problem(("name", "the name is used twice; rename one".into())));
            }
        }
        Ok(Policy { builtin: self.builtin.clone(), custom })
    }

    /// Whether somebody with these roles may do this to a row, which he or she owns or not. Deny wins;
    /// an unknown custom role permits nothing.
    pub fn decide(&self, roles: &[RoleName], object: Object, action: Action, owns: bool) -> bool {
        self.reach(roles, object, action).covers(owns)
    }

    /// How far these roles reach together.
    pub fn reach(&self, roles: &[RoleName], object: Object, action: Action) -> Reach {
        let reach = |role| self.table(role).map_or(Reach::None, |table| table.get(object, action));
        roles.iter().map(reach).max().unwrap_or_default()
    }

    /// All that these roles permit together.
    pub fn permissions(&self, roles: &[RoleName]) -> Vec<Permission> {
        let permission = |(object, action)| {
            let scope = self.reach(roles, object, action).scope()?;
            Some(Permission { object, action, scope })
        };
        cells().filter_map(permission).collect()
    }

    /// Every built-in role with what it permits.
    pub fn describe(&self) -> Vec<RoleDescription> {
        let describe = |&role: &Role| RoleDescription { role, permissions: self.permissions(&[role.into()]) };
        Role::ALL.iter().map(describe).collect()
    }

    /// The roles that hold a permission, built-in ones first.
    pub fn roles_with(&self, object: Object, action: Action) -> Holders {
        let builtin = Role::ALL.iter().map(|&role| RoleName::from(role));
        let custom = self.custom.keys().map(|name| RoleName::Custom(name.clone()));
        let mut holders = Holders::default();
        for role in builtin.chain(custom) {
            match self.reach(std::slice::from_ref(&role), object, action) {
                Reach::Any => holders.any.push(role),
                Reach::Own => holders.own.push(role),
                Reach::Denied => holders.denied.push(role),
                Reach::None => {}
            }
        }
        holders
    }

    fn table(&self, role: &RoleName) -> Option<&Table> {
        match role {
            RoleName::BuiltIn(role) => self.builtin.get(*role as usize),
            RoleName::Custom(name) => self.custom.get(name),
        }
    }
}

impl CustomRole {
    /// The error names the list that is wrong, and why.
    fn rules(&self) -> Result<Vec<Rule>, (&'static str, String)> {
        let allow = self.allow.iter().map(|&permission| ("allow", permission, Effect::Allow));
        let deny = self.deny.iter().map(|&permission| ("deny", permission, Effect::Deny));
        allow
            .chain(deny)
            .map(|(list, permission, effect)| {
                Self::rule(permission, effect).map_err(|problem| (list, problem))
            })
            .collect()
    }

    fn rule(permission: Permission, effect: Effect) -> Result<Rule, String> {
        let Permission { object, action, .. } = permission;
        let operators =
            object == Object::Installation || (object, action) == (Object::Organization, Action::Create);
        if operators {
            return Err(format!("`{object} {action}` is the operator's; an organization cannot give it"));
        }
        Rule::new(permission, effect)
    }
}
