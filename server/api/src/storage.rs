//! What is stored, how much may be, and what it costs.
//!
//! A gigabyte is 2^30 bytes here, as it is wherever the page shows one.

use crate::money::Micros;
use crate::person::not_negative;
use crate::role::Object;
use garde::Validate;
use serde::{Deserialize, Serialize};

/// The code of a refusal because of a quota. Its fields `quota`, `taken` and `needed` are in bytes.
pub const QUOTA_CODE: &str = "storage-quota";

/// What the projects of an organization store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StorageReport {
    /// For 2^30 bytes and a month, from now on.
    pub price_per_gb_month: Micros,
    /// By name; deleted ones as long as something of them is stored.
    pub projects: Vec<ProjectStorage>,
}

/// What a project stores.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectStorage {
    /// The project's id.
    pub project: String,
    /// The word in its address; absent once it is deleted.
    pub slug: Option<String>,
    pub name: String,
    /// Versions that are there, those in the trash too.
    pub versions: i64,
    /// Bytes of the files of all of them, one beside the other.
    pub version_bytes: i64,
    /// Bytes that they need in the store: what is in several is there once, and squeezed. This is billed.
    pub stored_bytes: i64,
    /// Bytes that are in the store beside that: of uploads that have not ended, and what is to be cleaned up.
    pub other_bytes: i64,
    /// As many as `stored_bytes` may be; absent if there is no end to them.
    pub quota_bytes: Option<i64>,
    /// When all of it was measured last. What was committed since is in `stored_bytes` alone, as far as it is known.
    pub measured_at: Option<i64>,
}

/// What a project stores, and what of it is whose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ProjectStorageReport {
    pub total: ProjectStorage,
    /// The largest first.
    pub parts: Vec<StoragePart>,
}

/// What a dataset or a model stores; or all of another type together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoragePart {
    pub kind: Object,
    /// The word in its address and the name; absent where a whole type is meant.
    pub slug: Option<String>,
    pub name: Option<String>,
    pub trashed: bool,
    pub versions: i64,
    /// Bytes of the files of all its versions, one beside the other.
    pub version_bytes: i64,
    /// Of the newest alone.
    pub newest_bytes: i64,
    /// Bytes that its versions need in the store. What several parts need counts in each of them.
    pub stored_bytes: i64,
    /// Of these, what nothing else needs: so much goes with it.
    pub own_bytes: i64,
}

/// Holds from now on; a day costs the price at its end.
#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateStorage {
    #[garde(custom(not_negative))]
    pub price_per_gb_month: Micros,
}

/// How much a project may store.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetStorageQuota {
    /// Bytes; `null` for no end. What is there stays if it is more.
    #[garde(inner(range(min = 0)))]
    #[cfg_attr(feature = "openapi", schema(minimum = 0))]
    pub bytes: Option<i64>,
}

/// A price and since when it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StoragePrice {
    pub price_per_gb_month: Micros,
    pub since: i64,
    /// Name of who set it.
    pub set_by: String,
}

/// A row of the ledger of storage: one project on one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StorageDay {
    /// The project's id.
    pub project: String,
    /// The word in its address, as it was then.
    pub project_slug: String,
    pub project_name: String,
    /// Midnight UTC.
    pub day: i64,
    /// What its versions needed in the store at the end of the day.
    pub bytes: i64,
    pub price_per_gb_month: Micros,
    pub cost: Micros,
}

/// Which rows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::IntoParams), into_params(parameter_in = Query))]
pub struct StorageDayFilter {
    /// `2026-11`; the current month if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<String>,
    /// A project's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}
