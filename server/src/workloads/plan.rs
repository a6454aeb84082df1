//! What to do next, from what should be and what is. Pure: the same input gives the same answer, and an
//! answer that was carried out half-way before the server died is simply given again.
//!
//! Containers must have been looked at before the rows were read: rows are written before containers are
//! made, so a container without a row is nobody's.

use super::wanted::{Goal, Wanted};
use atelier_api::channel::EXIT_NO_BOOTSTRAP;
use atelier_api::session::SessionState;
use atelier_sandbox::{Seen, State};
use std::collections::{BTreeMap, HashSet};

/// A tool that has not answered after this long will not.
pub const TOOL_PATIENCE_MS: i64 = 120_000;

/// An ended container is left for this long to whoever looks after the host. Its last lines and its bill are
/// written down by then.
const KEPT_MS: i64 = 600_000;

/// The next thing to do for one workload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Bring its container up, from wherever that stands.
    Start,
    /// The container runs since then, the row does not say so.
    NoteRunning(i64),
    /// Docker lists a container but does not say how it is.
    NoteUnknown,
    /// The container runs, the tool in it never answered.
    GiveUp,
    /// End a running container.
    Stop(Box<Seen>),
    /// The current container has ended: bill it and write down why.
    Collect(Box<Seen>),
    /// The current container ended because its bootstrap was lost: begin the next generation.
    StartOver(Box<Seen>),
    /// The container that ran is gone.
    NoteLost,
    /// Nothing runs any more, and nothing should.
    NoteEnded,
    /// Bill and remove a container that is not needed any more.
    Remove(Box<Seen>),
}

/// A step and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// The workload's id, or the name of a container that belongs to none.
    pub key: String,
    pub step: Step,
}

/// At most one step per workload; the next pass gives the one after it.
pub fn plan(wanted: &[Wanted], seen: &[Seen], now: i64) -> Vec<Planned> {
    let mut by_workload: BTreeMap<&str, Vec<&Seen>> = BTreeMap::new();
    for container in seen {
        if let Some(identity) = &container.identity {
            by_workload.entry(&identity.workload).or_default().push(container);
        }
    }
    let known: HashSet<&str> = wanted.iter().map(|workload| workload.id.as_str()).collect();
    let of_workloads = wanted.iter().filter_map(|workload| {
        let containers = by_workload.get(workload.id.as_str()).map_or(&[][..], Vec::as_slice);
        let step = next(workload, containers, now)?;
        Some(Planned { key: workload.id.clone(), step })
    });
    let strays = seen.iter().filter_map(|container| {
        let workload = container.identity.as_ref().map(|identity| identity.workload.as_str());
        (!workload.is_some_and(|id| known.contains(id)) && !matches!(container.state, State::Unknown { .. }))
            .then(|| Planned { key: container.name.clone(), step: put_away(container) })
    });
    of_workloads.chain(strays).collect()
}

fn next(workload: &Wanted, containers: &[&Seen], now: i64) -> Option<Step> {
    if containers.iter().any(|container| matches!(container.state, State::Unknown { .. })) {
        return (workload.state != SessionState::Unknown && !workload.is_final())
            .then_some(Step::NoteUnknown);
    }
    let current = |container: &&&Seen| {
        container.identity.as_ref().is_some_and(|identity| identity.generation == workload.generation)
    };
    // Two containers never write to the same folders: others go before the current one comes.
    if let Some(other) = containers.iter().find(|container| !current(container)) {
        return Some(put_away(other));
    }
    let container = containers.iter().find(current);
    match workload.goal {
        Goal::Running => towards_running(workload, container.copied(), now),
        Goal::Stopped => towards_stopped(workload, container.copied(), now),
        Goal::Deleted => match container {
            Some(container) => Some(put_away(container)),
            None => (!workload.is_final()).then_some(Step::NoteEnded),
        },
    }
}

fn towards_running(workload: &Wanted, container: Option<&Seen>, now: i64) -> Option<Step> {
    let Some(container) = container else {
        return Some(if workload.started { Step::NoteLost } else { Step::Start });
    };
    let since = container.started_at_ms.unwrap_or(now);
    let noted = workload.started && workload.state != SessionState::Unknown;
    match container.state {
        State::Created => Some(Step::Start),
        State::Running if !noted => Some(Step::NoteRunning(since)),
        State::Running => {
            let silent = workload.tool_since.is_some_and(|since| now - since > TOOL_PATIENCE_MS);
            silent.then_some(Step::GiveUp)
        }
        // A paused container cannot answer; that says nothing about the tool.
        State::Paused => (!noted).then_some(Step::NoteRunning(since)),
        State::Exited { code: EXIT_NO_BOOTSTRAP, .. } if !workload.ready => {
            Some(Step::StartOver(Box::new(container.clone())))
        }
        State::Exited { .. } | State::Dead => Some(Step::Collect(Box::new(container.clone()))),
        State::Unknown { .. } => None,
    }
}

fn towards_stopped(workload: &Wanted, container: Option<&Seen>, now: i64) -> Option<Step> {
    let Some(container) = container else {
        return (!workload.is_final()).then_some(Step::NoteEnded);
    };
    match container.state {
        State::Running | State::Paused => Some(Step::Stop(Box::new(container.clone()))),
        State::Created => Some(Step::Remove(Box::new(container.clone()))),
        State::Exited { .. } | State::Dead if workload.is_final() => {
            // A clock that was put back must not keep it for ever.
            let kept = workload.ended_at.is_some_and(|end| (now - end).abs() < KEPT_MS);
            (!kept).then(|| Step::Remove(Box::new(container.clone())))
        }
        State::Exited { .. } | State::Dead => Some(Step::Collect(Box::new(container.clone()))),
        State::Unknown { .. } => None,
    }
}

/// The way out for a container that should not be there.
fn put_away(container: &Seen) -> Step {
    let container = Box::new(container.clone());
    match container.state {
        State::Running | State::Paused => Step::Stop(container),
        _ => Step::Remove(container),
    }
}

#[cfg(test)]
mod tests;
