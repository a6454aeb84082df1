//! What the rows say of a workload, as far as the plan needs it.

use super::rows::{StatusRow, WorkloadRow};
use crate::db::{Connection, schema};
use crate::error::Result;
use atelier_api::session::{SessionState, StepName};
use diesel::prelude::*;
use std::collections::HashMap;

/// What should become of a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    Running,
    Stopped,
    Deleted,
}

impl Goal {
    pub fn as_str(self) -> &'static str {
        match self {
            Goal::Running => "running",
            Goal::Stopped => "stopped",
            Goal::Deleted => "deleted",
        }
    }

    /// A word that we did not write stops rather than runs.
    fn from_word(word: &str) -> Goal {
        match word {
            "running" => Goal::Running,
            "deleted" => Goal::Deleted,
            _ => Goal::Stopped,
        }
    }
}

/// What should be and what was last written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    pub id: String,
    pub project_id: String,
    pub generation: i64,
    pub goal: Goal,
    pub state: SessionState,
    /// Whether the container of this generation is known to have run.
    pub started: bool,
    /// Since when the tool is waited for; absent before and after.
    pub tool_since: Option<i64>,
    /// Whether the tool of this generation has answered.
    pub ready: bool,
    /// When it ended, if it has.
    pub ended_at: Option<i64>,
}

impl Wanted {
    /// Whether the end has been written down.
    pub fn is_final(&self) -> bool {
        matches!(self.state, SessionState::Stopped | SessionState::Failed)
    }
}

/// Workloads that should run, have not ended, or have a container among `seen`.
/// For the reconciler alone, which acts for nobody.
pub fn load(connection: &mut Connection, seen: &[String]) -> Result<Vec<Wanted>> {
    use schema::{workload_status as status, workload_steps as steps, workloads};
    let final_states = [SessionState::Stopped.as_str(), SessionState::Failed.as_str()];
    let rows: Vec<(WorkloadRow, StatusRow)> = workloads::table
        .inner_join(status::table)
        .filter(
            workloads::wanted
                .eq(Goal::Running.as_str())
                .or(status::state.ne_all(final_states))
                .or(workloads::id.eq_any(seen)),
        )
        .select((WorkloadRow::as_select(), StatusRow::as_select()))
        .load(connection)?;
    let ids: Vec<&str> = rows.iter().map(|(row, _)| row.id.as_str()).collect();
    let tools: HashMap<(String, i64), (i64, Option<i64>)> = steps::table
        .filter(steps::workload_id.eq_any(ids))
        .filter(steps::name.eq(StepName::Tool.as_str()))
        .select(((steps::workload_id, steps::generation), (steps::started_at, steps::ended_at)))
        .load::<((String, i64), (i64, Option<i64>))>(connection)?
        .into_iter()
        .collect();
    Ok(rows
        .into_iter()
        .map(|(row, status)| {
            let tool = tools.get(&(row.id.clone(), row.generation));
            Wanted {
                goal: Goal::from_word(&row.wanted),
                state: status.state(),
                started: status.started_at.is_some(),
                ended_at: status.ended_at,
                tool_since: tool.filter(|(_, ended)| ended.is_none()).map(|(started, _)| *started),
                ready: tool.is_some_and(|(_, ended)| ended.is_some()),
                id: row.id,
                project_id: row.project_id,
                generation: row.generation,
            }
        })
        .collect())
}
