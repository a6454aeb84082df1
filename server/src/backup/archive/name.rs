use crate::objects;
use atelier_store::PackId;
use std::fmt;

/// What an entry of an archive can be. Nothing else is written, and nothing else is taken: a name is never used
/// as a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name<'a> {
    Head,
    Settings,
    /// A part of a table.
    Rows {
        table: &'a str,
        part: u32,
    },
    /// Lies as it does in the folder of the data folder.
    Pack {
        project: &'a str,
        pack: PackId,
    },
    End,
}

impl<'a> Name<'a> {
    pub fn parse(name: &'a str) -> Option<Name<'a>> {
        let parsed = match name {
            super::HEAD => Name::Head,
            super::SETTINGS => Name::Settings,
            super::END => Name::End,
            _ => match name.strip_prefix("tables/") {
                Some(rest) => {
                    let (table, part) = rest.strip_suffix(".jsonl")?.split_once('/')?;
                    Name::Rows { table, part: part.parse().ok()? }
                }
                None => {
                    let (project, pack) = name.strip_prefix("objects/projects/")?.split_once("/packs/")?;
                    let is_id = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
                    let is_id = (1..=36).contains(&project.len()) && project.bytes().all(is_id);
                    Name::Pack { project: is_id.then_some(project)?, pack: pack.parse().ok()? }
                }
            },
        };
        // One way to write each.
        (parsed.to_string() == name).then_some(parsed)
    }
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Name::Head => f.write_str(super::HEAD),
            Name::Settings => f.write_str(super::SETTINGS),
            Name::Rows { table, part } => write!(f, "tables/{table}/{part:06}.jsonl"),
            Name::Pack { project, pack } => write!(f, "objects/{}/packs/{pack}", objects::prefix(project)),
            Name::End => f.write_str(super::END),
        }
    }
}
