//! The types that Atelier's server, browser page, agent and command line share: what the JSON API takes
//! and gives. No HTTP, no SQL: it compiles to WebAssembly.
//!
//! Times are milliseconds since the Unix epoch, UTC. Money is in millionths of the organization's
//! currency ([`money::Micros`]). Ids are UUIDv7 in text.

pub mod account;
pub mod artifact;
pub mod billing;
pub mod call;
pub mod calls;
pub mod channel;
pub mod custom_role;
pub mod data;
pub mod dataset;
pub mod draft;
pub mod environment;
pub mod event;
pub mod fill;
pub mod grant;
pub mod group;
mod json;
pub mod member;
pub mod model;
pub mod money;
pub mod organization;
pub mod page;
pub mod person;
pub mod problem;
pub mod project;
pub mod provenance;
pub mod restriction;
pub mod role;
pub mod session;
pub mod storage;
pub mod table;
pub mod tier;
pub mod token;
pub mod upload;
pub mod validate;
pub mod version;
pub mod workload;
