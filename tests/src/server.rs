//! A real server: the program in a process of its own.

use crate::secure::{Authority, Tunnel};
use crate::{Client, Database, TestDatabase, until};
use crate::{docker, program};
use anyhow::Context;
use bollard::Docker;
use std::ffi::OsStr;
use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// A debug build on a busy machine may take its time.
const READY: Duration = Duration::from_secs(60);
/// A port that was free may be taken a moment later.
const ATTEMPTS: usize = 5;
/// Where no Docker answers: for tests that need none.
pub const NO_DOCKER: &str = "unix:///nonexistent/docker.sock";

/// In the test's folder: the server's data, its standard output and its log.
const DATA: &str = "data";
const CONSOLE: &str = "console";
const LOG: &str = "log";

/// Settings beyond those that the harness makes, by their names in the environment without `ATELIER_`.
pub type Settings = [(&'static str, String)];

/// Killed when dropped; the test fails if the server panicked. What it made on Docker is removed.
pub struct TestServer {
    process: Child,
    port: u16,
    folder: TempDir,
    settings: Vec<(&'static str, String)>,
    /// Programs that start the server in their own place, with their arguments: `prlimit`, `env`, …
    under: Vec<String>,
    pub database: Arc<TestDatabase>,
    /// Clients without TLS come through here, if the server has it.
    tunnel: Option<Tunnel>,
}

impl TestServer {
    /// A server that finds no Docker.
    pub async fn start(database: Database) -> anyhow::Result<TestServer> {
        TestServer::start_with(database, &[("DOCKER", NO_DOCKER.to_owned())]).await
    }

    /// A server with real Docker, unless the settings say otherwise.
    ///
    /// # Errors
    /// If it does not come up; with its log.
    pub async fn start_with(database: Database, settings: &Settings) -> anyhow::Result<TestServer> {
        TestServer::start_under(&[], database, settings).await
    }

    /// As [`TestServer::start_with`], by programs that in the end become the server: `["prlimit",
    /// "--nofile=256"]`.
    ///
    /// # Errors
    /// If it does not come up; with its log.
    pub async fn start_under(
        under: &[&str],
        database: Database,
        settings: &Settings,
    ) -> anyhow::Result<TestServer> {
        let folder = tempfile::Builder::new().prefix("atelier-test").tempdir()?;
        let database = Arc::new(TestDatabase::create(database, folder.path())?);
        let under = under.iter().map(|&word| word.to_owned()).collect();
        TestServer::on(database, folder, settings.to_vec(), under, None).await
    }

    /// A server on a database that the test has made itself.
    ///
    /// # Errors
    /// If it does not come up; with its log.
    pub async fn start_on(database: Arc<TestDatabase>, settings: &Settings) -> anyhow::Result<TestServer> {
        let folder = tempfile::Builder::new().prefix("atelier-test").tempdir()?;
        TestServer::on(database, folder, settings.to_vec(), Vec::new(), None).await
    }

    /// A server with TLS, whose certificate is where this authority has its files unless the settings say
    /// otherwise. Its clients come through a tunnel.
    ///
    /// # Errors
    /// If it does not come up; with its log.
    pub async fn start_secure(
        database: Database,
        authority: &Authority,
        settings: &Settings,
    ) -> anyhow::Result<TestServer> {
        let folder = tempfile::Builder::new().prefix("atelier-test").tempdir()?;
        let database = Arc::new(TestDatabase::create(database, folder.path())?);
        let [certificate, key] = authority.files().map(|file| file.display().to_string());
        let mut settings = settings.to_vec();
        if !settings.iter().any(|(name, _)| *name == "TLS_CERTIFICATE") {
            settings.extend([("TLS_CERTIFICATE", certificate), ("TLS_KEY", key)]);
        }
        TestServer::on(database, folder, settings, Vec::new(), Some(authority)).await
    }

    /// A server whose data folder and database, given by its address, `prepare` has filled.
    ///
    /// # Errors
    /// If `prepare` fails, or it does not come up; with its log.
    pub async fn prepared<F: Future<Output = anyhow::Result<()>>>(
        database: Database,
        settings: &Settings,
        prepare: impl FnOnce(PathBuf, String) -> F,
    ) -> anyhow::Result<TestServer> {
        TestServer::prepared_under(&[], database, settings, prepare).await
    }

    /// As [`TestServer::prepared`], started as by [`TestServer::start_under`].
    ///
    /// # Errors
    /// If `prepare` fails, or it does not come up; with its log.
    pub async fn prepared_under<F: Future<Output = anyhow::Result<()>>>(
        under: &[&str],
        database: Database,
        settings: &Settings,
        prepare: impl FnOnce(PathBuf, String) -> F,
    ) -> anyhow::Result<TestServer> {
        let folder = tempfile::Builder::new().prefix("atelier-test").tempdir()?;
        let database = Arc::new(TestDatabase::create(database, folder.path())?);
        prepare(folder.path().join(DATA), database.url.clone()).await?;
        let under = under.iter().map(|&word| word.to_owned()).collect();
        TestServer::on(database, folder, settings.to_vec(), under, None).await
    }

    /// Another server on the same database, with a data folder of its own.
    pub async fn second(&self) -> anyhow::Result<TestServer> {
        self.second_with(&self.settings).await
    }

    /// As [`TestServer::second`], with settings of its own.
    pub async fn second_with(&self, settings: &Settings) -> anyhow::Result<TestServer> {
        let folder = tempfile::Builder::new().prefix("atelier-test").tempdir()?;
        TestServer::on(self.database.clone(), folder, settings.to_vec(), self.under.clone(), None).await
    }

    /// What another server says that is started on the same data folder, as it ends.
    ///
    /// # Errors
    /// If it cannot be started, or does not end by itself, or ends well.
    pub async fn refusal_of_another(&self) -> anyhow::Result<String> {
        let mut command = program::command(&["serve"], &self.data_dir(), &self.database.url);
        command.args(["--listen", "127.0.0.1:0"]).env("ATELIER_DOCKER", NO_DOCKER);
        let output = tokio::time::timeout(READY, program::run(command)).await.context("it goes on")??;
        anyhow::ensure!(!output.status.success(), "it ended well");
        Ok(program::said(&output))
    }

    async fn on(
        database: Arc<TestDatabase>,
        folder: TempDir,
        settings: Vec<(&'static str, String)>,
        under: Vec<String>,
        authority: Option<&Authority>,
    ) -> anyhow::Result<TestServer> {
        for _ in 0..ATTEMPTS {
            let port = free_port()?;
            let mut process = spawn(&under, port, folder.path(), &database.url, &settings)?;
            let tunnel = match authority {
                Some(authority) => Some(Tunnel::open(authority, port).await?),
                None => None,
            };
            if comes_up(&mut process, tunnel.as_ref().map_or(port, Tunnel::port)).await? {
                return Ok(TestServer { process, port, folder, settings, under, database, tunnel });
            }
            let log = read(folder.path(), LOG);
            anyhow::ensure!(log.contains("cannot listen on"), "the server ended at its start:\n{log}");
        }
        anyhow::bail!("no port was free")
    }

    pub fn port(&self) -> u16 {
        self.port
    }

    /// Of its process.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// The Docker that it uses; `None` if it is to find none.
    ///
    /// # Errors
    /// If its address is none.
    pub fn docker(&self) -> anyhow::Result<Option<Docker>> {
        match self.settings.iter().find(|(name, _)| *name == "DOCKER") {
            None => docker::connect().map(Some),
            Some((_, address)) if address == NO_DOCKER => Ok(None),
            Some((_, address)) => docker::connect_to(address).map(Some),
        }
    }

    pub fn data_dir(&self) -> PathBuf {
        self.folder.path().join(DATA)
    }

    /// A browser that nobody has signed in with.
    pub fn client(&self) -> Client {
        Client::new(self.plain_port())
    }

    /// Where clients without TLS are served.
    fn plain_port(&self) -> u16 {
        self.tunnel.as_ref().map_or(self.port, Tunnel::port)
    }

    /// Ends the server as a power cut would.
    ///
    /// # Errors
    /// If it had ended already.
    pub fn kill9(&mut self) -> anyhow::Result<()> {
        let ended = self.process.try_wait()?;
        anyhow::ensure!(
            ended.is_none(),
            "the server had ended already: {}\n{}",
            ended.unwrap_or_default(),
            self.log()
        );
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }

    /// Whether it has ended by itself, or was killed from outside.
    pub fn has_ended(&self) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.id()));
        stat.map_or(true, |stat| stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with(['Z', 'X'])))
    }

    /// Asks it to end, as a service manager does, and waits until it has.
    ///
    /// # Errors
    /// If it has ended already.
    pub async fn terminate(&mut self) -> anyhow::Result<()> {
        signal(self.id(), "TERM")?;
        until("the server ends", READY, || async { self.has_ended().then_some(()) }).await;
        Ok(())
    }

    /// Starts it again after its end, on the same data and port.
    ///
    /// # Errors
    /// If it does not come up; with its log.
    pub async fn restart(&mut self) -> anyhow::Result<()> {
        anyhow::ensure!(self.has_ended(), "the server still runs");
        self.process.wait()?;
        self.process = spawn(&self.under, self.port, self.folder.path(), &self.database.url, &self.settings)?;
        let port = self.plain_port();
        anyhow::ensure!(
            comes_up(&mut self.process, port).await?,
            "the server did not start again:\n{}",
            self.log()
        );
        Ok(())
    }

    /// The token of the newest set-up link on the console.
    ///
    /// # Errors
    /// If there is none.
    pub async fn setup_token(&self) -> anyhow::Result<String> {
        let link = until("the console shows a set-up link", READY, || async {
            let console = read(self.folder.path(), CONSOLE);
            console.lines().rev().find_map(|line| Some(line.strip_prefix("Set up Atelier: ")?.to_owned()))
        })
        .await;
        let token = link.split_once("token=").map(|(_, token)| token.to_owned());
        token.with_context(|| format!("the link has no token: {link}"))
    }

    /// What it wrote to its log.
    pub fn log(&self) -> String {
        read(self.folder.path(), LOG)
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        // It may have ended by itself, or been killed by the test.
        self.process.kill().ok();
        self.process.wait().ok();
        if let Ok(Some(docker)) = self.docker()
            && let Ok(ids) = self.database.lines("SELECT id AS line FROM installation")
        {
            ids.iter().for_each(|id| docker::remove_everything_of(&docker, id));
        }
        let log = self.log();
        let panicked = log.lines().find(|line| line.contains("panicked at"));
        if std::thread::panicking() {
            let tail: Vec<&str> = log.lines().rev().take(40).collect();
            eprintln!("The server's log ends:\n{}", tail.into_iter().rev().collect::<Vec<_>>().join("\n"));
        } else if let Some(line) = panicked {
            panic!("the server panicked: {line}");
        }
    }
}

