//! The rows themselves.

use super::wish::{PAGE, Wish};
use crate::components::Empty;
use crate::format::size;
use crate::text::tr;
use atelier_api::table::{Column, ColumnKind, Rows};
use leptos::prelude::*;

#[component]
pub(super) fn Grid(rows: RwSignal<Rows>, wish: Wish) -> impl IntoView {
    let is_empty = move || rows.with(|rows| rows.rows.is_empty());
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label=tr!(tables.rows)>
            <table class="cells">
                <thead>
                    <tr>
                        {move || {
                            let columns = rows.with(|rows| rows.columns.clone());
                            columns.into_iter().map(|column| view! { <Head column wish /> }).collect_view()
                        }}
                    </tr>
                </thead>
                <tbody class="mono">{move || rows.with(lines)}</tbody>
            </table>
        </div>
        <Show when=is_empty>
            <Empty title=tr!(tables.no_rows) text=tr!(tables.no_rows_text) />
        </Show>
        <Pages rows wish />
    }
}

fn lines(rows: &Rows) -> impl IntoView + use<> {
    let cell = |(value, column): (&Option<String>, &Column)| {
        let number = column.kind == ColumnKind::Number;
        match value {
            Some(value) => view! { <td class:num=number>{value.clone()}</td> }.into_any(),
            None => view! {
                <td class="faint" class:num=number>
                    {tr!(tables.null)}
                </td>
            }
            .into_any(),
        }
    };
    let line = |row: &Vec<Option<String>>| {
        let cells = row.iter().zip(&rows.columns).map(cell).collect_view();
        view! { <tr>{cells}</tr> }
    };
    rows.rows.iter().map(line).collect_view()
}

/// A column's name and type; a click sorts by it.
#[component]
fn Head(column: Column, wish: Wish) -> impl IntoView {
    let Column { name, kind, data_type } = column;
    let sorts = StoredValue::new(name.clone());
    let sorted = move || match sorts.with_value(|name| wish.order.with(|order| order == name)) {
        true if wish.is_down() => "descending",
        true => "ascending",
        false => "none",
    };
    let sign = move || match sorted() {
        "descending" => "↓",
        "ascending" => "↑",
        _ => "",
    };
    let number = kind == ColumnKind::Number;
    view! {
        <th scope="col" class:num=number aria-sort=sorted>
            <button class="sort" on:click=move |_| sorts.with_value(|name| wish.sort_by(name))>
                {name}
                <span aria-hidden="true">{sign}</span>
            </button>
            <div class="faint mono" title=data_type>
                {words(kind)}
            </div>
        </th>
    }
}

fn words(kind: ColumnKind) -> &'static str {
    match kind {
        ColumnKind::Number => tr!(tables.number),
        ColumnKind::Text => tr!(tables.text),
        ColumnKind::Time => tr!(tables.time),
        ColumnKind::Truth => tr!(tables.truth),
        ColumnKind::Other => tr!(tables.other),
    }
}

/// Which rows these are, and the way to others.
#[component]
fn Pages(rows: RwSignal<Rows>, wish: Wish) -> impl IntoView {
    let count = |number: u64| size::number(number as f64, 0);
    let sentence = move || {
        rows.with(|rows| {
            let (first, last) = (wish.from() + 1, wish.from() + rows.rows.len() as u64);
            match rows.total {
                _ if rows.rows.is_empty() => String::new(),
                Some(total) => {
                    tr!(tables.rows_of, first = count(first), last = count(last), total = count(total))
                }
                None => tr!(tables.rows_from, first = count(first), last = count(last)),
            }
        })
    };
    let before = move || wish.from() > 0;
    let more = move || rows.with(|rows| rows.more);
    view! {
        <footer class="row between wrap in">
            <p class="faint small" role="status">
                {sentence}
            </p>
            <div class="row">
                <button
                    class="btn small"
                    disabled=move || !before()
                    on:click=move |_| wish.go_to(wish.from().saturating_sub(PAGE))
                >
                    {tr!(tables.before)}
                </button>
                <button
                    class="btn small"
                    disabled=move || !more()
                    on:click=move |_| wish.go_to(wish.from() + rows.with(|rows| rows.rows.len() as u64))
                >
                    {tr!(tables.after)}
                </button>
            </div>
        </footer>
    }
}
