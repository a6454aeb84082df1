//! Who may do what. The one door for permissions:
//!
//! - a route's first argument is a [`Guard`]: [`Access`] (a row and the proof that the caller may do one
//!   thing to it), [`SignedIn`] (one's own account), [`AsPerson`] (who one is), [`AsWorkload`] (a program in a workload) or [`Public`];
//! - [`Routes`] registers nothing else;
//! - what the policy files say is asked for in one place, [`Access`]'s extractor;
//! - functions that touch a resource take the proof instead of an id.

mod bearer;
mod borrowed;
mod caller;
mod door;
mod grants;
mod guard;
mod held;
mod inside;
pub mod live;
mod permissions;
mod policies;
mod resource;
mod scope;
mod viewer;

pub use bearer::{TOKEN_PREFIX, bearer, new_access_token};
pub use borrowed::Borrowed;
pub use caller::{Caller, Origin, User, cookie, hash_token, new_token, sign_in_token};
pub use door::Routes;
pub(crate) use door::route;
pub use grants::GrantsOn;
pub use guard::{Access, AsPerson, AsWorkload, Guard, Public, SignedIn, named};
pub use held::{HeldRole, roles_by_project as held_by_project, roles_in_project};
pub use inside::{FromWorkload, Inside};
pub use permissions::*;
pub use policies::Policies;
pub(crate) use policies::custom_roles;
pub use resource::{PathNames, Resource, Standing};
pub use viewer::{Reachable, Viewer};
