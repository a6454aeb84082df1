//! Atelier outside the browser: `atelier login` and `atelier data`. Programs of a person's own machine speak to a
//! server's API with an access token; what they may do is what the person may do. It knows neither the server's
//! code nor its database.
//!
//! Exit codes: 0 done, 1 failed here (a file, a disk, damage), 2 not understood, 3 not signed in, 4 not there or
//! not for you to see, 5 not allowed, 6 does not go with the state of things, 7 the server does not answer,
//! 130 broken off.

mod api;
mod data;
mod diff;
mod download;
mod error;
mod http;
mod list;
mod local;
mod log;
mod login;
mod progress;
mod pull;
mod push;
mod remembered;
mod retry;
mod servers;
mod show;
mod target;

pub use data::Data;
pub use login::Login;

use error::Error;
use std::process::ExitCode;

/// Keeps an access token for a server.
pub fn login(options: &Login) -> ExitCode {
    run(options.run())
}

/// Moves versions of data between a server and this machine.
pub fn data(options: &Data) -> ExitCode {
    run(options.run())
}

fn run(work: impl Future<Output = Result<(), Error>>) -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return end(Err(Error::here("no threads can be started")(error))),
    };
    let outcome = runtime.block_on(async {
        tokio::select! {
            outcome = work => outcome,
            _ = tokio::signal::ctrl_c() => Err(Error::BrokenOff),
        }
    });
    // Threads that still read files are not waited for.
    runtime.shutdown_background();
    end(outcome)
}

fn end(outcome: Result<(), Error>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("atelier: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}
