//! Figures for people: by the browser's `Intl`, in the page's language.

mod intl;
pub(crate) mod list;
pub(crate) mod money;
pub(crate) mod size;
pub(crate) mod time;