fn read(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap_or_default()
}

/// Whether the server serves; otherwise it has ended.
async fn comes_up(process: &mut Child, port: u16) -> anyhow::Result<bool> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let url = format!("http://127.0.0.1:{port}/readyz");
    let up = until("the server becomes ready", READY, || {
        let request = client.get(&url).send();
        let ended = !matches!(process.try_wait(), Ok(None));
        async move {
            if ended {
                return Some(false);
            }
            request.await.is_ok_and(|answer| answer.status().is_success()).then_some(true)
        }
    });
    Ok(up.await)
}

fn free_port() -> anyhow::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

fn spawn(
    under: &[String],
    port: u16,
    folder: &Path,
    database_url: &str,
    settings: &[(&'static str, String)],
) -> anyhow::Result<Child> {
    let append = |name: &str| File::options().create(true).append(true).open(folder.join(name));
    let program = program::path();
    let words: Vec<&OsStr> = under.iter().map(OsStr::new).chain([program.as_os_str()]).collect();
    let mut command = Command::new(words[0]);
    command
        .args(&words[1..])
        .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data-dir"])
        .arg(folder.join(DATA))
        .env("ATELIER_DATABASE_URL", database_url)
        .envs(settings.iter().map(|(name, value)| (format!("ATELIER_{name}"), value)))
        .stdin(Stdio::null())
        .stdout(append(CONSOLE)?)
        .stderr(append(LOG)?);
    command.spawn().with_context(|| {
        format!("{} cannot be started: build it, or set ATELIER_BIN to where it is", program.display())
    })
}

/// Sends a signal to a process.
///
/// # Errors
/// If there is no such process.
pub fn signal(pid: u32, name: &str) -> anyhow::Result<()> {
    let sent = Command::new("kill").args(["-s", name, &pid.to_string()]).status()?;
    anyhow::ensure!(sent.success(), "no signal {name} to process {pid}: {sent}");
    Ok(())
}
