//! The sandbox and its agent against a real Docker daemon.
//!
//! Needs: a Docker daemon that this user may ask; root and `iptables` for the firewall; Debian's
//! `busybox-static`, of which the test image is made; the agent's binary, at `ATELIER_AGENT` or where
//! `cargo xtask` puts it. What is missing fails the tests, saying so.

#[cfg(test)]
mod channel;
#[cfg(test)]
mod containers;
#[cfg(test)]
mod daemon;
#[cfg(test)]
mod fill;
#[cfg(test)]
mod firewall;
#[cfg(test)]
mod hardening;
#[cfg(test)]
mod image;
#[cfg(test)]
mod images;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod networks;
#[cfg(test)]
mod server;
#[cfg(test)]
mod stop;
#[cfg(test)]
mod streams;
#[cfg(test)]
mod unreachable;
#[cfg(test)]
mod volumes;
#[cfg(test)]
mod world;
