//! Who may do what, asked of the real server: every operation × everybody who could ask.

mod artifacts;
mod document;
mod inside;
mod people;
mod requests;
mod secure;
mod statuses;
mod t05_foreign_origins;
mod t14_sign_ins;
mod t17_enumeration;
mod t17_proxies;
mod t18_two_servers;
mod t21_slow_clients;
mod t21_smuggling;
mod tidy;
mod tokens;
mod trees;
