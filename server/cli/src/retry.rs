use std::time::Duration;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(15);
/// About a minute and a half: a server that is restarted is back by then.
const MOST: u32 = 10;

/// How often something was tried in vain, and how long to wait for the next time.
#[derive(Debug, Default)]
pub(crate) struct Retry(u32);

impl Retry {
    /// Waits; false if it was tried often enough.
    pub(crate) async fn wait(&mut self, wanted: Option<Duration>) -> bool {
        if self.0 >= MOST {
            return false;
        }
        let pause = FIRST.saturating_mul(1 << self.0.min(5)).min(LONGEST);
        self.0 += 1;
        tokio::time::sleep(wanted.unwrap_or(pause).min(Duration::from_secs(60))).await;
        true
    }

    /// Something was achieved: what fails next has its own patience.
    pub(crate) fn begin_anew(&mut self) {
        self.0 = 0;
    }

    /// How often it was tried.
    pub(crate) fn count(&self) -> u32 {
        self.0
    }
}
