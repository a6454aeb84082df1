//! JupyterHub with its local spawner and its own proxy, as its documentation begins.

use crate::child::{Child, free_port};
use crate::processes;
use anyhow::ensure;
use reqwest::{Method, StatusCode};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub const NAME: &str = "JupyterHub";
const TOKEN: &str = "bench-token";
const LOOK: Duration = Duration::from_millis(20);
const LIMIT: Duration = Duration::from_secs(180);

/// A hub with its proxy.
pub struct JupyterHub {
    process: Child,
    http: reqwest::Client,
    port: u16,
    _folder: TempDir,
}

impl JupyterHub {
    /// # Errors
    /// If it does not start.
    pub async fn start() -> anyhow::Result<JupyterHub> {
        let folder = tempfile::Builder::new().prefix("atelier-bench-hub").tempdir()?;
        let (port, hub, api) = (free_port()?, free_port()?, free_port()?);
        let configuration = configuration(folder.path(), [port, hub, api]);
        std::fs::write(folder.path().join("config.py"), configuration)?;
        let mut command = Command::new("jupyterhub");
        let process = Child::start(command.args(["-f", "config.py"]).current_dir(folder.path()))?;
        let http =
            reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?;
        let hub = JupyterHub { process, http, port, _folder: folder };
        hub.until("the hub answers", Method::GET, "hub/api/users/bench", StatusCode::OK).await?;
        Ok(hub)
    }

    /// Of hub and proxy together, megabytes.
    ///
    /// # Errors
    /// If they have ended.
    pub fn resident_mb(&self) -> anyhow::Result<f64> {
        processes::family(self.process.id()).into_iter().map(processes::resident_mb).sum()
    }

    /// From the wish for a server to its first answer.
    ///
    /// # Errors
    /// If it does not come up.
    pub async fn start_server(&self) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        let asked = self.ask(Method::POST, "hub/api/users/bench/server").await?;
        ensure!(asked.is_success(), "JupyterHub starts no server: {asked}");
        self.until("JupyterHub's server answers", Method::GET, "user/bench/api", StatusCode::OK).await?;
        Ok(begun.elapsed())
    }

    /// Ends the server that was started.
    ///
    /// # Errors
    /// If it does not end.
    pub async fn stop_server(&self) -> anyhow::Result<()> {
        let path = "hub/api/users/bench/server";
        self.until("JupyterHub's server ends", Method::DELETE, path, StatusCode::NO_CONTENT).await
    }

    async fn until(&self, what: &str, method: Method, path: &str, wanted: StatusCode) -> anyhow::Result<()> {
        let begun = Instant::now();
        loop {
            let answer = self.ask(method.clone(), path).await;
            if answer.as_ref().is_ok_and(|status| *status == wanted) {
                return Ok(());
            }
            ensure!(begun.elapsed() < LIMIT, "waited in vain: {what}: {answer:?}");
            tokio::time::sleep(LOOK).await;
        }
    }

    async fn ask(&self, method: Method, path: &str) -> reqwest::Result<StatusCode> {
        let request = self.http.request(method, format!("http://127.0.0.1:{}/{path}", self.port));
        let answer = request.header("authorization", format!("token {TOKEN}")).send().await?;
        let status = answer.status();
        answer.bytes().await?;
        Ok(status)
    }
}

fn configuration(folder: &Path, [port, hub, api]: [u16; 3]) -> String {
    let folder = folder.display();
    format!(
        "c.JupyterHub.bind_url = 'http://127.0.0.1:{port}'
c.JupyterHub.hub_bind_url = 'http://127.0.0.1:{hub}'
c.ConfigurableHTTPProxy.api_url = 'http://127.0.0.1:{api}'
c.JupyterHub.db_url = 'sqlite:///{folder}/hub.sqlite'
c.JupyterHub.cookie_secret_file = '{folder}/cookie_secret'
c.JupyterHub.authenticator_class = 'dummy'
c.JupyterHub.spawner_class = 'simple'
c.SimpleLocalProcessSpawner.home_dir_template = '{folder}/{{username}}'
c.Spawner.args = ['--allow-root']
c.Authenticator.allow_all = True
c.JupyterHub.services = [{{'name': 'bench', 'api_token': '{TOKEN}'}}]
c.JupyterHub.load_roles = [{{'name': 'bench', 'services': ['bench'], 'users': ['bench'],
  'scopes': ['admin:users', 'admin:servers', 'access:servers']}}]
c.JupyterHub.log_level = 'ERROR'
c.Spawner.start_timeout = 180
c.Spawner.http_timeout = 180
"
    )
}
