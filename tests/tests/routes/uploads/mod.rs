//! Uploads, and what is in the versions that they become.

mod chunks;
mod commits;
mod content;
mod names;
mod whole_files;
