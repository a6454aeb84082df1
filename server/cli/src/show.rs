//! How things are written for people.

use crate::error::Error;
use serde::Serialize;
use std::io::{ErrorKind, Write, stdout};
use time::OffsetDateTime;
use time::macros::format_description;

/// Writes a line to standard output. Whoever reads it may have seen enough: then that is the end.
pub(crate) fn line(text: &str) -> Result<(), Error> {
    match writeln!(stdout(), "{text}") {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
        outcome => outcome.map_err(Error::here("standard output")),
    }
}

/// Writes a thing as one line of JSON.
pub(crate) fn json(thing: &impl Serialize) -> Result<(), Error> {
    line(&serde_json::to_string(thing).map_err(|error| Error::Damaged(error.to_string()))?)
}

/// As `1.2 GB`.
pub(crate) fn bytes(count: i64) -> String {
    indicatif::DecimalBytes(count.unsigned_abs()).to_string()
}

/// `1 file`, `2,000 files`.
pub(crate) fn files(count: i64) -> String {
    let number = indicatif::HumanCount(count.unsigned_abs());
    if count == 1 { "1 file".to_owned() } else { format!("{number} files") }
}

/// Day and minute, UTC.
pub(crate) fn moment(ms: i64) -> String {
    let format = format_description!("[year]-[month]-[day] [hour]:[minute]");
    let moment = OffsetDateTime::from_unix_timestamp(ms / 1000);
    moment.ok().and_then(|moment| moment.format(format).ok()).unwrap_or_default()
}

/// A name as one line of a terminal: control characters, which names may have, are written out.
pub(crate) fn name(name: &str) -> String {
    if name.chars().any(char::is_control) { format!("{name:?}") } else { name.to_owned() }
}
