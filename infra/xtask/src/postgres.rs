//! A PostgreSQL of the tests' own: new, on a free port of the loopback, gone afterwards.

use crate::host;
use crate::progress::Step;
use anyhow::{Context, Result};
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::TempDir;

/// The server's own account: PostgreSQL refuses to run as root.
const ACCOUNT: &str = "postgres";

/// A running cluster; dropped, it is stopped and its files are removed.
pub(crate) struct Postgres {
    programs: PathBuf,
    folder: TempDir,
    port: u16,
}

impl Postgres {
    /// Makes and starts a cluster.
    pub(crate) fn start() -> Result<Self> {
        let mut step = Step::start("PostgreSQL for the tests");
        // Not in the target folder: the server's account may not be able to enter it.
        let folder = tempfile::Builder::new().prefix("atelier-postgres-").tempdir()?;
        if host::is_root() {
            let id = |flag| host::output(Command::new("id").args([flag, ACCOUNT]));
            chown(folder.path(), Some(id("-u")?.parse()?), Some(id("-g")?.parse()?))?;
        }
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let cluster = Self { programs: programs()?, folder, port };
        let mut make = cluster.command("initdb");
        make.args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"]);
        step.run(make.arg("--pgdata").arg(cluster.data()))?;
        let folder = cluster.folder.path().display();
        // What a crash would leave behind is of no interest here: no fsync.
        let options = format!(
            "-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} \
             -c fsync=off -c full_page_writes=off -c max_connections=300"
        );
        let mut start = cluster.command("pg_ctl");
        start.arg("start").arg("--wait").arg("--pgdata").arg(cluster.data());
        step.run(start.arg("--log").arg(cluster.folder.path().join("log")).arg("--options").arg(options))?;
        step.done();
        Ok(cluster)
    }

    /// Address of an empty database with every right, also to make others.
    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, program: &str) -> Command {
        let program = self.programs.join(program);
        let mut command = if host::is_root() {
            let mut command = Command::new("setpriv");
            command.args([format!("--reuid={ACCOUNT}"), format!("--regid={ACCOUNT}")]);
            command.arg("--init-groups").arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(self.folder.path());
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let mut stop = self.command("pg_ctl");
        stop.args(["stop", "--mode=immediate", "--pgdata"]).arg(self.data());
        if !host::succeeds(&mut stop) {
            eprintln!("✗ PostgreSQL in {} did not stop", self.folder.path().display());
        }
    }
}

/// The newest version's programs, where Debian and Ubuntu put them.
fn programs() -> Result<PathBuf> {
    let versions = fs::read_dir(Path::new("/usr/lib/postgresql")).context("PostgreSQL is not installed")?;
    let newest = versions
        .filter_map(Result::ok)
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path())))
        .max();
    newest.map(|(_, path)| path.join("bin")).context("/usr/lib/postgresql has no version")
}

#[cfg(test)]
mod tests {
    use super::Postgres;
    use std::net::TcpStream;

    #[test]
    fn it_listens_while_it_is_held_and_leaves_nothing() {
        let postgres = Postgres::start().unwrap();
        let (address, folder) = (("127.0.0.1", postgres.port), postgres.folder.path().to_owned());
        assert!(TcpStream::connect(address).is_ok());
        drop(postgres);
        assert!(TcpStream::connect(address).is_err());
        assert!(!folder.exists());
    }
}
