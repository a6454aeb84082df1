//! From a socket to HTTP.

use super::callers::Callers;
use super::capacity::Capacity;
use super::connection::{Connection, Facts, KEEP_ALIVE};
use super::tls::{self, Acceptor};
use actix_http::body::MessageBody;
use actix_http::error::DispatchError;
use actix_http::{HttpService, Protocol, Request, Response};
use actix_server::{GracefulShutdownSignal, ServerServiceFactory};
use actix_service::boxed::{BoxFuture, RcService, rc_service};
use actix_service::{
    IntoService, IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt, fn_factory, map_config,
};
use actix_web::dev::AppConfig;
use actix_web::rt::net::TcpStream;
use rustix::net::sockopt::set_tcp_user_timeout;
use std::cell::RefCell;
use std::fmt::Debug;
use std::net::SocketAddr;
use std::rc::{Rc, Weak};
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::either::Either;

/// For a client to finish the head of its first request. Longer than the ten seconds after which Chromium drops
/// a connection that it opened ahead: a 408 on one that it is about to use leaves a script unloaded and the
/// page empty.
const HEAD: Duration = Duration::from_secs(15);
/// For a client to agree on a secure connection.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// For a client to take note that its connection ends.
const GOODBYE: Duration = Duration::from_secs(2);
/// For a client to take anything of what is sent to it, in milliseconds. The kernel watches it.
const TAKES_NOTHING: u32 = 60_000;
/// Bytes of an answer that are written at once.
const WRITE_BUFFER: usize = 256 * 1024;

type Incoming = (Connection, Protocol, Option<SocketAddr>);
pub(super) type Handler = RcService<Incoming, (), DispatchError>;

/// What every connection passes.
#[derive(Clone)]
pub(super) struct Door {
    pub(super) capacity: Capacity,
    pub(super) callers: Callers,
    /// Absent: connections are plain.
    pub(super) tls: Option<Acceptor>,
}

/// Speaks HTTP for the application.
pub(super) async fn http<F, I, S, B>(application: F, signal: GracefulShutdownSignal) -> Result<Handler, ()>
where
    F: Fn() -> I,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig, Error = actix_web::Error> + 'static,
    S::InitError: Debug,
    S::Response: Into<Response<B>> + 'static,
    S::Service: 'static,
    <S::Service as Service<Request>>::Future: 'static,
    B: MessageBody + 'static,
{
    let application = application().into_factory().map_err(|error| error.error_response());
    let service = HttpService::build()
        .keep_alive(KEEP_ALIVE)
        .client_request_timeout(HEAD)
        .client_disconnect_timeout(GOODBYE)
        .h1_write_buffer_size(WRITE_BUFFER)
        .graceful_shutdown_signal(move || {
            let signal = signal.clone();
            async move { signal.notified().await }
        })
        .on_connect_ext(|connection: &Connection, data| {
            data.insert(connection.facts());
        })
        .finish(map_config(application, |()| AppConfig::default()));
    service.new_service(()).await.map(rc_service)
}

type Answered = BoxFuture<Result<(), DispatchError>>;
type Shared = Weak<dyn Service<Incoming, Response = (), Error = DispatchError, Future = Answered>>;

thread_local! {
    /// Kept by the services that use it, because it must end before its thread does.
    static APPLICATION: RefCell<Option<Shared>> = const { RefCell::new(None) };
}

/// However many addresses are listened on, each of the server's threads has the application once.
pub(super) async fn once_per_thread(make: impl Future<Output = Result<Handler, ()>>) -> Result<Handler, ()> {
    if let Some(handler) = APPLICATION.with_borrow(|shared| shared.as_ref()?.upgrade()) {
        return Ok(handler);
    }
    let handler = make.await?;
    APPLICATION.set(Some(Rc::downgrade(&handler)));
    Ok(handler)
}

/// What actix calls on each of its threads for an address that is listened on.
pub(super) fn listener<F, Fut>(door: Door, make: F) -> impl ServerServiceFactory<TcpStream>
where
    F: Fn() -> Fut + Clone + Send + 'static,
    Fut: Future<Output = Result<Handler, ()>> + 'static,
{
    move || {
        let (door, make) = (door.clone(), make.clone());
        fn_factory(move || {
            let (door, handler) = (door.clone(), make());
            async move {
                let handler = handler.await?;
                let enter = move |stream| enter(door.clone(), handler.clone(), stream);
                Ok::<_, ()>(enter.into_service())
            }
        })
    }
}

async fn enter(door: Door, handler: Handler, stream: TcpStream) -> Result<(), DispatchError> {
    let Some(room) = door.capacity.enter() else {
        if door.tls.is_none() {
            door.capacity.refuse(stream).await;
        }
        return Ok(());
    };
    let peer = stream.peer_addr()?;
    let Some(place) = door.callers.enter(peer.ip()) else { return Ok(()) };
    stream.set_nodelay(true)?;
    set_tcp_user_timeout(&stream, TAKES_NOTHING).map_err(std::io::Error::from)?;
    let facts = Facts::new(stream.local_addr()?.port());
    let (stream, protocol) = match &door.tls {
        None => (Either::Left(stream), Protocol::Http1),
        Some(tls) => match timeout(HANDSHAKE, tls.accept(stream)).await {
            Ok(Ok(stream)) if stream.get_ref().1.alpn_protocol() == Some(tls::HTTP_2) => {
                (Either::Right(stream), Protocol::Http2)
            }
            Ok(Ok(stream)) => (Either::Right(stream), Protocol::Http1),
            // Scanners and browsers that do not know the certificate's issuer: nothing to be done.
            Ok(Err(_)) | Err(_) => return Ok(()),
        },
    };
    handler.call((Connection::new(stream, protocol, facts, (room, place)), protocol, Some(peer))).await
}
