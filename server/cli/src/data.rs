use crate::api::Api;
use crate::error::Error;
use crate::{diff, list, log, pull, push};
use clap::{Args, Subcommand};

/// Options of `atelier data`.
#[derive(Args, Debug)]
#[command(
    after_help = "A target is organization/project/dataset, with @version behind it where one is meant: \
    a number, a tag or `latest`, as acme/churn/customers@12.\n\n\
    Exit codes: 0 done, 1 failed here (a file, a disk, damage), 2 not understood, 3 not signed in, 4 not there or \
    not for you to see, 5 not allowed, 6 does not go with the state of things, 7 the server does not answer, \
    130 broken off."
)]
pub struct Data {
    /// The server's address; the one that was signed in to last if not said
    #[arg(long, env = "ATELIER_URL", global = true)]
    server: Option<String>,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand, Debug)]
enum Verb {
    /// Make a file or folder a new version
    Push(push::Options),
    /// Fetch a version into a folder
    Pull(pull::Options),
    /// List datasets of a project, or files and folders of a version
    Ls(list::Options),
    /// List versions, the newest first
    Log(log::Options),
    /// List the files that differ between two versions
    Diff(diff::Options),
}

impl Data {
    pub(crate) async fn run(&self) -> Result<(), Error> {
        let api = Api::of(self.server.as_deref())?;
        match &self.verb {
            Verb::Push(options) => push::run(&api, options).await,
            Verb::Pull(options) => pull::run(&api, options).await,
            Verb::Ls(options) => list::run(&api, options).await,
            Verb::Log(options) => log::run(&api, options).await,
            Verb::Diff(options) => diff::run(&api, options).await,
        }
    }
}
