//! Parts that more than one page is made of.

mod build_log;
pub(crate) mod charts;
mod confirm;
mod copy_link;
mod dialog;
mod empty;
pub(crate) mod focus;
pub(crate) mod form;
mod gauge;
mod loaded;
mod log_view;
mod month_picker;
mod page_head;
pub(crate) mod session;
pub(crate) mod shell;
mod show_more;
mod spend_parts;
mod title;
mod toast_list;
mod trouble;

pub(crate) use build_log::BuildLogView;
pub(crate) use confirm::Confirm;
pub(crate) use copy_link::CopyLink;
pub(crate) use dialog::Dialog;
pub(crate) use empty::Empty;
pub(crate) use gauge::Gauge;
pub(crate) use loaded::Loaded;
pub(crate) use log_view::LogView;
pub(crate) use month_picker::MonthPicker;
pub(crate) use page_head::PageHead;
pub(crate) use show_more::ShowMore;
pub(crate) use spend_parts::{Figure, SegmentTable};
pub(crate) use title::title;
pub(crate) use toast_list::ToastList;
pub(crate) use trouble::{NotFound, Trouble};
