//! What the rows that are shown must meet, and more of it.

use super::condition::{self, TESTS};
use super::wish::Wish;
use crate::components::form::{SelectField, TextField};
use crate::text::tr;
use atelier_api::table::{Column, Condition, Test};
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

#[component]
pub(super) fn Conditions(wish: Wish, columns: Signal<Option<Vec<Column>>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let chips = move || {
        let all = wish.shown();
        let chip = |(index, condition): (usize, &Condition)| {
            let text = condition::sentence(condition);
            let label = tr!(tables.take_away, condition = text.clone());
            let remove = move |_| {
                let mut left = wish.shown();
                if index < left.len() {
                    left.remove(index);
                }
                wish.show(&left);
            };
            view! {
                <li class="chip blue">
                    {text}
                    <button class="remove" aria-label=label on:click=remove>
                        <span aria-hidden="true">"×"</span>
                    </button>
                </li>
            }
        };
        all.iter().enumerate().map(chip).collect_view()
    };
    view! {
        <div class="row wrap above-table">
            <ul class="row wrap tight plain" aria-label=tr!(tables.conditions)>
                {chips}
            </ul>
            <button
                class="btn small"
                aria-expanded=move || if open.get() { "true" } else { "false" }
                disabled=move || columns.with(Option::is_none)
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {tr!(tables.filter)}
            </button>
        </div>
        {move || {
            let columns = columns.get().filter(|_| open.get())?;
            Some(view! { <NewCondition wish columns open /> })
        }}
    }
}

#[component]
fn NewCondition(wish: Wish, columns: Vec<Column>, open: RwSignal<bool>) -> impl IntoView {
    let names: Vec<(String, String)> =
        columns.into_iter().map(|column| (column.name.clone(), column.name)).collect();
    let column = RwSignal::new(names.first().map(|(name, _)| name.clone()).unwrap_or_default());
    let test = RwSignal::new(Test::Equals.as_str().to_owned());
    let value = RwSignal::new(String::new());
    let tests = TESTS.map(|test| (test.as_str().to_owned(), condition::test(test).to_owned())).to_vec();
    let chosen = move || test.with(|word| word.parse::<Test>()).unwrap_or(Test::Equals);
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        let new = Condition { column: column.get(), test: chosen(), value: value.get() };
        open.set(false);
        wish.show(&[wish.shown(), vec![new]].concat());
    };
    view! {
        <form class="row wrap new-condition" on:submit=add>
            <SelectField label=tr!(tables.column) value=column options=names autofocus=true />
            <SelectField label=tr!(tables.test) value=test options=tests />
            <Show when=move || condition::takes_value(chosen())>
                <TextField label=tr!(tables.value) value />
            </Show>
            <button class="btn primary" type="submit">
                {tr!(tables.apply)}
            </button>
        </form>
    }
}
