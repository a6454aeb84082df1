//! Shows what people have written: notebooks, Markdown, pictures, code, tables of text. It is hostile until shown
//! otherwise, so all of it is in a frame that can do nothing else (`js/viewer/`).

mod frame;
mod kind;
mod leave;
mod link;
mod words;

pub(crate) use frame::Viewer;
pub(crate) use kind::{Kind, kind};
pub(crate) use link::{Link, link};

use serde::{Deserialize, Serialize};

/// What the frame is to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Order {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    /// The line that a link leads to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<u32>,
    pub(crate) parts: Parts,
    /// Where other files of the same version are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) beside: Option<Beside>,
}

/// One file, or two of which what differs is shown; an absent one is nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub(crate) enum Parts {
    One { file: Part },
    Two { before: Option<Part>, after: Option<Part> },
}

/// A file and how much of it may be fetched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Part {
    pub(crate) address: String,
    pub(crate) most: u64,
    /// Whether the beginning alone is of no use.
    pub(crate) all: bool,
    /// Whether it may be absent.
    pub(crate) optional: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Beside {
    pub(crate) folder: String,
    /// The address of a file's bytes, up to its path.
    pub(crate) content: String,
}

/// What comes of it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(crate) enum Heard {
    /// It is shown, wholly or its beginning; `bytes` is all that there is.
    Shown {
        bytes: u64,
        whole: bool,
    },
    Failed {
        why: Why,
        bytes: Option<u64>,
    },
    /// Somebody pointed at a line.
    Line {
        line: u32,
    },
    /// Somebody followed a link, which leads nowhere by itself.
    Follow {
        address: String,
    },
}

/// Why nothing is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Why {
    TooLarge,
    /// No text.
    Binary,
    /// Not what its name says.
    Damaged,
    Gone,
    /// A folder, not a file.
    Folder,
    Unreachable,
}
