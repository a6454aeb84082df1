//! What the server's problems are called in the reader's language. A code that has no text here shows the
//! server's own sentence, which is English.

use crate::text::tr;
use atelier_api::problem::Problem;

pub(crate) fn sentence(problem: &Problem) -> String {
    let known = match problem.code.as_str() {
        "not-signed-in" => tr!(problems.not_signed_in),
        "wrong-credentials" => tr!(problems.wrong_credentials),
        "account-exists" => tr!(problems.account_exists),
        "password-changed" => tr!(problems.password_changed),
        "link-expired" => tr!(problems.link_expired),
        "set-up-done" => tr!(entrance.set_up_done),
        "invitation-for-another" => tr!(problems.invitation_for_another),
        "invitation-used" => tr!(problems.invitation_used),
        "already-member" => tr!(problems.already_member),
        "last-administrator" => tr!(problems.last_administrator),
        "last-owner" => tr!(problems.last_owner),
        "beyond-own-role" => tr!(problems.beyond_own_role),
        "role-in-use" => tr!(problems.role_in_use),
        "already-billed" => tr!(problems.already_billed),
        "name-taken" => tr!(problems.name_taken),
        "sessions-at-once" => tr!(problems.sessions_at_once),
        "monthly-limit" => tr!(problems.monthly_limit),
        "project-archived" => tr!(problems.project_archived),
        "environment-gone" => tr!(problems.environment_gone),
        "not-running" => tr!(problems.not_running),
        "not-stopped" => tr!(problems.not_stopped),
        "database-unavailable" => tr!(problems.database_unavailable),
        "collision" => tr!(problems.collision),
        "rate-limited" => tr!(problems.rate_limited),
        "forbidden" => tr!(problems.forbidden),
        "not-found" => tr!(problems.not_found),
        "internal" => tr!(problems.internal),
        "invalid" if !problem.fields.is_empty() => tr!(problems.invalid),
        _ => return problem.detail.clone(),
    };
    known.to_owned()
}

/// What is wrong with a field: the commonest in the reader's language.
pub(crate) fn of_field(detail: &str) -> String {
    let known = match detail {
        "must not be empty" => tr!(problems.field_empty),
        "must have at least 10 characters" => tr!(problems.field_short),
        "is not your password" => tr!(problems.field_not_password),
        "must not be negative" => tr!(problems.field_negative),
        _ if detail.starts_with("is easy to guess") => tr!(problems.field_weak),
        _ if detail.starts_with("is longer than") => tr!(problems.field_long),
        _ if detail.starts_with("not a valid email") => tr!(problems.field_email),
        _ if detail.starts_with("is used too often") => tr!(problems.field_taken),
        _ => return detail.to_owned(),
    };
    known.to_owned()
}
