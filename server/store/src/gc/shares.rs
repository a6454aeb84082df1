use super::{Marks, Stored};
use crate::{Result, Root, Store};

/// What several groups of versions need.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Shares {
    /// In the order in which they were given.
    pub groups: Vec<Share>,
    /// What they need together, each chunk counted once.
    pub together: Stored,
    /// All that is in the packs, needed or not.
    pub packed: Stored,
}

/// What one of several groups of versions needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// All that it needs.
    pub all: Stored,
    /// What no other group needs: it would become garbage with the group.
    pub own: Stored,
}

/// Who needs a chunk.
#[derive(Clone, Copy)]
enum Needs {
    Nobody,
    One(u32),
    Several,
}

impl Store {
    /// What each of these groups of versions needs, and what they need together. Trees are walked, files are not
    /// read. It takes some ten bytes of memory for each chunk of the store, however many groups there are.
    pub async fn shares(&self, groups: &[Vec<Root>]) -> Result<Shares> {
        let view = self.refresh().await?;
        let mut needs = vec![Needs::Nobody; view.len()];
        let mut all = vec![Stored::default(); groups.len()];
        for (group, (roots, all)) in (0..).zip(groups.iter().zip(&mut all)) {
            let mut marks = Marks::new(view.clone());
            for root in roots {
                marks.add_root(self, *root).await?;
            }
            for (needed, spot) in marks.marked() {
                all.add(spot.row.stored);
                if let Some(needs) = needs.get_mut(needed) {
                    *needs = match needs {
                        Needs::Nobody => Needs::One(group),
                        Needs::One(_) | Needs::Several => Needs::Several,
                    };
                }
            }
        }
        let mut shares = Shares {
            groups: all.into_iter().map(|all| Share { all, own: Stored::default() }).collect(),
            ..Shares::default()
        };
        for (spot, needs) in view.all().zip(needs) {
            shares.packed.add(spot.row.stored);
            match needs {
                Needs::Nobody => continue,
                Needs::One(group) => {
                    if let Some(share) = shares.groups.get_mut(group as usize) {
                        share.own.add(spot.row.stored);
                    }
                }
                Needs::Several => {}
            }
            shares.together.add(spot.row.stored);
        }
        Ok(shares)
    }
}

impl Stored {
    fn add(&mut self, bytes: u32) {
        self.chunks += 1;
        self.bytes += u64::from(bytes);
    }
}
