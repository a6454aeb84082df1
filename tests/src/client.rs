//! A browser as far as the API is concerned: a cookie, and where its requests come from.

use crate::Answer;
use atelier_api::account::{Me, SignIn};
use atelier_api::call::{Call, Method};
use atelier_api::calls;
use reqwest::RequestBuilder;
use reqwest::header::{CONTENT_TYPE, COOKIE, HOST, IF_MATCH, SET_COOKIE};
use serde::de::DeserializeOwned;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Everybody's password in the tests.
pub const PASSWORD: &str = "violet-kettle-orbit-93-mangrove";

/// A reply that takes longer is a fault.
const LIMIT: Duration = Duration::from_secs(30);

/// Clones share the cookie, as tabs of one browser do.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    server: SocketAddr,
    /// With the port.
    host: String,
    cookie: Arc<Mutex<Option<String>>>,
    /// An access token.
    token: Option<String>,
    /// Whether it says that its requests come from our page, as a browser does.
    browser: bool,
}

impl Client {
    /// A browser for the server on this port of this machine.
    pub fn new(port: u16) -> Client {
        Client::at(SocketAddr::from((Ipv4Addr::LOCALHOST, port)), None)
    }

    /// A program that is no browser.
    pub(crate) fn program(port: u16) -> Client {
        Client { browser: false, ..Client::new(port) }
    }

    fn at(server: SocketAddr, from: Option<IpAddr>) -> Client {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .local_address(from)
            .timeout(LIMIT)
            .build()
            .unwrap_or_else(|error| panic!("no HTTP client: {error}"));
        Client {
            http,
            server,
            host: format!("atelier.localhost:{}", server.port()),
            cookie: Arc::default(),
            token: None,
            browser: true,
        }
    }

    /// Another browser, that nobody has signed in with.
    pub fn fresh(&self) -> Client {
        Client { cookie: Arc::default(), token: None, ..self.clone() }
    }

    /// A program outside that has this access token.
    pub fn with_token(&self, token: &str) -> Client {
        Client { token: Some(token.to_owned()), ..self.fresh() }
    }

    /// The same browser on another host of the server's, without cookies there.
    pub fn on_host(&self, host: &str) -> Client {
        Client { host: host.to_owned(), ..self.fresh() }
    }

    /// The same browser on another port of the server's, without cookies.
    pub fn on_port(&self, port: u16) -> Client {
        let server = SocketAddr::new(self.server.ip(), port);
        Client { server, host: format!("atelier.localhost:{port}"), ..self.fresh() }
    }

    /// Another browser on another machine: `127.0.0.<n>`. Attempts are counted by address.
    pub fn elsewhere(&self, n: u16) -> Client {
        let [high, low] = n.to_be_bytes();
        Client::at(self.server, Some(Ipv4Addr::new(127, 0, high, low).into()))
    }

    /// With the port.
    pub fn host(&self) -> &str {
        &self.host
    }

    pub fn server(&self) -> SocketAddr {
        self.server
    }

    /// The cookie as it is sent: `name=value`.
    pub fn cookie(&self) -> Option<String> {
        self.cookie.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn set_cookie(&self, cookie: Option<String>) {
        *self.cookie.lock().unwrap_or_else(PoisonError::into_inner) = cookie;
    }

    /// A request to the application with cookie and token and nothing that says where it comes from.
    pub fn bare(&self, method: &str, path: &str) -> RequestBuilder {
        let method = reqwest::Method::from_bytes(method.as_bytes())
            .unwrap_or_else(|error| panic!("{method}: {error}"));
        let request =
            self.http.request(method, format!("http://{}{path}", self.server)).header(HOST, &self.host);
        let request = match self.cookie() {
            Some(cookie) => request.header(COOKIE, cookie),
            None => request,
        };
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// A request as the application's own page makes it, or a program.
    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let request = self.bare(method, path);
        if self.browser && self.token.is_none() {
            request.header("sec-fetch-site", "same-origin")
        } else {
            request
        }
    }

    /// Sends a call of the API.
    pub async fn send<T: DeserializeOwned>(&self, call: Call<T>) -> Answer<T> {
        let mut request = self.request(call.method.as_str(), &call.path);
        if let Some(tag) = call.if_match {
            request = request.header(IF_MATCH, tag);
        }
        if let Some(body) = call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        self.run(request).await
    }

    /// Sends a call to a server that may be gone, or go meanwhile: then there is no answer.
    pub async fn attempt<T: DeserializeOwned>(&self, call: Call<T>) -> Option<Answer<T>> {
        let mut request = self.request(call.method.as_str(), &call.path);
        if let Some(body) = call.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body);
        }
        let response = request.send().await.ok()?;
        Answer::read(format!("{} {}", call.method.as_str(), call.path), response).await.ok()
    }

    /// Sends a call with a body of one's own, well-formed or not.
    pub async fn send_json<T>(&self, call: Call<T>, body: &serde_json::Value) -> Answer<T> {
        let request = self.request(call.method.as_str(), &call.path);
        self.run(request.header(CONTENT_TYPE, "application/json").body(body.to_string())).await
    }

    /// Reads a page or file.
    pub async fn get(&self, path: &str) -> Answer {
        self.run(self.request(Method::Get.as_str(), path)).await
    }

    /// Sends any request. Keeps the cookie that comes back.
    pub async fn run<T>(&self, request: RequestBuilder) -> Answer<T> {
        let (name, response) = self.begin(request).await;
        let answer = Answer::read(name.clone(), response).await;
        answer.unwrap_or_else(|error| panic!("{name}: the answer was cut off: {error:?}"))
    }

    /// Sends a request and leaves its answer to be read as it comes.
    pub async fn begin(&self, request: RequestBuilder) -> (String, reqwest::Response) {
        let request = request.build().unwrap_or_else(|error| panic!("no request: {error}"));
        let name = format!("{} {}", request.method(), request.url().path());
        let response = self.http.execute(request).await;
        let response = response.unwrap_or_else(|error| panic!("{name}: no answer: {error:?}"));
        if let Some(set) = response.headers().get(SET_COOKIE).and_then(|value| value.to_str().ok()) {
            let pair = set.split(';').next().unwrap_or_default();
            self.set_cookie((!pair.ends_with('=')).then(|| pair.to_owned()));
        }
        (name, response)
    }

    /// The bytes of an answer as far as they come, and whether it ends well. A server's error is one that has none.
    pub async fn read(&self, request: RequestBuilder) -> (Vec<u8>, bool) {
        let (name, mut response) = self.begin(request).await;
        let status = response.status();
        assert!(status.is_success() || status.is_server_error(), "{name}: {status}");
        let mut came = Vec::new();
        while status.is_success() {
            match response.chunk().await {
                Ok(Some(piece)) => came.extend_from_slice(&piece),
                Ok(None) => return (came, true),
                Err(_) => break,
            }
        }
        (came, false)
    }

    /// Signs in with everybody's password.
    pub async fn sign_in(&self, email: &str) -> Answer<Me> {
        self.sign_in_with(email, PASSWORD).await
    }

    pub async fn sign_in_with(&self, email: &str, password: &str) -> Answer<Me> {
        self.send(calls::sign_in(&SignIn {
            email: email.to_owned(),
            password: password.to_owned(),
            invitation: None,
        }))
        .await
    }
}
