//! The first process of every container of a workload, and the program of the platform's own one-shot
//! containers.
//!
//! Without arguments it reads its bootstrap from standard input, runs the tool and speaks with the server
//! over the workload's Unix socket. `prepare FOLDER...` hands volumes to the tools' user; `chroot ROOT
//! PROGRAM ARGUMENT...` runs one of the host's programs; `measure FOLDER...` prints how many bytes they hold; `fill
//! FOLDER` puts the files of a version into a volume. It is trusted no more than the container it is in.

mod api;
mod bootstrap;
mod cgroup;
mod control;
mod disk;
mod files;
mod fill;
mod http;
mod jupyter;
mod observe;
mod output;
mod platform;
mod pool;
mod status;
mod supervise;
mod tool;

use std::{ffi::OsString, process::ExitCode};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let command = arguments.next();
    match command.as_ref().map(|command| command.to_str().unwrap_or_default()) {
        None => run_tool(),
        Some("prepare") => exit(platform::prepare(arguments)),
        Some("measure") => exit(disk::tell(arguments)),
        Some("fill") => exit_as(fill::fill(arguments)),
        Some("chroot") => exit(platform::chroot(arguments)),
        Some(_) => exit(Err(format!("unknown command {}", display(command)))),
    }
}

fn run_tool() -> ExitCode {
    // One thread: the agent's memory is the workload's, and copying bytes is not its bottleneck.
    match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => {
            let code = runtime.block_on(supervise::run());
            // Tasks that wait for the server must not hold up the end.
            runtime.shutdown_background();
            ExitCode::from(code)
        }
        Err(error) => exit(Err(format!("cannot start: {error}"))),
    }
}

fn exit(outcome: Result<(), String>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("atelier-agent: {cause}");
            ExitCode::FAILURE
        }
    }
}

/// The code tells why.
fn exit_as(outcome: Result<(), fill::Failure>) -> ExitCode {
    let failed = |failure: fill::Failure| {
        eprintln!("{failure}");
        failure.exit()
    };
    outcome.map_or_else(failed, |()| ExitCode::SUCCESS)
}

fn display(argument: Option<OsString>) -> String {
    argument.unwrap_or_default().to_string_lossy().into_owned()
}
