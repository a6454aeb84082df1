//! Whether a browser may use a session, asked for each request and for as long as a connection is open.

use super::store::{self, Admitted};
use crate::access::hash_token;
use crate::access::live::LiveConnection;
use crate::app::App;
use crate::db::now;
use crate::error::Result;
use atelier_api::session::SessionState;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio_util::sync::WaitForCancellationFutureOwned;

/// A page of a tool is a hundred requests: one question answers them all.
const FRESH: Duration = Duration::from_secs(1);

/// A browser's right to use a session. Whatever it has open ends when the right does.
pub(super) struct Admission {
    pub(super) live: LiveConnection,
}

impl Admission {
    /// Done when the right has ended.
    pub(super) fn ended(&self) -> WaitForCancellationFutureOwned {
        self.live.cancelled()
    }
}

/// The browsers that use sessions now, by session and hash of their cookie.
#[derive(Clone, Default)]
pub(super) struct Admissions(Arc<Mutex<HashMap<(String, String), Known>>>);

struct Known {
    asked: Instant,
    admitted: Admitted,
    admission: Arc<Admission>,
}

impl Known {
    /// Whether it need not be asked again. Of a session that does not run yet it must, so that nobody waits for
    /// longer than the tool takes.
    fn answers(&self) -> bool {
        self.admitted.runs() && self.asked.elapsed() < FRESH
    }
}

impl Admissions {
    /// `None` if this token gives no right to the session.
    pub(super) async fn of(
        &self,
        app: &App,
        workload_id: &str,
        token: &str,
    ) -> Result<Option<(Admitted, Arc<Admission>)>> {
        let key = (workload_id.to_owned(), hash_token(token));
        if let Some(known) = self.lock().get(&key).filter(|known| known.answers()) {
            return Ok(Some((known.admitted.clone(), known.admission.clone())));
        }
        let asked = Instant::now();
        let (policies, (id, hash)) = (app.policies.clone(), key.clone());
        let question = move |connection: &mut _, now| store::admitted(connection, &policies, &id, &hash, now);
        let asking = question.clone();
        let Some(admitted) = app.db.read(move |connection| asking(connection, now())).await? else {
            self.lock().remove(&key);
            return Ok(None);
        };
        let register = || {
            let may = move |connection: &mut _, now| Ok(question(connection, now)?.is_some_and(|a| a.runs()));
            Arc::new(Admission { live: app.live.register(may) })
        };
        let mut known = self.lock();
        known.retain(|_, known| known.asked.elapsed() < FRESH || Arc::strong_count(&known.admission) > 1);
        let former = known.get(&key).map(|known| known.admission.clone());
        let admission = former.filter(|admission| !admission.live.is_cancelled()).unwrap_or_else(register);
        known.insert(key, Known { asked, admitted: admitted.clone(), admission: admission.clone() });
        Ok(Some((admitted, admission)))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<(String, String), Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Admitted {
    /// Whether there may be a tool to speak with. Docker's silence says nothing about the tool.
    pub(super) fn runs(&self) -> bool {
        use SessionState::{Failed, Running, Starting, Stopped, Stopping, Unknown};
        match self.state {
            Running | Stopping | Unknown => true,
            Starting | Stopped | Failed => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::live::Live;

    #[test]
    fn only_that_a_session_runs_is_remembered_and_only_for_a_moment() {
        let live = Live::default().register(|_, _| Ok(true));
        let mut known = Known {
            asked: Instant::now(),
            admitted: Admitted { state: SessionState::Running, page: String::new() },
            admission: Arc::new(Admission { live }),
        };
        assert!(known.answers());
        known.admitted.state = SessionState::Starting;
        assert!(!known.answers());
        known.admitted.state = SessionState::Running;
        known.asked -= FRESH;
        assert!(!known.answers());
    }
}
