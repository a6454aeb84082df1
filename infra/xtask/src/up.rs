//! From nothing to a set-up link.

use crate::beside::beside;
use crate::cargo::cargo;
use crate::progress::Step;
use crate::tree::Tree;
use crate::{agent, base_image, dockerd, prerequisites, settings, web};
use anyhow::{Context, Result, bail};
use clap::Args;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// A server that does not answer by then has a problem, and has said which.
const START: Duration = Duration::from_secs(60);

#[derive(Args)]
pub(crate) struct Options {
    /// Where the database, the objects and Docker's log are kept.
    #[arg(long, default_value = ".data", value_name = "DIR")]
    data_dir: PathBuf,
    /// Address and port to serve on.
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// Quick to build, slow to run: for work on Atelier itself.
    #[arg(long)]
    dev: bool,
}

/// Builds, starts, and makes what sessions need while the server serves already.
pub(crate) fn up(tree: &Tree, options: &Options) -> Result<()> {
    // Ctrl-C goes to the server as well, which ends in order; sessions live on.
    ctrlc::set_handler(|| {})?;
    let begin = Instant::now();
    // Said now instead of after minutes of building, and not taken for the new server's answer.
    TcpListener::bind(options.listen).with_context(|| {
        let address = options.listen;
        format!("{address} is not free: another server may run there; stop it, or choose another by --listen")
    })?;
    prerequisites::ensure()?;
    let data = std::path::absolute(&options.data_dir)?;
    dockerd::ensure(&data)?;
    let (profile, page) = if options.dev { ("dev", web::Build::Dev) } else { ("up", web::Build::Up) };
    agent::build(tree, if options.dev { agent::PROFILE } else { profile })?;
    // Cargo compiles one after the other. What comes of the page's programs then needs one core.
    let page = web::compile(tree, page)?;
    let (program, ()) = beside(|| build(tree, profile), || page.finish(tree))?;

    let mut server = serve(tree, &program, &data, options)?;
    wait(&mut server, options.listen)?;
    let port = options.listen.port();
    eprintln!("✓ Serving on http://atelier.localhost:{port} after {} s", begin.elapsed().as_secs());
    if let Err(error) = base_image::make(tree) {
        eprintln!(
            "✗ {error:#}\n  Sessions cannot start before this is mended; then run: cargo xtask base-image"
        );
    }
    // The server finds it beside itself as soon as it is there.
    if let Err(error) = worker(tree, profile) {
        eprintln!("✗ {error:#}\n  Tables cannot be read before this is mended; the rest works");
    }
    let status = server.wait()?;
    if !status.success() {
        bail!("the server ended with {status}");
    }
    Ok(())
}

fn build(tree: &Tree, profile: &str) -> Result<PathBuf> {
    let mut step = Step::start("Server");
    let mut command = cargo(tree);
    step.run(command.args(["build", "--package=atelier", "--profile", profile]))?;
    step.done();
    Ok(tree.target.join(if profile == "dev" { "debug" } else { profile }).join("atelier"))
}

/// What computes on tables: DataFusion takes longer to build than all before it.
fn worker(tree: &Tree, profile: &str) -> Result<()> {
    let mut step = Step::start("Worker for tables");
    step.run(cargo(tree).args(["build", "--package=atelier-query-worker", "--profile", profile]))?;
    step.done();
    Ok(())
}

fn serve(tree: &Tree, program: &Path, data: &Path, options: &Options) -> Result<Child> {
    let mut command = Command::new(program);
    command.arg("serve").arg("--data-dir").arg(data).arg("--prepare-environments");
    command.arg("--listen").arg(options.listen.to_string()).current_dir(&tree.root);
    command.envs(settings::of_host(tree)?.into_iter().map(|setting| (setting.variable, setting.path)));
    command.spawn().with_context(|| format!("cannot start {}", program.display()))
}

fn wait(server: &mut Child, address: SocketAddr) -> Result<()> {
    let deadline = Instant::now() + START;
    while !answers(address) {
        if let Some(status) = server.try_wait()? {
            bail!("the server ended with {status}");
        }
        if Instant::now() > deadline {
            bail!("the server does not answer on {address}");
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}

fn answers(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        write!(stream, "GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}
