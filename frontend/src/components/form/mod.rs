//! Parts of forms. What the server says about a field is shown at the field.

mod area_field;
mod check_field;
mod failure;
mod field;
mod search_field;
mod select_field;
mod submit;
mod text_field;

pub(crate) use area_field::AreaField;
pub(crate) use check_field::CheckField;
pub(crate) use failure::FormFailure;
pub(crate) use search_field::SearchField;
pub(crate) use select_field::SelectField;
pub(crate) use submit::Submit;
pub(crate) use text_field::TextField;

use std::cell::Cell;

thread_local! {
    static LAST: Cell<u32> = const { Cell::new(0) };
}

/// An `id` that no other element has.
pub(crate) fn unique(prefix: &str) -> String {
    LAST.set(LAST.get().wrapping_add(1));
    format!("{prefix}-{}", LAST.get())
}
