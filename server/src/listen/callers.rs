//! How many connections one client may have open.

use crate::config::Network;
use crate::http::client::network;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Open connections by the address that they come from. Proxies that are trusted stand for many clients and
/// are not counted.
#[derive(Clone)]
pub(super) struct Callers {
    /// 0: as many as anybody likes.
    most: u32,
    proxies: Arc<[Network]>,
    open: Arc<Mutex<HashMap<IpAddr, u32>>>,
}

/// A connection's place among those of its address, given back when dropped.
pub(super) struct Place(Option<(Callers, IpAddr)>);

impl Callers {
    pub(super) fn new(most: u32, proxies: Vec<Network>) -> Callers {
        Callers { most, proxies: proxies.into(), open: Arc::default() }
    }

    /// `None` if the address has all that it may have.
    pub(super) fn enter(&self, address: IpAddr) -> Option<Place> {
        if self.most == 0 || self.proxies.iter().any(|proxy| proxy.contains(address)) {
            return Some(Place(None));
        }
        let address = network(address);
        let mut open = self.lock();
        let count = open.entry(address).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Place(Some((self.clone(), address))))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<IpAddr, u32>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((callers, address)) = &self.0 else { return };
        let mut open = callers.lock();
        if let Some(count) = open.get_mut(address) {
            *count -= 1;
            if *count == 0 {
                open.remove(address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t21_an_address_has_so_many_places() {
        let callers = Callers::new(2, vec!["10.0.0.1".parse().unwrap()]);
        let enter = |address: &str| callers.enter(address.parse().unwrap());
        let (first, second) = (enter("192.0.2.1"), enter("::ffff:192.0.2.1"));
        assert!(first.is_some() && second.is_some());
        assert!(enter("192.0.2.1").is_none());
        let other = enter("192.0.2.2");
        assert!(other.is_some());
        drop(first);
        assert!(enter("192.0.2.1").is_some(), "the place was not given back");
        drop((second, other));
        assert!(callers.lock().is_empty(), "the table grows");
        let network: Vec<_> = ["2001:db8::1", "2001:db8::2"].into_iter().map(enter).collect();
        assert!(network.iter().all(Option::is_some) && enter("2001:db8::3").is_none());
        let proxied: Vec<_> = (0..9).map(|_| enter("10.0.0.1")).collect();
        assert!(proxied.iter().all(Option::is_some));
    }
}
