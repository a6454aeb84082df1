//! What many parts of the page share.

pub(crate) mod account;
pub(crate) mod appearance;
pub(crate) mod clock;
pub(crate) mod dataset;
pub(crate) mod live;
pub(crate) mod organization;
pub(crate) mod project;
pub(crate) mod toasts;
