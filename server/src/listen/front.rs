//! Where a request begins and its answer ends.

use super::connection::{Facts, UnderWay};
use crate::app::App;
use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::error::PayloadError;
use actix_web::http::header::{
    CONTENT_LENGTH, HOST, HeaderValue, STRICT_TRANSPORT_SECURITY, TRANSFER_ENCODING, UPGRADE,
};
use actix_web::http::{ConnectionType, Version};
use actix_web::middleware::Next;
use actix_web::{HttpMessage, HttpResponse, web};
use futures::{Stream, StreamExt, stream};
use pin_project_lite::pin_project;
use std::io::ErrorKind;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// Between two parts of a body. Who sends nothing for so long has gone.
const BODY: Duration = Duration::from_secs(30);

/// For a connection to end whose last answer was given.
const OVER: Duration = Duration::from_secs(1);
/// For which browsers come by TLS only, in seconds. Not for hosts below: they may be somebody else's.
const A_YEAR: &str = "max-age=31536000";

/// The outermost middleware: counts the request as under way until its answer has been sent, waits for its
/// body no longer than [`BODY`], and makes requests of HTTP/2 look like others.
pub async fn front(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let facts = request.conn_data::<Rc<Facts>>().cloned();
    let http_2 = request.version() == Version::HTTP_2;
    if !http_2 && facts.as_ref().is_some_and(|facts| facts.is_over()) {
        // actix answers all that has come in with the request before. It looks at the connection first.
        sleep(OVER).await;
        return Ok(request.into_response(HttpResponse::BadRequest().finish()).map_into_right_body());
    }
    let under_way = match facts.as_ref().map(Facts::begin) {
        Some(None) => {
            let refused = HttpResponse::ServiceUnavailable().finish();
            return Ok(request.into_response(refused).map_into_right_body());
        }
        under_way => under_way.flatten(),
    };
    if http_2 {
        as_http_1(&mut request);
    }
    if !request.headers().contains_key(UPGRADE) {
        match request.take_payload() {
            Payload::None => {}
            payload => request.set_payload(Payload::Stream { payload: Box::pin(patient(payload)) }),
        }
    }
    let app = request.app_data::<web::Data<App>>().cloned();
    let mut response = next.call(request).await?;
    if app.is_some_and(|app| app.config.is_secure()) {
        response.headers_mut().insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static(A_YEAR));
    }
    let closes = response.response().head().connection_type() == ConnectionType::Close;
    if let Some(facts) = facts.filter(|_| closes) {
        facts.last_answer();
    }
    Ok(response.map_body(|_, body| Answer { body, _under_way: under_way }).map_into_left_body())
}

/// Names the host where everything else looks for it, and says that there is a body of unknown length.
fn as_http_1(request: &mut ServiceRequest) {
    let host = request.uri().authority().and_then(|host| HeaderValue::from_str(host.as_str()).ok());
    if let Some(host) = host {
        request.headers_mut().insert(HOST, host);
    }
    if !request.method().is_safe() && !request.headers().contains_key(CONTENT_LENGTH) {
        request.headers_mut().insert(TRANSFER_ENCODING, HeaderValue::from_static("chunked"));
    }
}

fn patient(payload: Payload) -> impl Stream<Item = Result<web::Bytes, PayloadError>> {
    stream::unfold(Some(payload), async |payload| {
        let mut payload = payload?;
        match timeout(BODY, payload.next()).await {
            Ok(part) => part.map(|part| (part, Some(payload))),
            Err(_) => Some((Err(PayloadError::Io(ErrorKind::TimedOut.into())), None)),
        }
    })
}

pin_project! {
    /// The body of an answer. When it is dropped, the request is no longer under way.
    struct Answer<B> {
        #[pin]
        body: B,
        _under_way: Option<UnderWay>,
    }
}

impl<B: MessageBody> MessageBody for Answer<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<web::Bytes, B::Error>>> {
        self.project().body.poll_next(context)
    }
}
