use super::cursor::Cursor;
use super::nodes::Nodes;
use super::{Entry, NodeId};
use crate::Result;
use crate::format::folder::Slot;
use std::cmp::Ordering;

/// Two folders beside each other. Nodes that are equal are not read.
pub(super) struct Pair {
    before: Cursor,
    after: Cursor,
}

/// Entries of the same name that are not equal, or one alone.
pub(super) type Unequal = (Option<Entry>, Option<Entry>);

impl Pair {
    pub(super) async fn new(nodes: &Nodes<'_>, before: NodeId, after: NodeId) -> Result<Self> {
        Ok(Self { before: Cursor::first(nodes, before).await?, after: Cursor::first(nodes, after).await? })
    }

    /// The next entries of the same name that are not equal, or one alone; both absent at the end.
    pub(super) async fn unequal(&mut self, nodes: &Nodes<'_>) -> Result<Unequal> {
        loop {
            let order = match (self.before.peek(), self.after.peek()) {
                (None, None) => return Ok((None, None)),
                (before, after) if before == after => {
                    self.before.step();
                    self.after.step();
                    continue;
                }
                // Of two nodes the one that ends first is entered: the other may turn out equal to a later one.
                (Some(Slot::Branch(before)), Some(Slot::Branch(after))) => {
                    let order = before.last.cmp(&after.last);
                    if order.is_le() {
                        self.before.enter(nodes).await?;
                    }
                    if order.is_ge() {
                        self.after.enter(nodes).await?;
                    }
                    continue;
                }
                (Some(Slot::Branch(_)), _) => {
                    self.before.enter(nodes).await?;
                    continue;
                }
                (_, Some(Slot::Branch(_))) => {
                    self.after.enter(nodes).await?;
                    continue;
                }
                (Some(before), Some(after)) => before.name().cmp(after.name()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
            };
            let before = if order.is_le() { self.before.next(nodes).await? } else { None };
            let after = if order.is_ge() { self.after.next(nodes).await? } else { None };
            return Ok((before, after));
        }
    }
}
