//! The head of a column by which a table can be sorted.

use leptos::prelude::*;
use std::cmp::Ordering;

/// Which column sorts the rows, and how.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) column: usize,
    pub(crate) descending: bool,
}

impl Order {
    /// Turns the order of two rows by the column around if it is descending.
    pub(crate) fn of(self, ascending: Ordering) -> Ordering {
        if self.descending { ascending.reverse() } else { ascending }
    }
}

/// One click sorts by this column, another the other way round. Figures begin with the largest.
#[component]
pub(crate) fn SortHead(
    #[prop(into)] label: String,
    column: usize,
    order: RwSignal<Order>,
    #[prop(optional)] figures: bool,
    #[prop(optional)] wide_only: bool,
) -> impl IntoView {
    let sorted = move || {
        let order = order.get();
        match order.column == column {
            true if order.descending => "descending",
            true => "ascending",
            false => "none",
        }
    };
    let sort = move |_| {
        order.update(|order| {
            let descending = if order.column == column { !order.descending } else { figures };
            *order = Order { column, descending };
        });
    };
    let sign = move || match sorted() {
        "descending" => "↓",
        "ascending" => "↑",
        _ => "",
    };
    view! {
        <th scope="col" class:num=figures class:wide-only=wide_only aria-sort=sorted>
            <button class="sort" on:click=sort>
                {label}
                <span aria-hidden="true">{sign}</span>
            </button>
        </th>
    }
}
