//! What is reached by way of a share.

use atelier_api::role::{Action, Object};
use atelier_policies::{Policy, Reach, RoleName};

/// What a share takes away from what roles in the project that is shared with give: all that it does not allow, and
/// what is denied where the thing comes from.
#[derive(Clone, Debug)]
pub struct Borrowed {
    pub allows: &'static [Action],
    /// The caller's roles in the project that it comes from. They give nothing here; what they deny holds.
    pub elsewhere: Vec<RoleName>,
}

impl Borrowed {
    /// Whether a role here can give this at all.
    pub fn lets(&self, policy: &Policy, object: Object, action: Action) -> bool {
        self.allows.contains(&action) && policy.reach(&self.elsewhere, object, action) != Reach::Denied
    }
}
