//! What each operation does, asked of the real server over HTTP; without Docker.

mod accounts;
mod bad_input;
mod custom_roles;
mod datasets;
mod drafts;
mod files;
mod grants;
mod groups;
mod invitations;
mod lists;
mod members;
mod organizations;
mod passwords;
mod people;
mod projects;
mod races;
mod report;
mod role;
mod schemathesis;
mod set_up;
mod spend;
mod storage;
mod team;
mod tiers;
mod uploads;
mod versions;
