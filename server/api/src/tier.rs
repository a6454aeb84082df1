//! Tiers: the sizes a session can have, and their prices.

use crate::money::Micros;
use crate::{person::not_negative, validate};
use garde::Validate;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tier {
    pub id: String,
    pub name: String,
    /// Thousandths of a CPU.
    pub cpu_milli: i64,
    pub memory_bytes: i64,
    pub price_per_hour: Micros,
    pub archived_at: Option<i64>,
    /// Absent if the caller could start it now; else why not.
    pub unavailable: Option<TierUnavailable>,
    /// Whether only chosen people and groups may start it.
    pub restricted: bool,
    pub version: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "reason", rename_all = "kebab-case")]
pub enum TierUnavailable {
    /// The host has fewer CPUs than the tier wants.
    Cpu { host_milli: i64 },
    /// The host has less memory than the tier wants.
    Memory { host_bytes: i64 },
    /// Docker could not be asked.
    Unknown,
    /// It is for chosen people and groups, and the caller is none of them.
    Restricted {
        /// Names of the people who can change that.
        ask: Vec<String>,
    },
}

#[derive(Clone, Debug, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct CreateTier {
    #[garde(custom(validate::name))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80))]
    pub name: String,
    /// 100 (a tenth of a CPU) to 256,000.
    #[garde(range(min = 100, max = 256_000))]
    #[cfg_attr(feature = "openapi", schema(minimum = 100, maximum = 256_000))]
    pub cpu_milli: i64,
    /// 64 MiB to 4 TiB.
    #[garde(range(min = 67_108_864, max = 4_398_046_511_104))]
    #[cfg_attr(feature = "openapi", schema(minimum = 67_108_864, maximum = 4_398_046_511_104_i64))]
    pub memory_bytes: i64,
    #[garde(custom(not_negative))]
    pub price_per_hour: Micros,
}

/// A new price holds for starts from now on; running sessions keep theirs.
#[derive(Clone, Debug, Default, Serialize, Deserialize, Validate)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateTier {
    #[serde(default)]
    #[garde(inner(custom(validate::name)))]
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 80))]
    pub name: Option<String>,
    #[serde(default)]
    #[garde(inner(custom(not_negative)))]
    pub price_per_hour: Option<Micros>,
    #[serde(default)]
    #[garde(skip)]
    pub archived: Option<bool>,
}

/// A price and since when it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TierPrice {
    pub price_per_hour: Micros,
    pub since: i64,
    /// Name of who set it.
    pub set_by: String,
}
