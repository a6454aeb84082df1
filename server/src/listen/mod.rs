//! The server's front door: from sockets to requests.
//!
//! - `accept`: each connection has a place among all (`capacity`) and those of its address (`callers`), and is made secure if the server has
//!   certificates (`tls`);
//! - `connection`: one that keeps the server waiting is closed;
//! - [`front`]: the outermost middleware, where a request begins and its answer ends;
//! - `redirect`: sends plain requests to the secure address.

mod accept;
mod callers;
mod capacity;
mod connection;
mod front;
mod head;
mod redirect;
pub mod tls;

pub use connection::Facts;
pub use front::front;

use crate::app::App;
use crate::config::Ports;
use crate::file_limit;
use accept::Door;
use actix_http::body::MessageBody;
use actix_http::{Request, Response};
use actix_server::Server;
use actix_service::{IntoServiceFactory, Service, ServiceFactory};
use actix_web::dev::AppConfig;
use actix_web::web::Data;
use anyhow::Context;
use callers::Callers;
use capacity::Capacity;
use std::fmt::Debug;
use std::net::SocketAddr;

/// Seconds for requests under way to end when the server is told to.
const SHUTDOWN: u64 = 5;

/// Listens on every address that the settings name. `application` is built once for each of the server's
/// threads.
///
/// # Errors
/// If an address cannot be listened on, or a certificate cannot be used.
pub fn start<F, I, S, B>(app: &Data<App>, application: F) -> anyhow::Result<Server>
where
    F: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request> + 'static,
    S: ServiceFactory<Request, Config = AppConfig, Error = actix_web::Error> + 'static,
    S::InitError: Debug,
    S::Response: Into<Response<B>> + 'static,
    S::Service: 'static,
    <S::Service as Service<Request>>::Future: 'static,
    B: MessageBody + 'static,
{
    let config = &app.config;
    let callers = Callers::new(config.connections_per_address, config.trusted_proxies.clone());
    let capacity = Capacity::of(file_limit::files());
    let tls = tls::open(config)?;
    let mut server = Server::build().shutdown_timeout(SHUTDOWN);
    let signal = server.graceful_shutdown_signal();
    let door = Door { capacity: capacity.clone(), callers: callers.clone(), tls };
    let make = move || accept::once_per_thread(accept::http(application.clone(), signal.clone()));
    let factory = accept::listener(door, make);
    server = server
        .bind("application", config.listen.as_str(), factory.clone())
        .with_context(|| format!("cannot listen on {} (setting listen)", config.listen))?;
    let listen: SocketAddr = config.listen.parse()?;
    for port in config.session_ports.iter().flat_map(Ports::iter) {
        let address = SocketAddr::new(listen.ip(), port);
        server = server
            .bind("session", address, factory.clone())
            .with_context(|| format!("cannot listen on {address} (setting session_ports)"))?;
    }
    if let Some(address) = &config.redirect_from {
        let app = app.clone();
        let make = move || redirect::http(app.clone());
        server = server
            .bind("redirect", address.as_str(), accept::listener(Door { capacity, callers, tls: None }, make))
            .with_context(|| format!("cannot listen on {address} (setting redirect_from)"))?;
    }
    Ok(server.run())
}
