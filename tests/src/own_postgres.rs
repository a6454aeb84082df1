//! A PostgreSQL server of the test's own, to be done harm to.

use anyhow::Context;
use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// PostgreSQL refuses to run as root.
const ACCOUNT: &str = "postgres";

/// Killed when dropped, and its files are removed.
pub struct OwnPostgres {
    programs: PathBuf,
    folder: TempDir,
    port: u16,
}

impl OwnPostgres {
    /// Makes a cluster and starts it.
    ///
    /// # Errors
    /// If PostgreSQL is not installed or does not start.
    pub fn start() -> anyhow::Result<OwnPostgres> {
        let folder = tempfile::Builder::new().prefix("atelier-postgres").tempdir()?;
        let owned = Command::new("chown").arg(ACCOUNT).arg(folder.path()).status()?;
        anyhow::ensure!(owned.success(), "the account {ACCOUNT} is not there; install postgresql");
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let postgres = OwnPostgres { programs: programs()?, folder, port };
        let make = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
        postgres.run("initdb", &make)?;
        postgres.start_again()?;
        Ok(postgres)
    }

    /// The address of its database.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    /// Starts it after [`OwnPostgres::stop`] or [`OwnPostgres::kill`].
    ///
    /// # Errors
    /// If it does not come up.
    pub fn start_again(&self) -> anyhow::Result<()> {
        let folder = self.folder.path().display();
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off",
            self.port
        );
        self.run(
            "pg_ctl",
            &["start", "--wait", "--silent", "--log", &format!("{folder}/log"), "-o", &options],
        )
    }

    /// Stops it as a service manager does; connections are cut.
    ///
    /// # Errors
    /// If it does not run.
    pub fn stop(&self) -> anyhow::Result<()> {
        self.run("pg_ctl", &["stop", "--mode=fast", "--wait", "--silent"])
    }

    /// Kills all of its processes.
    ///
    /// # Errors
    /// If it does not run.
    pub fn kill(&self) -> anyhow::Result<()> {
        self.signal("KILL")
    }

    /// Sends a signal to all of its processes.
    ///
    /// # Errors
    /// If it does not run.
    pub fn signal(&self, name: &str) -> anyhow::Result<()> {
        let file =
            fs::read_to_string(self.data().join("postmaster.pid")).context("PostgreSQL does not run")?;
        let master = file.lines().next().unwrap_or_default();
        let children = fs::read_to_string(format!("/proc/{master}/task/{master}/children"))?;
        // The first makes others; it is stopped before them and goes on after them.
        for pid in std::iter::once(master).chain(children.split_whitespace()) {
            // A process that serves one connection may end meanwhile.
            if let Err(error) = crate::signal(pid.parse()?, name) {
                anyhow::ensure!(pid != master, error);
            }
        }
        Ok(())
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn run(&self, program: &str, words: &[&str]) -> anyhow::Result<()> {
        let mut command = Command::new("setpriv");
        command.args([&format!("--reuid={ACCOUNT}"), &format!("--regid={ACCOUNT}"), "--init-groups"]);
        command.arg(self.programs.join(program)).args(words).arg("--pgdata").arg(self.data());
        command.current_dir(self.folder.path()).stdin(Stdio::null()).stdout(Stdio::null());
        let status = command.status().with_context(|| format!("{program} cannot be started"))?;
        anyhow::ensure!(status.success(), "{program}: {status}");
        Ok(())
    }
}

impl Drop for OwnPostgres {
    fn drop(&mut self) {
        // It may have been stopped or killed by the test.
        self.signal("CONT").ok();
        self.run("pg_ctl", &["stop", "--mode=immediate", "--silent"]).ok();
    }
}

/// The newest version's programs, where Debian and Ubuntu put them.
fn programs() -> anyhow::Result<PathBuf> {
    let versions = fs::read_dir(Path::new("/usr/lib/postgresql")).context("PostgreSQL is not installed")?;
    let newest = versions
        .filter_map(Result::ok)
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path())))
        .max();
    newest.map(|(_, path)| path.join("bin")).context("/usr/lib/postgresql has no version")
}
