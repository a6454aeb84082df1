//! What is between a server and the object store that it uses: nothing, a wall, or a network that fails.

use bytes::Bytes;
use futures::{StreamExt, stream};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::header::CONTENT_LENGTH;
use hyper::service::service_fn;
use hyper::{Request, Response, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};

/// What happens to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is answered with this, and not passed on.
    Status(u16),
    /// The answer breaks off in its middle.
    Reset,
    /// The answer has half of its bytes and says that these are all.
    Short,
    /// It is done, and the answer is lost.
    Lost,
    /// The answer comes at 1 KB in a second.
    Slow,
}

type Body = UnsyncBoxBody<Bytes, io::Error>;

struct State {
    to: String,
    client: Client<HttpConnector, Full<Bytes>>,
    open: AtomicBool,
    fault: Mutex<Option<(Fault, u64)>>,
    requests: AtomicU64,
}

pub(crate) struct Gate {
    address: String,
    state: Arc<State>,
}

impl Gate {
    /// A gate before the server at this address.
    pub(crate) async fn before(to: String) -> anyhow::Result<Gate> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?.to_string();
        let state = Arc::new(State {
            to,
            client: Client::builder(TokioExecutor::new()).build_http(),
            open: AtomicBool::new(true),
            fault: Mutex::default(),
            requests: AtomicU64::default(),
        });
        tokio::spawn(pass(listener, state.clone()));
        Ok(Gate { address, state })
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn set_open(&self, open: bool) {
        self.state.open.store(open, Ordering::SeqCst);
    }

    pub(crate) fn set_fault(&self, fault: Option<(Fault, u64)>) {
        *self.state.fault.lock().unwrap_or_else(PoisonError::into_inner) = fault;
    }
}

async fn pass(listener: TcpListener, state: Arc<State>) {
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(connection(stream, state.clone()));
    }
}

async fn connection(stream: TcpStream, state: Arc<State>) {
    let closed = async {
        while state.open.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let service = service_fn(|request| forward(request, &state));
    let serving = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // What is under way is cut, as by a network that fails.
    tokio::select! { () = closed => {}, _ = serving => {} }
}

async fn forward(request: Request<Incoming>, state: &State) -> Result<Response<Body>, io::Error> {
    let number = state.requests.fetch_add(1, Ordering::SeqCst);
    let fault = *state.fault.lock().unwrap_or_else(PoisonError::into_inner);
    let fault = fault.filter(|(_, every)| number.is_multiple_of(*every)).map(|(fault, _)| fault);
    let (mut head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    if let Some(Fault::Status(status)) = fault {
        let answer = Response::builder().status(status).body(whole(Bytes::new()));
        return answer.map_err(io::Error::other);
    }
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
    head.uri = format!("http://{}{path}", state.to).parse::<Uri>().map_err(io::Error::other)?;
    let answer = state.client.request(Request::from_parts(head, Full::new(body))).await;
    let (mut head, body) = answer.map_err(io::Error::other)?.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let half = body.slice(..body.len() / 2);
    let body = match fault {
        Some(Fault::Lost) => return Err(io::ErrorKind::ConnectionReset.into()),
        Some(Fault::Reset) => broken(half),
        Some(Fault::Short) if head.status.is_success() && !half.is_empty() => {
            head.headers.remove(CONTENT_LENGTH);
            whole(half)
        }
        Some(Fault::Slow) => slow(body),
        _ => whole(body),
    };
    Ok(Response::from_parts(head, body))
}

fn whole(bytes: Bytes) -> Body {
    Full::new(bytes).map_err(io::Error::other).boxed_unsync()
}

fn broken(bytes: Bytes) -> Body {
    let frames = [Ok(Frame::data(bytes)), Err(io::ErrorKind::ConnectionReset.into())];
    StreamBody::new(stream::iter(frames)).boxed_unsync()
}

fn slow(bytes: Bytes) -> Body {
    let pieces: Vec<_> = bytes.chunks(1024).map(Bytes::copy_from_slice).collect();
    let frames = stream::iter(pieces).then(async |piece| {
        tokio::time::sleep(Duration::from_secs(1)).await;
        Ok(Frame::data(piece))
    });
    StreamBody::new(Box::pin(frames)).boxed_unsync()
}
