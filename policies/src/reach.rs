//! How far a role reaches, for every object and action.

use atelier_api::role::{Action, Object, Scope};

/// How far a role reaches with an action on an object. Of several roles, the greatest prevails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// No line speaks of it: no.
    #[default]
    None,
    /// Rows that belong to the caller.
    Own,
    /// Every row.
    Any,
    /// A line denies it: no, whatever other roles say.
    Denied,
}

impl Reach {
    /// Whether it covers a row, which the caller owns or not.
    pub fn covers(self, owns: bool) -> bool {
        match self {
            Reach::Any => true,
            Reach::Own => owns,
            Reach::None | Reach::Denied => false,
        }
    }

    /// As a permission says it; absent if nothing is permitted.
    pub fn scope(self) -> Option<Scope> {
        match self {
            Reach::Any => Some(Scope::Any),
            Reach::Own => Some(Scope::Own),
            Reach::None | Reach::Denied => None,
        }
    }
}

const OBJECTS: usize = Object::ALL.len();
const ACTIONS: usize = Action::ALL.len();

/// One role's reach, cell by cell.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table([[Reach; ACTIONS]; OBJECTS]);

impl Table {
    pub(crate) fn fill<E>(mut ask: impl FnMut(Object, Action) -> Result<Reach, E>) -> Result<Table, E> {
        let mut table = Table::default();
        for (object, action) in cells() {
            table.0[object as usize][action as usize] = ask(object, action)?;
        }
        Ok(table)
    }

    pub(crate) fn get(&self, object: Object, action: Action) -> Reach {
        self.0[object as usize][action as usize]
    }
}

/// Every object with every action.
pub(crate) fn cells() -> impl Iterator<Item = (Object, Action)> {
    Object::ALL.iter().flat_map(|&object| Action::ALL.iter().map(move |&action| (object, action)))
}
