//! People's accounts: set-up, sign-in, profile, one-time links.

pub mod last_seen;
