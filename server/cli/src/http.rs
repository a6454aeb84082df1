//! One request over the network. hyper, rustls with ring, the certificates that this machine trusts.

use crate::error::Error;
use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{HeaderName, HeaderValue};
use hyper::{Request, Response, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use std::time::Duration;
use tokio::time::timeout;

const CONNECT: Duration = Duration::from_secs(10);
/// Until an answer begins, the whole request being sent before: a large commit takes its time.
const ANSWER: Duration = Duration::from_secs(300);
/// Until more of an answer comes.
const MORE: Duration = Duration::from_secs(30);
/// Connections that did nothing for so long are not used again: the server may have closed them.
const IDLE: Duration = Duration::from_secs(20);
/// Answers that are read whole are lists in pages.
const ANSWER_BYTES: usize = 64 << 20;

/// A server, and connections to it.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    client: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    /// Where to connect to, with the scheme.
    origin: String,
    /// The name of the server in requests.
    host: HeaderValue,
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) struct NoAnswer {
    /// The request cannot have reached the server.
    pub(crate) unsent: bool,
    pub(crate) cause: String,
}

impl Http {
    pub(crate) fn new(server: &str) -> Result<Http, Error> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(CONNECT));
        let tls = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(rustls::crypto::ring::default_provider())
            .map_err(Error::here("the CA certificates of this machine cannot be read"))?;
        let https = tls.https_or_http().enable_http1().wrap_connector(tcp);
        let mut client = Client::builder(TokioExecutor::new());
        client.pool_timer(TokioTimer::new()).pool_idle_timeout(IDLE);
        let host = server.split_once("://").map_or(server, |(_, host)| host);
        let value =
            HeaderValue::from_str(host).map_err(|_| Error::Usage(format!("{server} is no address")))?;
        Ok(Http { client: client.build(https), origin: reachable(server, host), host: value })
    }

    /// Sends a request and gives the beginning of the answer, whatever it is.
    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(HeaderName, HeaderValue)],
        body: Bytes,
    ) -> Result<Response<Incoming>, NoAnswer> {
        let uri: Result<Uri, _> = format!("{}{path}", self.origin).parse();
        let sent = |cause: String| NoAnswer { unsent: false, cause };
        let mut request = Request::new(Full::new(body));
        *request.uri_mut() = uri.map_err(|error| sent(error.to_string()))?;
        *request.method_mut() = method.parse().map_err(|_| sent(format!("{method} is no method")))?;
        request.headers_mut().insert(hyper::header::HOST, self.host.clone());
        request.headers_mut().extend(headers.iter().cloned());
        match timeout(ANSWER, self.client.request(request)).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(NoAnswer { unsent: error.is_connect(), cause: causes(&error) }),
            Err(_) => Err(sent(format!("no answer within {} seconds", ANSWER.as_secs()))),
        }
    }
}

/// The next bytes of an answer; none at its end.
pub(crate) async fn more(body: &mut Incoming) -> Result<Option<Bytes>, String> {
    loop {
        match timeout(MORE, body.frame()).await {
            Ok(None) => return Ok(None),
            Ok(Some(Ok(frame))) => {
                if let Ok(bytes) = frame.into_data() {
                    return Ok(Some(bytes));
                }
            }
            Ok(Some(Err(error))) => return Err(causes(&error)),
            Err(_) => return Err(format!("nothing more came within {} seconds", MORE.as_secs())),
        }
    }
}

/// All of an answer that is no file.
pub(crate) async fn whole(body: Incoming) -> Result<Bytes, String> {
    match timeout(ANSWER, Limited::new(body, ANSWER_BYTES).collect()).await {
        Ok(Ok(whole)) => Ok(whole.to_bytes()),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("the answer broke off".to_owned()),
    }
}

/// Names below `localhost` are this machine, which many resolvers do not know.
fn reachable(server: &str, host: &str) -> String {
    let (name, port) = host.rsplit_once(':').unwrap_or((host, "80"));
    if server.starts_with("http://") && name.ends_with(".localhost") {
        format!("http://127.0.0.1:{port}")
    } else {
        server.to_owned()
    }
}

fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!(": {cause}"));
        source = cause.source();
    }
    text
}
