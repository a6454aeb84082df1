//! A session in a list or on its page.

mod actions;
mod alive;
mod cost;
mod data;
mod disk_warning;
mod idle_warning;
mod memory_notice;
mod row;
mod state_chip;
mod usage;

pub(crate) use actions::SessionActions;
pub(crate) use alive::{alive_sentence, end_sentence, failure_sentence};
pub(crate) use cost::SessionCost;
pub(crate) use data::data_sentence;
pub(crate) use disk_warning::DiskWarningView;
pub(crate) use idle_warning::IdleWarning;
pub(crate) use memory_notice::MemoryNotice;
pub(crate) use row::SessionList;
pub(crate) use state_chip::StateChip;
pub(crate) use usage::UsageView;

use crate::contexts::organization::Org;
use crate::data::Fetched;
use atelier_api::call::Call;
use atelier_api::event::Event;
use atelier_api::session::{Session, SessionState};

/// A list of sessions that follows the stream of events. `belongs` says which sessions are of this list.
pub(crate) fn live_sessions(
    org: Org,
    call: impl Fn() -> Call<Vec<Session>> + 'static,
    belongs: impl Fn(&Session) -> bool + 'static,
) -> Fetched<Vec<Session>> {
    let sessions = Fetched::new(call).stale_on(org.live, |_| false);
    org.live.on(move |event| match event {
        Event::Session { session } if belongs(session) => {
            sessions.change(|all| match all.iter_mut().find(|known| known.id == session.id) {
                Some(known) => *known = (**session).clone(),
                None => all.insert(0, (**session).clone()),
            })
        }
        Event::SessionDeleted { id, .. } => sessions.change(|all| all.retain(|s| s.id != *id)),
        _ => {}
    });
    sessions
}

/// Whether a container is or may be there for it.
pub(crate) fn is_up(session: &Session) -> bool {
    !matches!(session.state, SessionState::Stopped | SessionState::Failed)
}
