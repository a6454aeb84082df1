//! `atelier serve`: puts the parts together and runs until it is told to end. Sessions outlive it.

use crate::access::Policies;
use crate::access::live::Live;
use crate::accounts::expired;
use crate::accounts::last_seen::LastSeen;
use crate::accounts::password::Passwords;
use crate::accounts::set_up;
use crate::accounts::tries::Tries;
use crate::app::App;
use crate::artifacts;
use crate::channel::Channels;
use crate::config::{Config, Flags};
use crate::data;
use crate::db::Db;
use crate::disk;
use crate::environments::{self, Environments};
use crate::events::Hub;
use crate::file_limit;
use crate::http::viewer::Viewer;
use crate::http::{body, fetch_site, headers, health, openapi, page, span};
use crate::inside;
use crate::leases;
use crate::listen;
use crate::metrics::{self, Metrics};
use crate::mounts::Mounts;
use crate::objects::Objects;
use crate::routes;
use crate::session_host::{self, SessionHosts};
use crate::sessions;
use crate::storage;
use crate::tables::Tables;
use crate::tiers::host::Host;
use crate::trees;
use crate::uploads::{self, Uploads};
use crate::workloads::{self, Agent, Workloads};
use actix_web::middleware::from_fn;
use actix_web::web;
use anyhow::Context;
use atelier_sandbox::Docker;
use clap::Args;
use std::time::{Duration, Instant};
use tracing_actix_web::TracingLogger;

#[derive(Args)]
pub struct Options {
    #[command(flatten)]
    flags: Flags,
    /// Build all environments now, before anybody waits for them.
    #[arg(long)]
    prepare_environments: bool,
}

/// # Errors
/// If a setting is wrong, the database cannot be opened, the policy is empty, the data folder is in use by
/// another server, or the address cannot be listened on.
pub async fn run(options: Options) -> anyhow::Result<()> {
    let config = Config::load(&options.flags)?;
    log(&config);
    file_limit::raise();
    std::fs::create_dir_all(&config.data_dir)
        .with_context(|| format!("cannot make the data folder {}", config.data_dir.display()))?;
    let _lock = lock(&config)?;
    let policies = Policies::load().context("the policy cannot be used")?;
    let url = config.database_url();
    let db = web::block({
        let url = url.clone();
        move || Db::open(&url)
    })
    .await?
    .context("the database cannot be opened")?;
    let events = if db.is_sqlite() { Hub::default() } else { Hub::shared(url)? };
    let docker = Docker::connect(config.docker.as_deref().unwrap_or_default())
        .context("setting docker (ATELIER_DOCKER) is not an address of Docker")?;
    if config.session_ports.is_some() {
        db.read(session_host::only_for_one_organization).await?;
    }
    let installation = db.admit(workloads::installation_id).await?;
    let server = leases::server_id(&config.data_dir)?;
    let run = config.run_dir();
    std::fs::create_dir_all(&run).with_context(|| format!("cannot make {}", run.display()))?;
    let pool = config.network_pool.parse().map_err(|why| anyhow::anyhow!("setting network_pool: {why}"))?;
    let objects = Objects::start(&config).await?;
    let channels = Channels::new(run.clone());
    let app = web::Data::new(App {
        metrics: Metrics::new(db.timings(), channels.traffic()),
        environments: Environments::new(config.environments_dir.as_deref())?,
        workloads: Workloads::new(installation, Agent::install(&run)?, pool, server),
        docker,
        host: Host::default(),
        disk_seen: disk::Outside::default(),
        db,
        policies,
        events,
        live: Live::default(),
        objects,
        mounts: Mounts::default(),
        uploads: Uploads::default(),
        viewer: Viewer::new(&config)?,
        last_seen: LastSeen::default(),
        passwords: Passwords::new()?,
        tables: Tables::new(&config)?,
        tries: Tries::default(),
        channels,
        config,
    });
    tokio::spawn(app.live.clone().watch(app.db.clone()));
    tokio::spawn(app.last_seen.clone().write_regularly(app.db.clone()));
    tokio::spawn(expired::sweep_regularly(app.db.clone()));
    tokio::spawn(app.host.clone().watch(app.docker.clone()));
    workloads::spawn(&app);
    inside::spawn(app.clone()).context("no thread for the API inside workloads")?;
    tokio::spawn(sessions::watch_idle(app.clone()));
    tokio::spawn(disk::watch(app.clone()));
    tokio::spawn(data::collect_regularly(app.clone()));
    tokio::spawn(storage::measure_regularly(app.clone()));
    tokio::spawn(storage::bill_regularly(app.clone()));
    tokio::spawn(uploads::flush_regularly(app.clone()));
    tokio::spawn(uploads::expire_regularly(app.clone()));
    tokio::spawn(app.disk_seen.clone().watch(app.clone()));
    tokio::spawn(environments::repair(app.clone()));
    tokio::spawn(artifacts::sweep_regularly(app.clone()));
    tokio::spawn(trees::sweep_regularly(app.clone()));
    if options.prepare_environments {
        tokio::spawn(environments::prepare_all(app.clone()));
    }
    listen(app).await
}

/// For a server that is just ending, or was just killed, to let go of the data folder.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);

/// Held until the process ends: two servers on one folder would undo each other's work.
pub fn lock(config: &Config) -> anyhow::Result<std::fs::File> {
    let path = config.data_dir.join("lock");
    let file = std::fs::File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let deadline = Instant::now() + LOCK_PATIENCE;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(std::fs::TryLockError::WouldBlock) if Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(100));
            }
            Err(std::fs::TryLockError::WouldBlock) => anyhow::bail!(
                "another server already uses the data folder {}; stop it first, or give this one its own \
                 by --data-dir",
                config.data_dir.display()
            ),
            Err(std::fs::TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("cannot lock {}", path.display()));
            }
        }
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "what is no operation of the API: health, the document, the page"
)]
async fn listen(app: web::Data<App>) -> anyhow::Result<()> {
    tracing::info!(address = app.config.listen, url = app.config.public_url, "serving");
    for concern in app.config.concerns().into_iter().chain(listen::tls::concerns(&app.config)?) {
        tracing::warn!("{concern}");
    }
    let state = app.clone();
    let session_hosts = SessionHosts::new(app.clone());
    let server = listen::start(&app, move || {
        actix_web::App::new()
            .app_data(state.clone())
            .app_data(session_hosts.worker())
            .wrap(from_fn(body::before_the_guard))
            .wrap(from_fn(fetch_site::only_from_our_own_page))
            .wrap(from_fn(headers::add))
            .wrap(from_fn(metrics::measure))
            .wrap(TracingLogger::<span::Request>::new())
            .wrap(from_fn(session_host::dispatch))
            .wrap(from_fn(listen::front))
            .route("/healthz", web::get().to(health::healthz))
            .route("/readyz", web::get().to(health::readyz))
            .route("/metrics", web::get().to(metrics::scrape))
            .route("/api/v1/openapi.json", web::get().to(openapi::serve))
            .configure(|config| routes::all().configure(config))
            .default_service(web::to(page::serve))
    })?;
    if let Some(link) = set_up::link(&app).await? {
        println!("Set up Atelier: {link}");
    }
    server.await?;
    Ok(())
}

fn log(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("ATELIER_LOG").unwrap_or_else(|_| {
        // actix calls every malformed request of a stranger an error.
        tracing_subscriber::EnvFilter::new(
            "info,tracing_actix_web=error,actix_server=warn,actix_http::h1=off",
        )
    });
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if config.log_json { log.json().init() } else { log.init() }
}
