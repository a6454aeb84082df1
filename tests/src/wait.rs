//! Waiting for a condition instead of for a time.

use std::future::Future;
use std::time::{Duration, Instant};

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// Looks again and again until there is something to see.
///
/// # Panics
/// With `what`, if there is nothing within `limit`.
pub async fn until<T, F: Future<Output = Option<T>>>(
    what: &str,
    limit: Duration,
    mut look: impl FnMut() -> F,
) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(begun.elapsed() < limit, "waited {limit:?} in vain: {what}");
        tokio::time::sleep(PAUSE).await;
    }
}

/// As [`until`], for a plain yes.
pub async fn eventually<F: Future<Output = bool>>(what: &str, limit: Duration, mut look: impl FnMut() -> F) {
    until(what, limit, || {
        let answer = look();
        async move { answer.await.then_some(()) }
    })
    .await;
}
