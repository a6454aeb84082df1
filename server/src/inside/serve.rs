//! HTTP on the connections of programs inside workloads, on a thread of its own.

use crate::access::live::{Live, LiveConnection};
use crate::access::{FromWorkload, Inside};
use crate::app::App;
use crate::channel::{Program, Requests};
use crate::error::Error;
use crate::http::{body, headers, span};
use crate::routes;
use actix_http::{HttpService, Protocol};
use actix_service::{Service, ServiceFactory, map_config};
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, ServiceRequest, ServiceResponse};
use actix_web::middleware::{Next, from_fn};
use actix_web::rt::Runtime;
use actix_web::{HttpResponse, ResponseError, web};
use std::collections::HashMap;
use std::io;
use std::rc::{Rc, Weak};
use std::time::Duration;
use tokio::sync::mpsc::Receiver;
use tracing_actix_web::TracingLogger;

/// For a request's head to come.
const HEAD: Duration = Duration::from_secs(10);
/// Between two requests on one connection.
const KEPT: Duration = Duration::from_secs(60);
/// Sent by browsers only.
const OF_BROWSERS: [&str; 2] = ["origin", "sec-fetch-site"];

/// Serves until the server ends.
///
/// # Errors
/// If there can be no thread for it.
pub fn spawn(app: web::Data<App>) -> io::Result<()> {
    let Some(programs) = app.channels.programs() else { return Ok(()) };
    let serving = move || match Runtime::new() {
        Ok(runtime) => runtime.block_on(serve(app.live.clone(), programs, |config| {
            routes::all().configure(config.app_data(app.clone()));
            config.default_service(web::to(nothing_here));
        })),
        Err(error) => tracing::error!(%error, "the API cannot be offered inside workloads"),
    };
    std::thread::Builder::new().name("inside".to_owned()).spawn(serving).map(drop)
}

/// Answers the programs by these routes and no others.
pub(super) async fn serve(
    live: Live,
    mut programs: Receiver<Program>,
    routes: impl FnOnce(&mut web::ServiceConfig),
) {
    let application = actix_web::App::new()
        .wrap(from_fn(body::before_the_guard))
        .wrap(from_fn(in_turn))
        .wrap(from_fn(headers::add))
        .wrap(TracingLogger::<span::Request>::new())
        .configure(routes);
    let http = HttpService::build()
        .client_request_timeout(HEAD)
        .keep_alive(KEPT)
        .on_connect_ext(|program: &Program, connection| {
            let requests = program.requests();
            connection.insert(FromWorkload(requests.workload().to_owned()));
            connection.insert(requests);
        })
        .finish(map_config(application, |()| AppConfig::default()));
    let http = match http.new_service(()).await {
        Ok(http) => Rc::new(http),
        Err(()) => return tracing::error!("the API cannot be offered inside workloads"),
    };
    let mut admissions = Admissions::default();
    while let Some(program) = programs.recv().await {
        let Ok(program) = program.on_this_thread() else { continue };
        let admission = admissions.of(&live, program.requests().workload());
        let http = http.clone();
        actix_web::rt::spawn(async move {
            let (closed, ended) = (program.closed(), admission.cancelled());
            tokio::select! {
                // Whatever a program does wrong with its own connection has ended it.
                _ = http.call((program, Protocol::Http1, None)) => {}
                () = closed => {}
                () = ended => {}
            }
            drop(admission);
        });
    }
}

/// The rights of the workloads that have connections, each asked for once however many these are.
#[derive(Default)]
struct Admissions(HashMap<String, Weak<LiveConnection>>);

impl Admissions {
    fn of(&mut self, live: &Live, workload: &str) -> Rc<LiveConnection> {
        let known = self.0.get(workload).and_then(Weak::upgrade);
        if let Some(known) = known.filter(|known| !known.is_cancelled()) {
            return known;
        }
        let id = workload.to_owned();
        let admission = Rc::new(live.register(move |connection, _| Inside::lasts(connection, &id)));
        self.0.retain(|_, known| known.strong_count() > 0);
        self.0.insert(workload.to_owned(), Rc::downgrade(&admission));
        admission
    }
}

/// One workload's requests do not take the others' turn. A browser gets here only through a proxy that the
/// tool itself offers, led by a page of somebody else: it is no program of the person's.
async fn in_turn(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    if OF_BROWSERS.iter().any(|name| request.headers().contains_key(*name)) {
        let error =
            Error::refused("browser", "This address is for programs inside the session, not browsers.");
        return Ok(request.into_response(error.error_response()).map_into_right_body());
    }
    if let Some(requests) = request.conn_data::<Requests>().cloned() {
        requests.turn().await;
    }
    Ok(next.call(request).await?.map_into_left_body())
}

async fn nothing_here() -> HttpResponse {
    Error::not_found().error_response()
}
