//! Which rows are looked at, as the page's address says.

use super::condition::Shown;
use crate::data::in_address;
use atelier_api::table::{Condition, RowsOf};
use leptos::prelude::*;

/// Rows on one page.
pub(super) const PAGE: u64 = 100;

#[derive(Clone, Copy)]
pub(super) struct Wish {
    /// How many are before those that are shown.
    from: RwSignal<String>,
    /// The column that sorts; that of the file if empty.
    pub(super) order: RwSignal<String>,
    /// Not empty: the largest first.
    down: RwSignal<String>,
    /// In JSON.
    pub(super) conditions: RwSignal<String>,
}

impl Wish {
    pub(super) fn in_address() -> Wish {
        Wish {
            from: in_address("from"),
            order: in_address("order"),
            down: in_address("down"),
            conditions: in_address("where"),
        }
    }

    pub(super) fn from(self) -> u64 {
        self.from.with(|from| from.parse().unwrap_or(0))
    }

    pub(super) fn go_to(self, from: u64) {
        self.from.set(if from == 0 { String::new() } else { from.to_string() });
    }

    pub(super) fn is_down(self) -> bool {
        self.down.with(|down| !down.is_empty())
    }

    /// By this column; the other way round if it sorts already, and at last as in the file.
    pub(super) fn sort_by(self, column: &str) {
        let here = self.order.with_untracked(|order| order == column);
        let down = self.down.with_untracked(|down| !down.is_empty());
        self.from.set(String::new());
        self.order.set(if here && down { String::new() } else { column.to_owned() });
        self.down.set(if here && !down { "1".to_owned() } else { String::new() });
    }

    pub(super) fn shown(self) -> Vec<Shown> {
        self.conditions.with(|json| serde_json::from_str::<Vec<Condition>>(json)).unwrap_or_default()
    }

    pub(super) fn show(self, conditions: &[Shown]) {
        let json = serde_json::to_string(conditions).unwrap_or_default();
        self.from.set(String::new());
        self.conditions.set(if conditions.is_empty() { String::new() } else { json });
    }

    pub(super) fn of(self, path: &str) -> RowsOf {
        let given = |text: String| Some(text).filter(|text| !text.is_empty());
        RowsOf {
            path: path.to_owned(),
            offset: self.from(),
            limit: Some(PAGE),
            order: given(self.order.get()),
            descending: self.is_down(),
            conditions: given(self.conditions.get()),
        }
    }
}
