//! The proxies that ours is compared with, before the same backend.

use crate::child::{Child, free_port};
use crate::target::Target;
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

pub const CHP: &str = "CHP";
pub const NGINX: &str = "nginx";

/// A peer, running.
pub struct Peer {
    pub target: Target,
    _process: Child,
    _folder: Option<TempDir>,
}

/// The backend outside of any container.
///
/// # Errors
/// If it does not start.
pub async fn backend() -> anyhow::Result<(Child, u16)> {
    let port = free_port()?;
    let mut process = Child::start(Command::new(crate::ours::backend()?).arg(port.to_string()))?;
    process.listens(port).await?;
    Ok((process, port))
}

/// # Errors
/// If it does not start.
pub async fn chp(backend: u16) -> anyhow::Result<Peer> {
    let (port, api) = (free_port()?, free_port()?);
    let mut command = Command::new("configurable-http-proxy");
    command.args(["--ip", "127.0.0.1", "--port", &port.to_string()]);
    command.args(["--api-ip", "127.0.0.1", "--api-port", &api.to_string(), "--log-level", "error"]);
    command.args(["--default-target", &format!("http://127.0.0.1:{backend}")]);
    let mut process = Child::start(command.env("CONFIGPROXY_AUTH_TOKEN", "bench"))?;
    process.listens(port).await?;
    Ok(Peer { target: Target::plain(CHP, port), _process: process, _folder: None })
}

/// # Errors
/// If it does not start.
pub async fn nginx(backend: u16) -> anyhow::Result<Peer> {
    let port = free_port()?;
    let folder = tempfile::Builder::new().prefix("atelier-bench-nginx").tempdir()?;
    let file = folder.path().join("nginx.conf");
    std::fs::write(&file, configuration(folder.path(), port, backend))?;
    let mut process = Child::start(Command::new("nginx").arg("-c").arg(&file))?;
    process.listens(port).await?;
    Ok(Peer { target: Target::plain(NGINX, port), _process: process, _folder: Some(folder) })
}

/// As people set nginx before Jupyter, with connections kept open and nothing written to disk.
fn configuration(folder: &Path, port: u16, backend: u16) -> String {
    let folder = folder.display();
    format!(
        "user root; worker_processes auto; daemon off; pid {folder}/pid; error_log {folder}/log;
         events {{ worker_connections 4096; }}
         http {{
           access_log off;
           client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
           fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
           upstream backend {{ server 127.0.0.1:{backend}; keepalive 64; }}
           map $http_upgrade $upgraded {{ default upgrade; '' ''; }}
           server {{
             listen 127.0.0.1:{port};
             location / {{
               proxy_pass http://backend;
               proxy_http_version 1.1;
               proxy_set_header Host $http_host;
               proxy_set_header Upgrade $http_upgrade;
               proxy_set_header Connection $upgraded;
               proxy_buffer_size 64k; proxy_buffers 16 64k; proxy_max_temp_file_size 0;
             }}
           }}
         }}"
    )
}
