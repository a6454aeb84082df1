//! What was spent, by whom, on what.

use crate::money::Micros;
use crate::role::words;
use serde::{Deserialize, Serialize};

/// The caller's own spending in an organization; on every page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MySpend {
    /// Since midnight UTC.
    pub today: Micros,
    /// Since the first of the month UTC.
    pub month: Micros,
    /// Containers that are billed to the caller now.
    pub running: i64,
    /// What they cost together per hour.
    pub per_hour: Micros,
    pub monthly_limit: Option<Micros>,
    /// The moment these figures are of.
    pub at: i64,
}

/// An organization's or a project's month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SpendReport {
    /// `2026-11`
    pub month: String,
    /// All of it, storage too.
    pub total: Micros,
    /// What storage has cost, up to yesterday: nobody's in particular. Absent from one's own spending.
    pub storage: Micros,
    pub running: i64,
    pub per_hour: Micros,
    pub by_person: Vec<PersonSpend>,
    pub by_project: Vec<ProjectSpend>,
    /// Every day of the month up to today.
    pub by_day: Vec<DaySpend>,
    pub at: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PersonSpend {
    pub person: String,
    pub name: String,
    pub email: String,
    pub total: Micros,
    pub milliseconds: i64,
    pub monthly_limit: Option<Micros>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectSpend {
    /// The project's id.
    pub project: String,
    /// The word in its address; absent once it is deleted.
    pub slug: Option<String>,
    pub name: String,
    /// The project is gone, its bill stays.
    pub deleted: bool,
    pub total: Micros,
    pub milliseconds: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DaySpend {
    /// Midnight UTC.
    pub day: i64,
    pub total: Micros,
}

words! {
    SegmentKind {
        Running = "running",
        Paused = "paused",
    }
}

/// One row of the ledger: a stretch of one container at one rate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Segment {
    pub id: String,
    /// `<workload id>-<generation>`
    pub container: String,
    pub sequence: i64,
    pub kind: SegmentKind,
    pub person: String,
    pub person_name: String,
    pub project: String,
    pub project_name: String,
    pub session_name: String,
    pub tier_name: String,
    pub price_per_hour: Micros,
    /// Absent until the container runs.
    pub started_at: Option<i64>,
    /// Absent while it runs.
    pub ended_at: Option<i64>,
    pub milliseconds: i64,
    pub cost: Micros,
}

/// Which rows of the ledger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct SegmentFilter {
    /// `2026-11`; the current month if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<String>,
    /// A person's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// A project's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

/// Which month of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct MonthFilter {
    /// `2026-11`; the current month if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<String>,
}
