//! How often somebody may try to sign in, or make an access token.

use crate::error::{Error, Result};
use crate::http::client::network;
use governor::clock::{Clock, DefaultClock};
use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::{Quota, RateLimiter};
use std::hash::{BuildHasher, RandomState};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Tries that fail, per minute and at once, from one address and for one account.
const PER_MINUTE: NonZeroU32 = NonZeroU32::MIN.saturating_add(9);
/// Addresses and accounts share this many counters, chosen by a hash that nobody outside can compute: the
/// memory stays the same whatever comes in.
const COUNTERS: usize = 1 << 16;

/// Counts tries. One that succeeds is given back, so that an office behind one address can sign in.
pub struct Tries {
    limiter: RateLimiter<usize, Counters, DefaultClock>,
    counters: Counters,
    hasher: RandomState,
}

/// A try under way.
pub struct Try([usize; 2]);

#[derive(Clone)]
struct Counters(Arc<[AtomicU64]>);

#[derive(Hash)]
enum Source<'a> {
    Address(IpAddr),
    Account(&'a str),
    /// Who makes access tokens.
    Maker(&'a str),
}

impl Default for Tries {
    fn default() -> Tries {
        let counters = Counters((0..COUNTERS).map(|_| AtomicU64::new(0)).collect());
        let limiter =
            RateLimiter::new(Quota::per_minute(PER_MINUTE), counters.clone(), DefaultClock::default());
        Tries { limiter, counters, hasher: RandomState::new() }
    }
}

impl Tries {
    /// # Errors
    /// 429 if there were too many from this address or for this account.
    pub fn begin(&self, address: IpAddr, account: &str) -> Result<Try> {
        let [address, account] = [Source::Address(network(address)), Source::Account(account)];
        Ok(Try([self.count(address)?, self.count(account)?]))
    }

    /// # Errors
    /// 429 if this person made too many access tokens.
    pub fn make_token(&self, user_id: &str) -> Result<()> {
        self.count(Source::Maker(user_id)).map(drop)
    }

    /// The counter that was raised.
    fn count(&self, source: Source<'_>) -> Result<usize> {
        let counter = usize::try_from(self.hasher.hash_one(source) % COUNTERS as u64).unwrap_or_default();
        self.limiter.check_key(&counter).map_err(|until| {
            let wait = until.wait_time_from(self.limiter.clock().now());
            Error::rate_limited(wait.as_secs() + 1)
        })?;
        Ok(counter)
    }

    pub fn succeeded(&self, Try(counters): Try) {
        for counter in counters {
            self.counters.give_back(counter);
        }
    }
}

impl Counters {
    fn give_back(&self, counter: usize) {
        let one = Quota::per_minute(PER_MINUTE).replenish_interval();
        let one = u64::try_from(one.as_nanos()).unwrap_or(u64::MAX);
        if let Some(counter) = self.0.get(counter) {
            // Relaxed: each counter stands alone.
            counter
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |at| Some(at.saturating_sub(one)))
                .ok();
        }
    }
}

impl StateStore for Counters {
    type Key = usize;

    fn measure_and_replace<T, F, E>(&self, key: &usize, measure: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let counter = &self.0[key % self.0.len()];
        let mut before = counter.load(Ordering::Relaxed);
        loop {
            let (value, after) = measure((before > 0).then(|| Nanos::new(before)))?;
            match counter.compare_exchange_weak(before, after.as_u64(), Ordering::Relaxed, Ordering::Relaxed)
            {
                Ok(_) => return Ok(value),
                Err(now) => before = now,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, last])
    }

    #[test]
    fn the_eleventh_failure_from_an_address_is_refused() {
        let tries = Tries::default();
        for n in 0..10 {
            tries.begin(address(1), &format!("person{n}@example.org")).unwrap();
        }
        let error = tries.begin(address(1), "another@example.org").err().unwrap();
        assert_eq!(error.problem().status, 429);
        tries.begin(address(2), "another@example.org").unwrap();
    }

    #[test]
    fn the_eleventh_failure_for_an_account_is_refused() {
        let tries = Tries::default();
        for n in 0..10 {
            tries.begin(address(n), "ada@example.org").unwrap();
        }
        assert!(tries.begin(address(200), "ada@example.org").is_err());
    }

    #[test]
    fn success_does_not_count() {
        let tries = Tries::default();
        for _ in 0..50 {
            let one = tries.begin(address(1), "ada@example.org").unwrap();
            tries.succeeded(one);
        }
    }
}
