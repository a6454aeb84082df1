use atelier_api::role::Role;

/// Why there is no policy to decide by. The server must not start, or go on with the one it has.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error("policies/roles/{role}.csv, line {line}: {problem}")]
    Line { role: Role, line: usize, problem: String },
    #[error("policies/roles/{role}.csv has no line, so nobody could do anything as {role}; restore the file")]
    Empty { role: Role },
    #[error("custom role `{name}`, {field}: {problem}")]
    CustomRole {
        name: String,
        /// What of it is wrong: `name`, `allow` or `deny`.
        field: &'static str,
        problem: String,
    },
    #[error("role `{role}` says `{rule}` twice; remove one")]
    Repeated { role: String, rule: String },
    #[error("policies/model.conf must say `{key} = {expected}`, with p.eft for p_eft")]
    Effect { key: &'static str, expected: &'static str },
    #[error(
        "casbin allows what no line of the policy allows: it is switched off, or policies/model.conf is wrong"
    )]
    AllowsAll,
    #[error("casbin cannot read policies/model.conf without waiting; it must come from memory")]
    Waits,
    #[error("casbin refuses the policy; correct policies/model.conf")]
    Casbin(#[from] casbin::Error),
}
