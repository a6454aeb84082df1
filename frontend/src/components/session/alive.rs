//! Why a session is alive, why it ended, and why it failed, in a sentence.

use crate::format::time;
use crate::text::tr;
use atelier_api::session::{AliveReason, EndCause, Failure, Idle, Session, SessionState};

/// Nothing for a session that does not run.
pub(crate) fn alive_sentence(session: &Session, now: i64) -> Option<String> {
    if session.state != SessionState::Running {
        return None;
    }
    let Idle { alive, stops_at, warned, .. } = session.idle.as_ref()?;
    let why = match alive {
        AliveReason::Starting => tr!(sessions.alive_starting).to_owned(),
        AliveReason::KernelBusy { path: Some(path) } => tr!(sessions.alive_cell_in, path = path.clone()),
        AliveReason::KernelBusy { path: None } => tr!(sessions.alive_cell).to_owned(),
        AliveReason::Computing => tr!(sessions.alive_computing).to_owned(),
        AliveReason::Terminal => tr!(sessions.alive_terminal).to_owned(),
        AliveReason::Interaction => tr!(sessions.alive_interaction).to_owned(),
        AliveReason::Extended => tr!(sessions.alive_extended).to_owned(),
        AliveReason::Nothing => tr!(sessions.alive_nothing).to_owned(),
    };
    Some(match stops_at {
        // The warning says it, and louder.
        Some(at) if !warned => {
            let stops = tr!(sessions.stops_in, time = time::duration(at - now));
            format!("{why} · {stops}")
        }
        _ => why,
    })
}

pub(crate) fn end_sentence(cause: EndCause) -> &'static str {
    match cause {
        EndCause::User => tr!(sessions.ended_user),
        EndCause::Idle => tr!(sessions.ended_idle),
        EndCause::OutOfMemory => tr!(sessions.ended_memory),
        EndCause::Disk => tr!(sessions.ended_disk),
        EndCause::Exited => tr!(sessions.ended_exited),
        EndCause::Lost => tr!(sessions.ended_lost),
        EndCause::Disabled => tr!(sessions.ended_disabled),
        EndCause::ProjectDeleted => tr!(sessions.ended_project),
        EndCause::StartFailed => tr!(sessions.ended_start),
    }
}

pub(crate) fn failure_sentence(failure: &Failure) -> String {
    match failure.code.as_str() {
        "environment-build-failed" => tr!(sessions.failure_build).to_owned(),
        "environment-build-cancelled" => tr!(sessions.failure_build_cancelled).to_owned(),
        "base-image-missing" => tr!(sessions.failure_base).to_owned(),
        "docker-unreachable" => tr!(sessions.failure_unreachable).to_owned(),
        "start-cut-off" => tr!(sessions.failure_cut_off).to_owned(),
        "tool-exited" => tr!(sessions.failure_exited).to_owned(),
        "tool-silent" => tr!(sessions.failure_silent).to_owned(),
        "out-of-memory" => tr!(sessions.failure_memory).to_owned(),
        "disk-limit" => tr!(sessions.failure_disk_limit).to_owned(),
        "disk-reserve" => tr!(sessions.failure_disk_reserve).to_owned(),
        "data-gone" => tr!(sessions.failure_data_gone).to_owned(),
        "storage-unavailable" => tr!(sessions.failure_storage).to_owned(),
        "container-lost" => tr!(sessions.failure_lost).to_owned(),
        // What Docker refused, and what is the matter with which data, is in the server's own words.
        _ => failure.detail.clone(),
    }
}
