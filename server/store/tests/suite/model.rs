//! What a version should hold: the same as a plain folder after the same changes.

use std::collections::BTreeMap;

/// Files and folders by path. A folder is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model(pub BTreeMap<String, Option<Vec<u8>>>);

#[derive(Clone, Debug)]
pub enum Edit {
    Put(String, Vec<u8>),
    Folder(String),
    Remove(String),
}

impl Model {
    /// Applies an edit; or says what is in the way, and changes nothing.
    pub fn apply(&mut self, edit: &Edit) -> Result<(), String> {
        match edit {
            Edit::Remove(path) => {
                let below = format!("{path}/");
                self.0.retain(|found, _| found != path && !found.starts_with(&below));
                Ok(())
            }
            Edit::Put(path, bytes) => {
                self.parents(path)?;
                if matches!(self.0.get(path), Some(None)) {
                    return Err(path.clone());
                }
                self.make_parents(path);
                self.0.insert(path.clone(), Some(bytes.clone()));
                Ok(())
            }
            Edit::Folder(path) => {
                self.parents(path)?;
                if matches!(self.0.get(path), Some(Some(_))) {
                    return Err(path.clone());
                }
                self.make_parents(path);
                self.0.insert(path.clone(), None);
                Ok(())
            }
        }
    }

    fn parents(&self, path: &str) -> Result<(), String> {
        let in_the_way = parents(path).find(|parent| matches!(self.0.get(parent), Some(Some(_))));
        in_the_way.map_or(Ok(()), Err)
    }

    /// Folders on the way to a path come into being.
    pub fn make_parents(&mut self, path: &str) {
        self.0.extend(parents(path).map(|parent| (parent, None)));
    }
}

fn parents(path: &str) -> impl Iterator<Item = String> + '_ {
    path.match_indices('/').map(|(at, _)| path[..at].to_owned())
}
