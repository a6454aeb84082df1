//! The pages before somebody is signed in.

mod account_fields;
mod frame;
mod invitation;
mod password_reset;
mod set_up;
mod sign_in;

pub(crate) use account_fields::NewPassword;
pub(crate) use invitation::Invitation;
pub(crate) use password_reset::PasswordReset;
pub(crate) use set_up::SetUp;
pub(crate) use sign_in::SignIn;
