//! Sessions in real containers, through a real server.

mod data;
mod disk;
mod end_by_itself;
mod f09_two_servers;
mod files;
mod inside;
mod kills;
mod lifecycle;
mod limits;
mod results;
mod secure;
mod t03_builds;
mod t03_containers;
mod t04_session_hosts;
mod t14_open_connections;
mod t21_smuggling;
