//! `atelier admin`: for who runs the installation and cannot sign in. Works beside a running server.

use super::{links, users};
use crate::config::{Config, Flags};
use crate::db::Db;
use anyhow::Context;
use clap::{Args, Subcommand};

#[derive(Args)]
pub struct Options {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    /// Print a link by which a person chooses a new password. It works once, for a day.
    ResetPassword {
        #[command(flatten)]
        flags: Flags,
        /// The address that the person signs in with.
        #[arg(long)]
        email: String,
    },
}

/// # Errors
/// If a setting is wrong, the database cannot be opened, or nobody has the address.
pub async fn run(options: Options) -> anyhow::Result<()> {
    let Verb::ResetPassword { flags, email } = options.verb;
    let config = Config::load(&flags)?;
    let url = config.database_url();
    let db = Db::open(&url).context("the database cannot be opened")?;
    let key = users::email_key(&email);
    let token = db
        .admit(move |connection| match users::id_of(connection, &key)? {
            Some(id) => Ok(Some(links::create(connection, links::PASSWORD_RESET, Some(&id))?.0)),
            None => Ok(None),
        })
        .await?;
    let token = token.with_context(|| format!("nobody has the address {email}"))?;
    println!("{}/password-reset/{token}", config.public_url);
    Ok(())
}
