use super::Session;
use super::commit::BATCH;
use crate::tree::Totals;
use crate::tree::apply::{Batch, Wanted};
use crate::tree::merge::{Merge, Step};
use crate::tree::nodes::Nodes;
use crate::{Result, Root, TreePath};

/// Conflicts that are named at most.
const NAMED: usize = 100_000;

/// A version that holds what two others made of a third. On disk; write down its root within half the store's
/// grace, or it is garbage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// Its name.
    pub root: Root,
    /// What it holds.
    pub totals: Totals,
    /// What both changed, each in another way: the first hundred thousand paths, in the order of a walk. There it is
    /// as in `theirs`.
    pub conflicts: Vec<TreePath>,
    /// How many there are in all.
    pub conflicting: u64,
}

impl Session {
    /// Makes a version of `theirs` and of what changed from `base` to `ours`, by file: what one of them changed
    /// is taken from there, and what both changed alike is no conflict. One is a file that each changed in
    /// another way or that one changed and the other removed, and a file in one where the other has a folder. A
    /// folder that one removed stays if the other put something into it. This session may read all three.
    /// Nothing that neither changed is read, and memory is flat.
    pub async fn merge(&self, base: Root, ours: Root, theirs: Root) -> Result<Merged> {
        self.check_age()?;
        for root in [base, ours, theirs] {
            self.may_read(root)?;
        }
        let (mut root, mut batch) = (theirs, Batch::default());
        let (mut conflicts, mut conflicting) = (Vec::new(), 0);
        let mut merge = Merge::new(Nodes::of(&self.store), base, ours, theirs).await?;
        while let Some(step) = merge.next().await? {
            match step {
                Step::Replace(path, wanted) => {
                    let path = TreePath::new(&path)?;
                    batch.add(path.clone(), Wanted::Nothing)?;
                    if !matches!(wanted, Wanted::Nothing) {
                        batch.add(path, wanted)?;
                    }
                }
                Step::Conflict(path) => {
                    conflicting += 1;
                    if conflicts.len() < NAMED {
                        conflicts.push(TreePath::new(&path)?);
                    }
                }
            }
            if batch.len() >= BATCH {
                root = self.apply(std::mem::take(&mut batch), root).await?.0;
            }
        }
        let (root, totals) = self.apply(batch, root).await?;
        self.made(root).await?;
        Ok(Merged { root, totals, conflicts, conflicting })
    }
}
