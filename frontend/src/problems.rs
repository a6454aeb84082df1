//! What the server's problems are called in the reader's language. A code that has no text here shows the
//! server's own sentence, which is English.

use crate::format::{size, time};
use crate::text::tr;
use atelier_api::problem::{Changed, Problem};
use atelier_api::storage::QUOTA_CODE;

pub(crate) fn sentence(problem: &Problem) -> String {
    let known = match problem.code.as_str() {
        "not-all-readable" => tr!(problems.not_all_readable),
        "not-signed-in" => tr!(problems.not_signed_in),
        "restricted-already" => tr!(problems.restricted_already),
        "restricted-meanwhile" => tr!(problems.restricted_meanwhile),
        "too-many-restrictions" => tr!(problems.too_many_restrictions),
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
        "already-in-group" => tr!(problems.already_in_group),
        "tier-restricted" => tr!(problems.tier_restricted),
        "changed-meanwhile" => return changed(problem.changed.as_ref()),
        "beyond-own-role" => tr!(problems.beyond_own_role),
        "role-in-use" => tr!(problems.role_in_use),
        "already-billed" => tr!(problems.already_billed),
        "dataset-in-trash" => tr!(problems.dataset_in_trash),
        "model-in-trash" => tr!(problems.model_in_trash),
        "version-in-trash" => tr!(problems.version_in_trash),
        "version-tagged" => tr!(problems.version_tagged),
        "too-many-shares" => tr!(problems.too_many_shares),
        "too-many-tags" => tr!(problems.too_many_tags),
        "nothing-changed" => tr!(problems.nothing_changed),
        "path-taken" => tr!(problems.path_taken),
        "data-gone" => tr!(sessions.failure_data_gone),
        "storage-unavailable" => tr!(problems.storage_unavailable),
        "data-damaged" => tr!(problems.data_damaged),
        QUOTA_CODE => return quota(problem),
        "name-taken" => tr!(problems.name_taken),
        "sessions-at-once" => tr!(problems.sessions_at_once),
        "monthly-limit" => tr!(problems.monthly_limit),
        "disk-reserve" => tr!(problems.disk_reserve),
        "project-archived" => tr!(problems.project_archived),
        "environment-gone" => tr!(problems.environment_gone),
        "no-port" => tr!(problems.no_port),
        "session-ports" => tr!(problems.session_ports),
        "not-running" => tr!(problems.not_running),
        "not-stopped" => tr!(problems.not_stopped),
        "database-unavailable" => tr!(problems.database_unavailable),
        "collision" => tr!(problems.collision),
        "rate-limited" => tr!(problems.rate_limited),
        "forbidden" => tr!(problems.forbidden),
        "not-found" => tr!(problems.not_found),
        "internal" => tr!(problems.internal),
        "disk-full" => tr!(problems.disk_full),
        "docker-unreachable" => tr!(problems.docker_unreachable),
        "busy" => tr!(problems.busy),
        "invitation-expired" => tr!(problems.invitation_expired),
        "invitation-revoked" => tr!(problems.invitation_revoked),
        "disabled" => tr!(problems.disabled),
        "operator" => tr!(problems.operator),
        "oneself" => tr!(problems.oneself),
        "not-building" => tr!(problems.not_building),
        "too-many-tokens" => tr!(problems.too_many_tokens),
        "account-shared" => tr!(problems.account_shared),
        "upload-committed" => tr!(problems.upload_committed),
        "too-many-uploads" => tr!(problems.too_many_uploads),
        "upload-busy" => tr!(problems.upload_busy),
        "not-your-session" => tr!(problems.not_your_session),
        "agent-away" => tr!(problems.agent_away),
        "files-not-sent" => tr!(problems.files_not_sent),
        "too-many-conflicts" => tr!(problems.too_many_conflicts),
        "no-free-name" => tr!(problems.no_free_name),
        "upload-is-draft" => tr!(problems.upload_is_draft),
        "chunks-lacking" => tr!(problems.chunks_lacking),
        "foreign-origin" => tr!(problems.foreign_origin),
        // The page asked in a way that the server does not understand: they are of different versions.
        "cursor"
        | "query"
        | "if-match"
        | "not-json"
        | "not-an-object"
        | "method-not-allowed"
        | "idempotency-key"
        | "idempotency-key-used" => tr!(problems.garbled),
        // What only programs are told.
        "browser"
        | "not-from-inside"
        | "workload-over"
        | "metrics-closed"
        | "token-invalid"
        | "token-scope"
        | "not-by-token"
        | "wrong-hash"
        | "upload-session-over" => return problem.detail.clone(),
        "cut-off" | "too-slow" => tr!(problems.cut_off),
        "too-large" => tr!(problems.too_large),
        "no-table" => return tr!(problems.no_table, detail = problem.detail.clone()),
        "broken-file" => return tr!(problems.broken_file, detail = problem.detail.clone()),
        "wrong-query" => return tr!(problems.wrong_query, detail = problem.detail.clone()),
        "query-too-large" => tr!(problems.query_too_large),
        "query-too-long" => tr!(problems.query_too_long),
        "query-worker-absent" => tr!(problems.query_worker_absent),
        "invalid" if !problem.fields.is_empty() => tr!(problems.invalid),
        _ => return problem.detail.clone(),
    };
    known.to_owned()
}

