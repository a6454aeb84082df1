//! Which data a session has, in a sentence.

use crate::text::tr;
use atelier_api::session::{DataPlace, Session};

/// So many are named.
const NAMED: usize = 3;

/// Nothing if it has none.
pub(crate) fn data_sentence(session: &Session) -> Option<String> {
    let there: Vec<String> = session
        .data
        .iter()
        .filter(|data| data.place == Some(DataPlace::Mounted))
        .filter_map(|data| Some(format!("{} v{}", data.name, data.number?)))
        .collect();
    let named = there.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    match there.len() {
        0 => None,
        1..=NAMED => Some(tr!(sessions.data_named, names = named)),
        all => Some(tr!(sessions.data_named_and_more, names = named, count = (all - NAMED) as i64)),
    }
}
