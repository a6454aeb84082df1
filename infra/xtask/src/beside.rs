//! Two things at the same time: one that waits for the network beside one that keeps the cores busy.

use anyhow::{Result, anyhow};
use std::thread;

/// Does both to their ends.
///
/// # Errors
/// The first of the two, if either fails.
pub(crate) fn beside<A: Send, B>(
    one: impl FnOnce() -> Result<A> + Send,
    other: impl FnOnce() -> Result<B>,
) -> Result<(A, B)> {
    let (one, other) = thread::scope(|scope| {
        let one = scope.spawn(one);
        let other = other();
        (one.join(), other)
    });
    Ok((one.map_err(|_panic| anyhow!("it broke off"))??, other?))
}

#[cfg(test)]
mod tests {
    use super::beside;
    use anyhow::bail;
    use std::sync::mpsc::channel;

    #[test]
    fn each_goes_on_while_the_other_does() {
        let ((to_one, from_other), (to_other, from_one)) = (channel(), channel());
        let one = move || {
            to_other.send(1)?;
            Ok(from_other.recv()?)
        };
        let other = move || {
            to_one.send(2)?;
            Ok(from_one.recv()?)
        };
        assert_eq!(beside(one, other).unwrap(), (2, 1));
    }

    #[test]
    fn whichever_fails_both_fail() {
        assert!(beside(|| Ok(()), || -> anyhow::Result<()> { bail!("no") }).is_err());
        assert!(beside(|| -> anyhow::Result<()> { bail!("no") }, || Ok(())).is_err());
        assert!(beside(|| -> anyhow::Result<()> { panic!("no") }, || Ok(())).is_err());
    }
}