/// How much there may be, is, and would have to be.
fn quota(problem: &Problem) -> String {
    let bytes = |name: &str| {
        let field = problem.fields.iter().find(|field| field.field == name)?;
        field.detail.parse().ok().map(size::bytes)
    };
    match (bytes("quota"), bytes("taken"), bytes("needed")) {
        (Some(quota), Some(taken), Some(needed)) => {
            tr!(problems.storage_quota, quota = quota, taken = taken, needed = needed)
        }
        _ => problem.detail.clone(),
    }
}

/// Who was faster, and when.
fn changed(by: Option<&Changed>) -> String {
    match by {
        Some(Changed { by, at }) => {
            tr!(problems.changed_by, name = by.clone(), ago = time::ago(*at, time::now()))
        }
        None => tr!(problems.changed).to_owned(),
    }
}

/// What is wrong with a field, in the reader's language.
pub(crate) fn of_field(detail: &str) -> String {
    let known = match detail {
        "must not be empty" => tr!(problems.field_empty),
        "must have at least 10 characters" => tr!(problems.field_short),
        "contains control characters" => tr!(problems.field_characters),
        "is not your password" => tr!(problems.field_not_password),
        "must not be negative" => tr!(problems.field_negative),
        "must not be owner" => tr!(problems.field_owner),
        "must be the project's name" => tr!(problems.field_project_name),
        "is the name of another role; choose another" => tr!(problems.field_role_taken),
        "is used too often; choose another" => tr!(problems.field_taken),
        "is not of this organization, or is disabled" => tr!(problems.field_person),
        "belongs to somebody who is in this organization already" => tr!(problems.already_member),
        "is needed with a project" | "is needed with a project role" => tr!(problems.field_project_role),
        "must be a currency code of three capital letters, as USD" => tr!(problems.field_currency),
        "must be a year and a month, as 2026-11" => tr!(problems.field_month),
        "is not a project that you may see" | "is the dataset's own project" => tr!(problems.field_gone),
        "is no longer offered; choose another" => tr!(problems.field_not_offered),
        "cannot be checked: Docker does not answer" => tr!(problems.docker_unreachable),
        _ if detail.starts_with("wants more") => tr!(problems.field_too_large),
        _ if detail.starts_with("is easy to guess") => tr!(problems.field_weak),
        _ if detail.starts_with("is longer than") => tr!(problems.field_long),
        _ if detail.starts_with("not a valid email") => tr!(problems.field_email),
        _ if detail.starts_with("is the name of another") => tr!(problems.field_other_name),
        _ if detail.starts_with("is not a") => tr!(problems.field_gone),
        _ if detail.starts_with("length is greater than") => tr!(problems.field_long),
        _ if detail.starts_with("lower than") => tr!(problems.field_low),
        _ if detail.starts_with("greater than") => tr!(problems.field_high),
        _ if detail.starts_with("there is no dataset") => tr!(problems.field_no_dataset),
        _ if detail.contains("has no version") => tr!(problems.field_no_version),
        _ if detail.starts_with("comes to more than") => tr!(problems.field_too_much_data),
        _ if detail.ends_with("is there twice") => tr!(problems.field_twice),
        _ => return tr!(problems.field_other, detail = detail.to_owned()),
    };
    known.to_owned()
}
