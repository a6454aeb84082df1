//! Data of sessions: what a start is to get, and what it got.

mod choice;
mod mounted;
mod pick;
mod row;

pub(crate) use choice::DataChoiceField;
pub(crate) use mounted::SessionDataCard;
pub(crate) use pick::DataPick;
